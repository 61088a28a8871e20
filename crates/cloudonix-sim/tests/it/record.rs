//! `Record`: what ends it, and who is told.

use cloudonix_sim::{People, ReportTime, Switches, Transcript, Why};
use cxml::Key;

use crate::stage::{played, played_with, reads};

async fn recorded(attributes: &str, people: People) -> Transcript {
    recorded_with(attributes, people, Switches::default()).await
}

async fn recorded_with(attributes: &str, people: People, switches: Switches) -> Transcript {
    let document = format!("<Record action='/saved' {attributes}/><Say>Nothing.</Say>");
    played_with(&[("/voice", &document), ("/saved", "<Hangup/>"), ("/told", "")], people, switches).await
}

/// What was told for a reason, by name.
fn told<'a>(transcript: &'a Transcript, why: Why, name: &str) -> Option<&'a str> {
    transcript.requests.iter().find(|request| request.why == why)?.parameters.get(name)?.as_str()
}

#[tokio::test]
async fn silence_ends_a_recording_and_is_cut_off() {
    reads(
        &recorded("", People::new().speaks(7)).await,
        "00:00 ← Record, Say
         00:00 is answered
         00:00 hears a beep
         00:01 speaks for 7 s
         00:08 stays silent for 5 s
         00:13 has left a recording of 7 s
         00:13 → POST /saved (RecordingDuration=7, RecordingStatus=completed, RecordingUrl=http://recordings.invalid/e220a8397b1dcdaf6e789e6aa1b965f4-1.wav)
         00:13 ← Hangup
         00:13 the application hangs up
         00:13 call ends: completed, SIP 200, disposition ANSWER, billed 13 s",
    );
    let whole = recorded("trim='do-not-trim' timeout='2' playBeep='false'", People::new().speaks(7)).await;
    assert_eq!(told(&whole, Why::RecordAction, "RecordingDuration"), Some("9"));
    assert_eq!(whole.end.billed, 9, "no beep");
}

#[tokio::test]
async fn a_key_ends_a_recording() {
    let transcript = recorded("", People::new().speaks_and_presses(7, Key::STAR)).await;
    assert_eq!(told(&transcript, Why::RecordAction, "Digits"), Some("*"));
    assert_eq!(transcript.end.billed, 8);
    let transcript = recorded("finishOnKey='#'", People::new().speaks_and_presses(7, Key::STAR)).await;
    assert_eq!(told(&transcript, Why::RecordAction, "Digits"), None, "not this key");
    assert_eq!(transcript.end.billed, 13);
}

#[tokio::test]
async fn the_longest_length_ends_a_recording() {
    let transcript = recorded("maxLength='10'", People::new().speaks_and_hangs_up(300)).await;
    assert_eq!(told(&transcript, Why::RecordAction, "RecordingDuration"), Some("10"));
    assert_eq!(transcript.end.billed, 11);
}

#[tokio::test]
async fn nothing_recorded_runs_the_next_verb() {
    for people in [People::new(), People::new().presses("#"), People::new().speaks(0)] {
        let transcript = recorded("", people).await;
        assert_eq!(transcript.requests.len(), 1);
        assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Nothing."]);
    }
}

#[tokio::test]
async fn without_an_action_the_document_itself_is_asked_again() {
    let document = "<Record timeout='1'/>";
    let transcript = played(&[("/voice", document)], People::new().speaks(3)).await;
    assert_eq!(transcript.requests.len(), 2);
    assert_eq!(transcript.requests[0].url, transcript.requests[1].url);
}

#[tokio::test]
async fn a_message_of_a_caller_who_hangs_up_is_kept() {
    let callback = "recordingStatusCallback='/told'";
    let transcript = recorded(callback, People::new().speaks_and_hangs_up(9)).await;
    let whys: Vec<Why> = transcript.requests.iter().map(|request| request.why).collect();
    assert_eq!(whys, [Why::Start, Why::RecordingStatus]);
    assert_eq!(told(&transcript, Why::RecordingStatus, "RecordingDuration"), Some("9"));
    let switches = Switches { action_after_hangup: true, ..Switches::default() };
    let transcript = recorded_with(callback, People::new().speaks_and_hangs_up(9), switches).await;
    let whys: Vec<Why> = transcript.requests.iter().map(|request| request.why).collect();
    assert_eq!(whys, [Why::Start, Why::RecordingStatus, Why::LateAction]);
    assert_eq!(transcript.documents().count(), 1, "its answer is not used");
    let cut = recorded(callback, People::new().speaks(20).hangs_up_at(6)).await;
    assert_eq!(told(&cut, Why::RecordingStatus, "RecordingDuration"), Some("5"));
}

#[tokio::test]
async fn each_event_is_told_to_who_asked_for_it() {
    let event = |event: &str| format!("recordingStatusCallback='/told' recordingStatusCallbackEvent='{event}'");
    let status = |transcript: &Transcript| told(transcript, Why::RecordingStatus, "RecordingStatus").map(str::to_owned);
    for (name, people, expected) in [
        ("completed", People::new().speaks(3), true),
        ("completed", People::new(), false),
        ("absent", People::new(), true),
        ("absent", People::new().speaks(3), false),
        ("in-progress", People::new(), true),
    ] {
        let transcript = recorded(&event(name), people).await;
        assert_eq!(status(&transcript).as_deref(), expected.then_some(name));
    }
}

#[tokio::test]
async fn when_a_recording_is_told_and_how_much_are_switches() {
    let switches = Switches {
        recording_reported: ReportTime::AfterCall,
        record_details: false,
        media_answers: false,
        ..Switches::default()
    };
    let transcript = recorded_with("recordingStatusCallback='/told'", People::new().speaks(3), switches).await;
    let whys: Vec<Why> = transcript.requests.iter().map(|request| request.why).collect();
    assert_eq!(whys, [Why::Start, Why::RecordAction, Why::RecordingStatus]);
    assert_eq!(told(&transcript, Why::RecordAction, "RecordingDuration"), None);
    assert!(told(&transcript, Why::RecordAction, "RecordingUrl").is_some());
    assert!(!transcript.end.answered);
}

#[tokio::test]
async fn prompts_come_before_the_beep() {
    let document = "<Record action='/saved'><Say>Speak.</Say><Pause/></Record>";
    let transcript = played(&[("/voice", document), ("/saved", "")], People::new().says("Call me back")).await;
    reads(
        &transcript,
        "00:00 ← Record
         00:00 is answered
         00:00 hears: “Speak.”
         00:01 waits 1 s
         00:02 hears a beep
         00:03 says: “Call me back”
         00:04 stays silent for 5 s
         00:09 has left a recording of 1 s
         00:09 → POST /saved (RecordingDuration=1, RecordingStatus=completed, RecordingUrl=http://recordings.invalid/e220a8397b1dcdaf6e789e6aa1b965f4-1.wav)
         00:09 ← an empty document
         00:09 the document ends
         00:09 call ends: completed, SIP 200, disposition ANSWER, billed 9 s",
    );
}
