//! `Gather`: when input ends, what is delivered, and what happens without any.

use cloudonix_sim::{EmptyDigits, People, Switches, Transcript};

use crate::stage::{played, played_with, reads};

/// A `Gather` with these attributes and prompts, and a verb behind it.
async fn gathered(attributes: &str, prompts: &str, people: People) -> Transcript {
    gathered_with(attributes, prompts, people, Switches::default()).await
}

async fn gathered_with(attributes: &str, prompts: &str, people: People, switches: Switches) -> Transcript {
    let document = format!("<Gather action='/input' {attributes}>{prompts}</Gather><Say>Nothing.</Say>");
    played_with(&[("/voice", &document), ("/input", "<Hangup/>")], people, switches).await
}

/// What the action was told, if it was asked.
fn told<'a>(transcript: &'a Transcript, name: &str) -> Option<&'a str> {
    transcript.requests.get(1)?.parameters.get(name)?.as_str()
}

#[tokio::test]
async fn num_digits_ends_the_input_at_once() {
    reads(
        &gathered("numDigits='2'", "<Say>Code?</Say>", People::new().presses("123")).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 hears: “Code?”
         00:02 presses 12
         00:02 presses 3, and nobody listens
         00:02 → POST /input (Digits=12)
         00:02 ← Hangup
         00:02 the application hangs up
         00:02 call ends: completed, SIP 200, disposition ANSWER, billed 3 s",
    );
}

#[tokio::test]
async fn the_finish_key_ends_the_input_and_is_not_delivered() {
    let transcript = gathered("", "", People::new().presses("12#4")).await;
    assert_eq!(told(&transcript, "Digits"), Some("12"));
    let transcript = gathered("finishOnKey='*'", "", People::new().presses("1#*4")).await;
    assert_eq!(told(&transcript, "Digits"), Some("1#"));
}

#[tokio::test]
async fn an_empty_finish_key_delivers_every_key() {
    let transcript = gathered("finishOnKey=''", "", People::new().presses("12#*")).await;
    assert_eq!(told(&transcript, "Digits"), Some("12#*"));
    assert_eq!(transcript.end.duration.as_millis(), 2500 + 5000, "until the time-out after the last key");
}

#[tokio::test]
async fn the_finish_key_alone_is_no_input() {
    let transcript = gathered("", "", People::new().presses("#")).await;
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Nothing."]);
}

#[tokio::test]
async fn keys_that_come_too_late_are_not_part_of_the_input() {
    reads(
        &gathered("timeout='3'", "", People::new().presses_slowly("123", 3)).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:01 presses 1
         00:04 presses 2
         00:07 presses 3
         00:07 stays silent for 3 s
         00:10 → POST /input (Digits=123)
         00:10 ← Hangup
         00:10 the application hangs up
         00:10 call ends: completed, SIP 200, disposition ANSWER, billed 10 s",
    );
    reads(
        &gathered("timeout='2'", "", People::new().presses_slowly("123", 3)).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:01 presses 1
         00:01 stays silent for 2 s
         00:03 presses 23, and nobody listens
         00:03 → POST /input (Digits=1)
         00:03 ← Hangup
         00:03 the application hangs up
         00:03 call ends: completed, SIP 200, disposition ANSWER, billed 3 s",
    );
}

#[tokio::test]
async fn the_first_key_has_a_time_of_its_own_that_starts_behind_the_prompts() {
    let prompt = "<Pause length='10'/>";
    let transcript = gathered("maxTimeout='4'", prompt, People::new().presses_after(14, "7")).await;
    assert_eq!(told(&transcript, "Digits"), Some("7"));
    let transcript = gathered("maxTimeout='4'", prompt, People::new().presses_after(15, "7")).await;
    reads(
        &transcript,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 waits 10 s
         00:10 stays silent for 4 s
         00:14 presses 7, and nobody listens
         00:14 hears: “Nothing.”
         00:15 the document ends
         00:15 call ends: completed, SIP 200, disposition ANSWER, billed 15 s",
    );
}

#[tokio::test]
async fn without_input_the_next_verb_runs_after_half_a_minute() {
    reads(
        &gathered("", "<Say>Code?</Say>", People::new()).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 hears: “Code?”
         00:01 stays silent for 30 s
         00:31 hears: “Nothing.”
         00:32 the document ends
         00:32 call ends: completed, SIP 200, disposition ANSWER, billed 32 s",
    );
}

#[tokio::test]
async fn action_on_empty_result_is_asked_anyway() {
    let attributes = "actionOnEmptyResult='true' maxTimeout='3'";
    let transcript = gathered(attributes, "", People::new().stays_silent()).await;
    assert_eq!((transcript.requests.len(), told(&transcript, "Digits")), (2, Some("")));
    let switches = Switches { empty_digits: EmptyDigits::Absent, ..Switches::default() };
    let transcript = gathered_with(attributes, "", People::new(), switches).await;
    assert_eq!((transcript.requests.len(), told(&transcript, "Digits")), (2, None));
}

#[tokio::test]
async fn input_stops_the_prompts() {
    let prompts = "<Play>long.mp3</Play><Say>Never heard.</Say>";
    reads(
        &gathered("numDigits='1'", prompts, People::new().presses_after(2, "5")).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 hears: audio long.mp3
         00:02 presses 5
         00:02 → POST /input (Digits=5)
         00:02 ← Hangup
         00:02 the application hangs up
         00:02 call ends: completed, SIP 200, disposition ANSWER, billed 2 s",
    );
}

#[tokio::test]
async fn prompts_that_are_not_interruptible_are_heard_to_the_end() {
    let attributes = "numDigits='1' interruptible='false' maxTimeout='3'";
    let people = People::new().presses_after(2, "5");
    let kept = gathered(attributes, "<Play>long.mp3</Play>", people.clone()).await;
    assert_eq!((told(&kept, "Digits"), kept.end.billed), (Some("5"), 5));
    let switches = Switches { keep_early_keys: false, ..Switches::default() };
    let lost = gathered_with(attributes, "<Play>long.mp3</Play>", people, switches).await;
    reads(
        &lost,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 hears: audio long.mp3
         00:05 presses 5, and nobody listens
         00:05 stays silent for 3 s
         00:08 hears: “Nothing.”
         00:09 the document ends
         00:09 call ends: completed, SIP 200, disposition ANSWER, billed 9 s",
    );
}

#[tokio::test]
async fn a_caller_hears_an_endless_prompt_once_before_pressing() {
    let transcript = gathered("numDigits='1'", "<Play loop='0'>music.mp3</Play>", People::new().presses("1")).await;
    assert_eq!((told(&transcript, "Digits"), transcript.end.billed), (Some("1"), 6));
}

#[tokio::test]
async fn the_whole_verb_has_a_longest_duration() {
    let transcript = gathered("maxDuration='20'", "<Play loop='0'>music.mp3</Play>", People::new()).await;
    assert_eq!(transcript.end.billed, 21, "and a second for what follows");
    let slow = People::new().presses_slowly("1234", 4);
    let transcript = gathered("maxDuration='6'", "", slow).await;
    assert_eq!((told(&transcript, "Digits"), transcript.end.billed), (Some("12"), 6));
}

#[tokio::test]
async fn speech_counts_where_it_is_asked_for() {
    let people = People::new().says("I want to speak to somebody in sales");
    reads(
        &gathered("input='dtmf speech'", "<Say>Yes?</Say>", people.clone()).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 hears: “Yes?”
         00:02 says: “I want to speak to somebody in sales”
         00:06 → POST /input (SpeechResult=I want to speak to somebody in sales)
         00:06 ← Hangup
         00:06 the application hangs up
         00:06 call ends: completed, SIP 200, disposition ANSWER, billed 6 s",
    );
    let transcript = gathered("input='speech' speechTimeout='4'", "", people.clone()).await;
    assert_eq!(transcript.end.billed, 1 + 3 + 4);
    let transcript = gathered("maxTimeout='5'", "", people).await;
    assert!(transcript.to_string().contains("in sales”, and nobody listens"));
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Nothing."]);
}

#[tokio::test]
async fn keys_do_not_count_where_only_speech_is_asked_for() {
    let transcript = gathered("input='speech' maxTimeout='2'", "", People::new().presses("1")).await;
    assert!(transcript.to_string().contains("presses 1, and nobody listens"));
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Nothing."]);
}

#[tokio::test]
async fn without_an_action_the_document_itself_is_asked_again() {
    let document = "<Gather numDigits='1' maxTimeout='2'/>";
    let transcript = played(&[("/voice", document)], People::new().presses("1")).await;
    assert_eq!((transcript.requests.len(), told(&transcript, "Digits")), (2, Some("1")));
    assert!(transcript.requests.iter().all(|request| request.url.ends_with("/voice")));
}

#[tokio::test]
async fn each_gather_takes_the_next_entry_of_the_script() {
    let documents = [
        ("/voice", "<Gather action='/two' numDigits='1'/>"),
        ("/two", "<Gather action='/three' numDigits='1' maxTimeout='3'/><Gather action='/three' method='GET'/>"),
        ("/three", "<Hangup/>"),
    ];
    let people = People::new().presses("1").stays_silent().presses("22");
    let transcript = played(&documents, people).await;
    assert_eq!(told(&transcript, "Digits"), Some("1"));
    assert_eq!(transcript.requests[2].parameters["Digits"], "22");
    assert_eq!(transcript.requests[2].method, "GET");
}

#[tokio::test]
async fn a_caller_hangs_up_while_the_application_listens() {
    reads(
        &gathered("", "<Say>Code?</Say>", People::new().hangs_up_after(6)).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:00 hears: “Code?”
         00:01 stays silent for 5 s
         00:06 hangs up
         00:06 call ends: completed, SIP 200, disposition ANSWER, billed 6 s",
    );
    let typing = People::new().presses_slowly("123", 2).hangs_up_at(4);
    reads(
        &gathered("", "", typing).await,
        "00:00 ← Gather, Say
         00:00 is answered
         00:01 presses 1
         00:03 presses 2
         00:04 hangs up
         00:04 call ends: completed, SIP 200, disposition ANSWER, billed 4 s",
    );
}

#[tokio::test]
async fn whether_it_answers_is_a_switch() {
    let switches = Switches { media_answers: false, ..Switches::default() };
    let transcript = gathered_with("maxTimeout='1'", "<Pause/>", People::new().hangs_up_at(1), switches).await;
    assert_eq!((transcript.end.answered, transcript.end.sip), (false, 487));
}
