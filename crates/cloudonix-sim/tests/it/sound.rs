//! `Say`, `Play` and `Pause`.

use cloudonix_sim::People;

use crate::stage::{heard, played, reads};

#[tokio::test]
async fn words_take_time_by_their_length() {
    let long = "<Say>Welcome to Acme. Our offices are open from nine to five.</Say>";
    assert_eq!(heard(long, People::new()).await.end.billed, 4);
    let with_break = "<Say>Your code is <say-as interpret-as='digits'>12</say-as><break time='3s'/>.</Say>";
    let transcript = heard(with_break, People::new()).await;
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Your code is 12."]);
    assert_eq!(transcript.end.billed, 5, "two for the words, three for the silence");
}

#[tokio::test]
async fn loops_repeat_and_zero_loops_never_end() {
    reads(
        &heard("<Say loop='3'>Hold.</Say><Play loop='0'>/music.mp3</Play>", People::new().hangs_up_at(60)).await,
        "00:00 ← Say, Play
         00:00 is answered
         00:00 hears: “Hold.”, 3 times
         00:03 hears: audio /music.mp3, over and over
         01:00 hangs up
         01:00 call ends: completed, SIP 200, disposition ANSWER, billed 60 s",
    );
}

#[tokio::test]
async fn tones_and_their_pauses() {
    let transcript = heard("<Play digits='12ww#'/>", People::new()).await;
    assert_eq!(transcript.end.duration.as_millis(), 1750);
    assert!(transcript.to_string().contains("hears: the tones 12ww#"));
}

#[tokio::test]
async fn a_pause_does_not_answer_unless_it_says_so() {
    reads(
        &heard("<Pause length='4'/><Pause answer='true'/><Pause length='0.5'/>", People::new()).await,
        "00:00 ← Pause, Pause, Pause
         00:00 waits 4 s
         00:04 is answered
         00:04 waits 1 s
         00:05 waits 0.5 s
         00:05 the document ends
         00:05 call ends: completed, SIP 200, disposition ANSWER, billed 2 s",
    );
}

#[tokio::test]
async fn the_end_of_playback_is_told_and_the_answer_is_discarded() {
    let documents = [
        (
            "/voice",
            "<Say statusCallback='/told?by=say'>Hi.</Say><Play statusCallback='/away' statusCallbackMethod='GET'>a.mp3</Play>",
        ),
        ("/told", "<Redirect>/elsewhere</Redirect>"),
    ];
    reads(
        &played(&documents, People::new()).await,
        "00:00 ← Say, Play
         00:00 is answered
         00:00 hears: “Hi.”
         00:01 → POST /told?by=say, playback is over
         00:01 hears: audio a.mp3
         00:06 → GET /away, playback is over
         00:06 ← 404, which changes nothing
         00:06 the document ends
         00:06 call ends: completed, SIP 200, disposition ANSWER, billed 6 s",
    );
}

#[tokio::test]
async fn a_caller_hangs_up_during_playback() {
    reads(
        &heard("<Play statusCallback='/told'>a.mp3</Play><Say>Never.</Say>", People::new().hangs_up_at(2)).await,
        "00:00 ← Play, Say
         00:00 is answered
         00:00 hears: audio a.mp3
         00:02 hangs up
         00:02 call ends: completed, SIP 200, disposition ANSWER, billed 2 s",
    );
}

#[tokio::test]
async fn a_caller_hangs_up_before_an_answer() {
    reads(
        &heard("<Pause length='10'/>", People::new().hangs_up_at(7)).await,
        "00:00 ← Pause
         00:00 waits 10 s
         00:07 hangs up
         00:07 call ends: canceled, SIP 487, disposition CANCEL, billed 0 s",
    );
}
