//! Streams, supervisors and agents.

use cloudonix_sim::People;

use crate::stage::{heard, played, reads};

#[tokio::test]
async fn connect_waits_for_the_stream_and_asks_its_action() {
    let documents = [
        ("/voice", "<Connect action='/after'><Stream url='wss://agent.example/a' statusCallback='/told'/></Connect>"),
        ("/after", "<Hangup/>"),
        ("/told", ""),
    ];
    reads(
        &played(&documents, People::new().streams_last(25)).await,
        "00:00 ← Connect
         00:00 is answered
         00:00 is connected to wss://agent.example/a
         00:00 → POST /told (StreamEvent=stream-started), about the stream
         00:25 the stream ends
         00:25 → POST /told (StreamEvent=stream-stopped), about the stream
         00:25 → POST /after
         00:25 ← Hangup
         00:25 the application hangs up
         00:25 call ends: completed, SIP 200, disposition ANSWER, billed 25 s",
    );
    let document = "<Connect><Stream url='wss://agent.example/a'/></Connect><Say>Back.</Say>";
    assert_eq!(heard(document, People::new()).await.heard().collect::<Vec<_>>(), ["Back."]);
}

#[tokio::test]
async fn start_goes_on_at_once_and_stop_ignores_what_it_does_not_know() {
    let stream = "<Start><Stream url='wss://tap.example' name='tap'/></Start>";
    let document =
        format!("{stream}{stream}<Pause/><Stop><Stream name='tap'/></Stop><Stop><Stream name='tap'/></Stop>");
    reads(
        &heard(&document, People::new()).await,
        "00:00 ← Start, Start, Pause, Stop, Stop
         00:00 a stream tap to wss://tap.example starts
         00:00 waits 1 s
         00:01 the stream tap ends
         00:01 there is no stream tap to stop
         00:01 the document ends
         00:01 call ends: no answer, SIP 480, disposition NOANSWER, billed 0 s",
    );
}

#[tokio::test]
async fn a_stream_without_an_address_stops_the_application() {
    let end = heard("<Connect><Stream/></Connect>", People::new()).await.end;
    assert!(end.last_error.unwrap().contains("lacks its attribute `url`"));
}

#[tokio::test]
async fn coaching_ends_at_a_key_or_with_the_session() {
    let document = "<Coach policy='listen' finishOnKey='#'>0f3c</Coach>";
    reads(
        &heard(document, People::new().presses("1#")).await,
        "00:00 ← Coach
         00:00 is answered
         00:00 joins the session 0f3c (listen)
         00:01 presses 1, and nobody listens
         00:01 presses #
         00:01 leaves that session
         00:01 the document ends
         00:01 call ends: completed, SIP 200, disposition ANSWER, billed 2 s",
    );
    assert_eq!(heard(document, People::new()).await.end.billed, 30);
    assert_eq!(heard(document, People::new().hangs_up_after(7)).await.end.billed, 7);
}

#[tokio::test]
async fn a_conversation_with_an_agent_takes_its_time() {
    let documents = [
        ("/voice", "<Converse model='openai:gpt-4o-mini' statusCallback='/told'><System>Be kind.</System></Converse>"),
        ("/told", ""),
    ];
    reads(
        &played(&documents, People::new()).await,
        "00:00 ← Converse
         00:00 is answered
         00:00 talks to an agent (openai:gpt-4o-mini)
         00:00 → POST /told (StatusCallbackEvent=in-progress), about the conversation
         00:10 the agent is done
         00:10 → POST /told (StatusCallbackEvent=completed), about the conversation
         00:10 the document ends
         00:10 call ends: completed, SIP 200, disposition ANSWER, billed 10 s",
    );
}
