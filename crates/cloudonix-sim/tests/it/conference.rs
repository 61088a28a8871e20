//! `Dial` to a conference.

use cloudonix_sim::{People, Room, Switches, Transcript, Why};

use crate::stage::{heard, played, played_with, reads};

fn events(transcript: &Transcript) -> Vec<&str> {
    let requests = transcript.requests.iter().filter(|request| request.why == Why::ConferenceStatus);
    requests.filter_map(|request| request.parameters["StatusCallbackEvent"].as_str()).collect()
}

#[tokio::test]
async fn a_caller_joins_stays_and_hangs_up() {
    reads(
        &heard("<Dial><Conference muted='true'>Sales</Conference></Dial>", People::new()).await,
        "00:00 ← Dial
         00:00 is answered
         00:00 joins the conference Sales, muted
         00:00 the conference Sales starts
         01:00 hangs up
         01:00 leaves the conference Sales
         01:00 call ends: completed, SIP 200, disposition ANSWER, billed 60 s",
    );
}

#[tokio::test]
async fn a_conference_that_ends_goes_on_with_the_document() {
    let people = People::new().room("default", Room::ends_after(90));
    let documents = [("/voice", "<Dial action='/after'><Conference/></Dial>"), ("/after", "<Hangup/>")];
    reads(
        &played(&documents, people.clone()).await,
        "00:00 ← Dial
         00:00 is answered
         00:00 joins the conference default
         00:00 the conference default starts
         01:30 the conference default ends
         01:30 the dial ends: completed
         01:30 → POST /after (CallStatus=completed, DialCallStatus=completed)
         01:30 ← Hangup
         01:30 the application hangs up
         01:30 call ends: completed, SIP 200, disposition ANSWER, billed 90 s",
    );
    let transcript = heard("<Dial><Conference/></Dial><Say>Bye.</Say>", people).await;
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Bye."]);
}

#[tokio::test]
async fn who_does_not_start_it_waits() {
    let document = "<Dial><Conference startConferenceOnEnter='false'>Sales</Conference></Dial>";
    reads(
        &heard(document, People::new().room("Sales", Room::left_after(30).starts_after(12))).await,
        "00:00 ← Dial
         00:00 is answered
         00:00 joins the conference Sales
         00:00 hears music and waits for Sales to start
         00:12 the conference Sales starts
         00:30 hangs up
         00:30 leaves the conference Sales
         00:30 call ends: completed, SIP 200, disposition ANSWER, billed 30 s",
    );
    let alone = heard(document, People::new().room("Sales", Room::left_after(30))).await;
    assert!(!alone.to_string().contains("the conference Sales starts"), "{alone}");
    assert_eq!(alone.end.billed, 30);
}

#[tokio::test]
async fn a_full_room_fails_the_dial() {
    let documents =
        [("/voice", "<Dial action='/after'><Conference maxParticipants='2'>A</Conference></Dial>"), ("/after", "")];
    let transcript = played(&documents, People::new().room("A", Room::full())).await;
    assert_eq!(transcript.requests[1].parameters["DialCallStatus"], "failed");
}

#[tokio::test]
async fn a_star_leaves_the_room_where_it_may() {
    let people = People::new().room("A", Room::star_after(20));
    let transcript =
        heard("<Dial hangupOnStar='true'><Conference>A</Conference></Dial><Say>Bye.</Say>", people.clone()).await;
    assert_eq!((transcript.heard().count(), transcript.end.billed), (1, 21));
    let transcript = heard("<Dial><Conference>A</Conference></Dial><Say>Bye.</Say>", people).await;
    assert_eq!((transcript.heard().count(), transcript.end.billed), (0, 40));
}

#[tokio::test]
async fn events_are_told_to_who_asked_for_them() {
    let conference = |events: &str| {
        format!(
            "<Dial><Conference endConferenceOnExit='true' statusCallback='/told' statusCallbackEvent='{events}'>A</Conference></Dial>"
        )
    };
    let all = conference("join,start leave,end");
    let documents = [("/voice", all.as_str()), ("/told", "<Hangup/>")];
    let transcript = played(&documents, People::new()).await;
    assert_eq!(events(&transcript), ["participant-join", "conference-start", "participant-leave", "conference-end"]);
    let switches = Switches { conference_prefixes: false, ..Switches::default() };
    let transcript = played_with(&documents, People::new(), switches).await;
    assert_eq!(events(&transcript), ["participant-join", "start", "leave", "end"]);
    assert_eq!(events(&heard(&conference("leave"), People::new()).await), ["participant-leave"]);
    assert_eq!(events(&heard(&conference("None"), People::new()).await), [""; 0]);
}

#[tokio::test]
async fn a_conference_is_recorded_from_its_start() {
    let document = "<Dial><Conference record='record-from-start' startConferenceOnEnter='false' \
                    recordingStatusCallback='/told'>A</Conference></Dial>";
    let people = People::new().room("A", Room::left_after(30).starts_after(12));
    let transcript = heard(document, people).await;
    let told = transcript.requests.iter().find(|request| request.why == Why::RecordingStatus).unwrap();
    assert_eq!(told.parameters["RecordingDuration"], "18");
}
