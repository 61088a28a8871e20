//! Whole calls, as they read.

use cloudonix_sim::{Call, Callee, People, Switches};

use crate::stage::{inbound, placed, played, serving};

const MENU: &str = r#"
    <Gather action="/menu?turn=1" numDigits="1" maxTimeout="8"><Say>Welcome to Acme. For sales, press 1.</Say></Gather>
    <Redirect>/menu?turn=1&amp;empty=1</Redirect>"#;

const GROUP: &str = r#"
    <Dial timeout="20" action="/after?group=7" callerId="+12125550100" callerName="Sales: +14155550123">
        <Number>1001</Number><Number>1002</Number>
    </Dial>"#;

const VOICEMAIL: &str = r##"
    <Record action="/saved" maxLength="120" finishOnKey="#" recordingStatusCallback="/recording?box=7">
        <Say>Nobody is in. Leave a message after the tone.</Say>
    </Record>
    <Say>I did not hear you.</Say>"##;

const DOCUMENTS: &[(&str, &str)] =
    &[("/voice", MENU), ("/menu", GROUP), ("/after", VOICEMAIL), ("/saved", "<Hangup/>"), ("/recording", "")];

#[tokio::test]
async fn a_menu_a_group_and_an_answer() {
    let people = People::new()
        .presses("1")
        .callee("1001", Callee::no_answer())
        .callee("1002", Callee::answers_after(3).talks(40));
    let documents = [&DOCUMENTS[..2], &[("/after", "<Hangup/>")]].concat();
    let transcript = played(&documents, people).await;
    insta::assert_snapshot!(transcript);
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Welcome to Acme. For sales, press 1."]);
    assert_eq!(transcript.rang().collect::<Vec<_>>(), [["1001", "1002"]]);
    assert_eq!(transcript.answered().collect::<Vec<_>>(), ["1002"]);
    assert_eq!(transcript.documents().count(), 3);
}

#[tokio::test]
async fn nobody_answers_and_the_caller_leaves_a_message() {
    let people = People::new().presses("1").speaks_and_hangs_up(12);
    insta::assert_snapshot!(played(DOCUMENTS, people).await);
}

#[tokio::test]
async fn the_caller_never_presses_anything() {
    let people = People::new().stays_silent().callee("1001", Callee::busy()).callee("1002", Callee::busy());
    insta::assert_snapshot!(played(DOCUMENTS, people).await);
}

#[tokio::test]
async fn the_caller_hangs_up_while_it_rings() {
    let people = People::new().presses("1").gives_up_ringing_after(9);
    insta::assert_snapshot!(played(DOCUMENTS, people).await);
}

#[tokio::test]
async fn a_transcript_as_json() {
    let server = serving(&[("/voice", "<Say>Hello.</Say><Pause length='1.5'/><Dial>1001</Dial>")]).await;
    let call = Call::subscriber("1004", "3000").named("Bob Ray");
    let transcript = placed(&server, Switches::default(), call, People::new().everyone_else(Callee::busy())).await;
    let json = serde_json::to_string_pretty(&transcript).unwrap().replace(&server.origin, "http://pbx.example");
    insta::assert_snapshot!(json);
}

#[tokio::test]
async fn the_same_script_is_the_same_call() {
    let server = serving(DOCUMENTS).await;
    let people = People::new().presses("1").speaks(5);
    let first = placed(&server, Switches::default(), inbound(), people.clone()).await;
    let second = placed(&server, Switches::default(), inbound(), people).await;
    assert_eq!(first, second);
}
