//! `Dial` to people: who answers, what the application is told, and what goes on afterwards.

use cloudonix_sim::{Callee, DialStatus, Disposition, People, SessionStatus, Switches, Transcript, Why};
use cxml::Key;

use crate::stage::{heard, played_with, reads};

async fn dialled(dial: &str, people: People) -> Transcript {
    dialled_with(dial, people, Switches::default()).await
}

/// A dial and a verb behind it. The action is `/after`, if the dial has one.
async fn dialled_with(dial: &str, people: People, switches: Switches) -> Transcript {
    let document = format!("{dial}<Say answer='false'>Behind.</Say>");
    played_with(&[("/voice", &document), ("/after", "<Hangup/>"), ("/told", "")], people, switches).await
}

/// The two parameters of the result, if the action was asked.
fn result(transcript: &Transcript) -> Option<(&str, &str)> {
    let request = transcript.requests.iter().find(|request| request.why == Why::DialAction)?;
    Some((request.parameters["CallStatus"].as_str()?, request.parameters["DialCallStatus"].as_str()?))
}

const GROUP: &str = "<Dial timeout='20' action='/after'><Number>1001</Number><Number>1002</Number></Dial>";

#[tokio::test]
async fn the_first_who_answers_gets_the_call() {
    let people = People::new()
        .callee("1001", Callee::answers_after(5).talks(10))
        .callee("1002", Callee::answers_after(2).talks(20));
    reads(
        &dialled(GROUP, people).await,
        "00:00 ← Dial, Say
         00:00 rings 1001, 1002 for 20 s
         00:02 1002 answers
         00:02 is answered
         00:22 1002 hangs up
         00:22 the dial ends: completed
         00:22 → POST /after (CallStatus=completed, DialCallStatus=completed)
         00:22 ← Hangup
         00:22 the application hangs up
         00:22 call ends: completed, SIP 200, disposition ANSWER, billed 20 s",
    );
}

#[tokio::test]
async fn of_two_at_once_the_first_in_the_document_gets_it() {
    let people = People::new().everyone_else(Callee::answers_after(4));
    assert_eq!(dialled(GROUP, people).await.answered().collect::<Vec<_>>(), ["1001"]);
}

#[tokio::test]
async fn nobody_answers_in_time() {
    let people = People::new().callee("1001", Callee::busy()).callee("1002", Callee::answers_after(20));
    let transcript = dialled(GROUP, people).await;
    reads(
        &transcript,
        "00:00 ← Dial, Say
         00:00 rings 1001, 1002 for 20 s
         00:01 1001 is busy
         00:20 nobody answers within 20 s
         00:20 the dial ends: no-answer
         00:20 → POST /after (CallStatus=no-answer, DialCallStatus=no-answer)
         00:20 ← Hangup
         00:20 the application hangs up
         00:20 call ends: completed, SIP 200, disposition ANSWER, billed 0 s",
    );
}

#[tokio::test]
async fn the_ringing_ends_when_nobody_is_left() {
    let declines = Callee::declines_after(6);
    let cases = [
        (Callee::busy(), Callee::busy(), 1, "busy"),
        (Callee::busy(), Callee::unreachable(), 1, "busy"),
        (Callee::unreachable(), Callee::unreachable(), 0, "failed"),
        (declines.clone(), Callee::unreachable(), 6, "busy"),
    ];
    for (first, second, seconds, status) in cases {
        let people = People::new().callee("1001", first).callee("1002", second);
        let transcript = dialled(GROUP, people).await;
        assert_eq!(result(&transcript), Some((status, status)));
        assert_eq!(transcript.end.duration.begun_seconds(), seconds, "{transcript}");
    }
}

#[tokio::test]
async fn words_of_the_result_are_switches() {
    let switches = Switches {
        declined: DialStatus::NoAnswer,
        unreachable: DialStatus::Canceled,
        talked: DialStatus::Answered,
        dial_details: true,
        ..Switches::default()
    };
    for (callee, status) in [
        (Callee::declines_after(2), "no-answer"),
        (Callee::unreachable(), "canceled"),
        (Callee::answers_after(2).talks(7), "answered"),
    ] {
        let people = People::new().everyone_else(callee);
        let transcript = dialled_with("<Dial action='/after'>1001</Dial>", people, switches.clone()).await;
        assert_eq!(result(&transcript), Some((status, status)));
        let told = &transcript.requests[1].parameters;
        assert_eq!(told["DialCallDuration"], if status == "answered" { "7" } else { "0" });
    }
}

#[tokio::test]
async fn without_an_action_the_next_verb_runs() {
    for callee in [Callee::no_answer(), Callee::busy(), Callee::answers_after(1)] {
        let transcript = dialled("<Dial>1001</Dial>", People::new().everyone_else(callee)).await;
        assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Behind."]);
        assert_eq!(transcript.requests.len(), 1);
    }
}

#[tokio::test]
async fn a_call_that_nobody_answered_ends_as_its_last_dial() {
    for (callee, status, sip, disposition) in [
        (Callee::no_answer(), SessionStatus::NoAnswer, 480, Disposition::NoAnswer),
        (Callee::busy(), SessionStatus::Busy, 486, Disposition::Busy),
        (Callee::unreachable(), SessionStatus::Failed, 500, Disposition::Failed),
    ] {
        let end = heard("<Dial>1001</Dial>", People::new().everyone_else(callee)).await.end;
        assert_eq!((end.status, end.sip, end.disposition, end.billed), (status, sip, disposition, 0));
    }
}

#[tokio::test]
async fn without_a_timeout_it_rings_for_the_domains_time() {
    let transcript = dialled("<Dial>1001</Dial>", People::new()).await;
    assert!(transcript.to_string().contains("01:00 nobody answers within 60 s"));
    let switches = Switches { ring_timeout: 30, ..Switches::default() };
    let transcript = dialled_with("<Dial>1001</Dial>", People::new(), switches).await;
    assert!(transcript.to_string().contains("00:30 nobody answers within 30 s"));
}

#[tokio::test]
async fn a_conversation_has_a_longest_time() {
    let people = People::new().everyone_else(Callee::answers_after(1).talks(100));
    let transcript = dialled("<Dial timeLimit='30' action='/after'>1001</Dial>", people).await;
    assert!(transcript.to_string().contains("00:31 1001 is cut off after 30 s"));
    assert_eq!(result(&transcript), Some(("completed", "completed")));
    assert_eq!(transcript.end.billed, 30);
}

#[tokio::test]
async fn a_key_of_the_caller_ends_the_conversation() {
    let star = People::new().everyone_else(Callee::answers_after(1).talks_until_caller_presses(9, Key::STAR));
    for dial in ["<Dial hangupOnStar='true' action='/after'>1</Dial>", "<Dial hangupOn='*0' action='/after'>1</Dial>"] {
        let transcript = dialled(dial, star.clone()).await;
        assert!(transcript.to_string().contains("00:10 presses *, which ends the conversation"));
        assert_eq!(result(&transcript), Some(("completed", "completed")));
    }
    reads(
        &dialled("<Dial>1</Dial>", star).await,
        "00:00 ← Dial, Say
         00:00 rings 1 for 60 s
         00:01 1 answers
         00:01 is answered
         00:10 presses *, and nobody listens
         00:19 1 hangs up
         00:19 the dial ends: completed
         00:19 hears: “Behind.”
         00:20 the document ends
         00:20 call ends: completed, SIP 200, disposition ANSWER, billed 19 s",
    );
}

#[tokio::test]
async fn a_caller_who_gives_up_ringing_is_canceled() {
    let people = People::new().gives_up_ringing_after(8);
    reads(
        &dialled(GROUP, people.clone()).await,
        "00:00 ← Dial, Say
         00:00 rings 1001, 1002 for 20 s
         00:08 hangs up
         00:08 the dial ends: canceled
         00:08 call ends: canceled, SIP 487, disposition CANCEL, billed 0 s",
    );
    let switches = Switches { action_after_hangup: true, ..Switches::default() };
    reads(
        &dialled_with(GROUP, people, switches).await,
        "00:00 ← Dial, Say
         00:00 rings 1001, 1002 for 20 s
         00:08 hangs up
         00:08 the dial ends: canceled
         00:08 → POST /after (CallStatus=canceled, DialCallStatus=canceled), how it ended, after the call
         00:08 call ends: canceled, SIP 487, disposition CANCEL, billed 0 s",
    );
}

#[tokio::test]
async fn patience_with_ringing_is_not_patience_with_people() {
    let people = People::new().gives_up_ringing_after(8).everyone_else(Callee::answers_after(3).talks(40));
    assert_eq!(dialled(GROUP, people).await.end.billed, 40);
}

#[tokio::test]
async fn a_caller_who_hangs_up_ends_the_call() {
    let people = People::new().everyone_else(Callee::answers_after(3).talks_until_caller_hangs_up(12));
    reads(
        &dialled("<Dial action='/after'>1001</Dial>", people).await,
        "00:00 ← Dial, Say
         00:00 rings 1001 for 60 s
         00:03 1001 answers
         00:03 is answered
         00:15 hangs up
         00:15 the dial ends: completed
         00:15 call ends: completed, SIP 200, disposition ANSWER, billed 12 s",
    );
}

#[tokio::test]
async fn what_the_document_says_about_the_caller_and_the_way() {
    let dial = "<Dial callerId='+12125550100' callerName='Sales' trunks='east' headers='X-A=1'>\
                <Header name='X-B' value='2'/><Sip>sip:1001@acme.example</Sip></Dial>";
    let transcript = dialled(dial, People::new()).await;
    let line = "rings sip:1001@acme.example for 60 s as +12125550100 “Sales” over east (X-A=1, X-B=2)";
    assert!(transcript.to_string().contains(line), "{transcript}");
}

#[tokio::test]
async fn people_are_found_by_what_is_dialled() {
    for (dial, address) in [
        ("<Dial>+12125550100</Dial>", "+12125550100"),
        ("<Dial>+12125550100</Dial>", "12125550100"),
        ("<Dial>sip:1001@acme.example</Dial>", "sip:1001@acme.example"),
        ("<Dial>sip:1001@acme.example</Dial>", "1001@acme.example"),
        ("<Dial>1001@acme.example</Dial>", "sip:1001@acme.example"),
        ("<Dial><Sip>1001@acme.example;transport=tls</Sip></Dial>", "1001"),
        ("<Dial><Service provider='vapi'>agent-7</Service></Dial>", "agent-7"),
        ("<Dial><Service provider='vapi'>agent-7</Service></Dial>", "vapi:agent-7"),
    ] {
        let transcript = dialled(dial, People::new().callee(address, Callee::answers_after(1))).await;
        assert_eq!(transcript.answered().count(), 1, "{dial} by {address}");
    }
}

#[tokio::test]
async fn someone_may_behave_differently_the_second_time() {
    let people = People::new().callee("1001", Callee::busy()).callee("1001", Callee::answers_after(2));
    let transcript = heard("<Dial>1001</Dial><Dial>1001</Dial><Dial>1001</Dial>", people).await;
    let text = transcript.to_string();
    assert_eq!((text.matches("is busy").count(), text.matches("1001 answers").count()), (1, 2), "{text}");
}

#[tokio::test]
async fn a_dialled_call_is_recorded_if_the_document_says_so() {
    let dial = |record: &str| {
        format!("<Dial action='/after' timeout='9' record='{record}' recordingStatusCallback='/told'>1001</Dial>")
    };
    let told = |transcript: &Transcript| {
        let request = transcript.requests.iter().find(|request| request.why == Why::RecordingStatus)?;
        Some(request.parameters["RecordingDuration"].as_str()?.to_owned())
    };
    let people = People::new().everyone_else(Callee::answers_after(3).talks(40));
    assert_eq!(told(&dialled(&dial("record-from-answer"), people.clone()).await).as_deref(), Some("40"));
    assert_eq!(told(&dialled(&dial("record-from-ringing"), people).await).as_deref(), Some("43"));
    assert_eq!(told(&dialled(&dial("record-from-answer"), People::new()).await), None);
}
