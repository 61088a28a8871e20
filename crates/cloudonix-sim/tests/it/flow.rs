//! From verb to verb and from document to document.

use cloudonix_sim::{Call, Disposition, People, RejectCodes, SessionStatus, Switches, Unanswered};

use crate::stage::{heard, inbound, placed, played, played_with, reads, serving};

#[tokio::test]
async fn verbs_run_in_order_and_the_end_of_the_document_hangs_up() {
    let transcript = heard("<Say>One.</Say><!-- between --><Pause length='2'/><SAY>Two.</SAY>", People::new()).await;
    reads(
        &transcript,
        "00:00 ← Say, Pause, Say
         00:00 is answered
         00:00 hears: “One.”
         00:01 waits 2 s
         00:03 hears: “Two.”
         00:04 the document ends
         00:04 call ends: completed, SIP 200, disposition ANSWER, billed 4 s",
    );
}

#[tokio::test]
async fn redirect_ends_the_stage() {
    let documents = [("/voice", "<Redirect>/next</Redirect><Say>Never.</Say>"), ("/next", "<Say>Here.</Say><Hangup/>")];
    reads(
        &played(&documents, People::new()).await,
        "00:00 ← Redirect, Say
         00:00 → POST /next
         00:00 ← Say, Hangup
         00:00 is answered
         00:00 hears: “Here.”
         00:01 the application hangs up
         00:01 call ends: completed, SIP 200, disposition ANSWER, billed 1 s",
    );
}

#[tokio::test]
async fn addresses_are_relative_to_the_current_document() {
    let documents = [
        ("/voice", "<Redirect>/ivr/12/start?x=1</Redirect>"),
        ("/ivr/12/start", "<Redirect>more</Redirect>"),
        ("/ivr/12/more", "<Redirect>../13/</Redirect>"),
        ("/ivr/13/", "<Redirect>?turn=2#part</Redirect>"),
    ];
    let transcript = played_with(&documents, People::new(), Switches { max_stages: 5, ..Switches::default() }).await;
    let asked: Vec<&str> = transcript.requests.iter().filter_map(|request| request.url.splitn(4, '/').nth(3)).collect();
    assert_eq!(asked, ["voice", "ivr/12/start?x=1", "ivr/12/more", "ivr/13/", "ivr/13/?turn=2"]);
}

#[tokio::test]
async fn absolute_addresses_and_get_are_followed() {
    let server = serving(&[("/next", "<Hangup/>")]).await;
    let document = format!("<Redirect method='GET'>{}/next</Redirect>", server.origin);
    server.on("/voice", crate::server::Reply::verbs(&document));
    placed(&server, Switches::default(), inbound(), People::new()).await;
    assert_eq!(server.seen()[1].method, "GET");
}

#[tokio::test]
async fn an_empty_document_hangs_up() {
    reads(
        &heard("", People::new()).await,
        "00:00 ← an empty document
         00:00 the document ends
         00:00 call ends: no answer, SIP 480, disposition NOANSWER, billed 0 s",
    );
}

#[tokio::test]
async fn hangup_before_an_answer_is_a_success_unless_switched() {
    let end = heard("<Hangup/>", People::new()).await.end;
    assert_eq!((end.status, end.sip, end.billed, end.answered), (SessionStatus::Answer, 200, 0, false));
    let switches = Switches { unanswered_hangup: Unanswered::AsDialled, ..Switches::default() };
    let end = played_with(&[("/voice", "<Hangup/>")], People::new(), switches).await.end;
    assert_eq!((end.status, end.sip, end.disposition), (SessionStatus::NoAnswer, 480, Disposition::NoAnswer));
}

#[tokio::test]
async fn reject_tells_the_caller_why() {
    use Disposition::{Busy, Congestion, Failed};
    let cases =
        [("", Busy, 486, 403), ("rejected", Busy, 486, 403), ("busy", Busy, 486, 486), ("failed", Failed, 603, 603)];
    for (reason, disposition, sip, other) in cases.into_iter().chain([("congestion", Congestion, 500, 503)]) {
        let attribute = if reason.is_empty() { String::new() } else { format!(" reason='{reason}'") };
        let document = format!("<Reject{attribute}/><Say>Never.</Say>");
        let documents = [("/voice", document.as_str())];
        let transcript = played(&documents, People::new()).await;
        assert_eq!((transcript.end.sip, transcript.end.disposition), (sip, disposition), "{reason}");
        assert_eq!((transcript.heard().count(), transcript.end.answered), (0, false));
        let switches = Switches { reject_codes: RejectCodes::MakePage, ..Switches::default() };
        assert_eq!(played_with(&documents, People::new(), switches).await.end.sip, other, "{reason}");
    }
}

#[tokio::test]
async fn a_call_that_was_answered_can_no_longer_be_refused() {
    reads(
        &heard("<Say>No.</Say><Reject reason='busy'/>", People::new()).await,
        "00:00 ← Say, Reject
         00:00 is answered
         00:00 hears: “No.”
         00:01 the application rejects the call: busy
         00:01 call ends: completed, SIP 200, disposition ANSWER, billed 1 s",
    );
}

#[tokio::test]
async fn early_media_does_not_answer() {
    reads(
        &heard("<Say answer='false'>We are closed.</Say><Reject/>", People::new()).await,
        "00:00 ← Say, Reject
         00:00 hears, unanswered: “We are closed.”
         00:01 the application rejects the call: rejected
         00:01 call ends: busy, SIP 486, disposition BUSY, billed 0 s",
    );
}

#[tokio::test]
async fn documents_that_never_end_are_given_up() {
    let transcript = heard("<Redirect>/voice</Redirect>", People::new()).await;
    assert_eq!(transcript.documents().count(), 200);
    assert_eq!(transcript.end.last_error.as_deref(), Some("more than 200 documents in one call"));
    assert_eq!((transcript.end.status, transcript.end.sip), (SessionStatus::Error, 500));
}

#[tokio::test]
async fn parts_of_the_platform_that_are_not_here_are_named() {
    reads(
        &heard("<Redirect>cx://hosted/app/block</Redirect>", People::new()).await,
        r#"00:00 ← Redirect
         00:00 ← fails: "cx://hosted/app/block" is no address to ask: only http and https are known here
         00:00 call ends: error, SIP 500, disposition FAILED, billed 0 s ("cx://hosted/app/block" is no address to ask: only http and https are known here)"#,
    );
}

#[tokio::test]
async fn a_call_of_the_rest_interface_has_been_answered() {
    let server = serving(&[("/voice", "<Pause length='3'/>")]).await;
    let transcript =
        placed(&server, Switches::default(), Call::outbound_api("1001", "+12125550100"), People::new()).await;
    assert_eq!((transcript.end.answered, transcript.end.billed), (true, 3));
    assert_eq!(server.seen()[0].json()["Direction"], "outbound-api");
}
