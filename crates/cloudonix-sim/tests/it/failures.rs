//! What an application can do wrong, and what it does to the call.

use std::time::Duration;

use cloudonix_sim::{Disposition, Exchange, Failure, People, SessionStatus, Settings, Switches, Transcript};

use crate::server::{Reply, Server};
use crate::stage::{heard, inbound, placed, reads, settings};

/// A call to an application that answers once like this.
async fn answered(reply: Reply, switches: Switches) -> Transcript {
    let server = Server::start().await;
    server.on("/voice", reply);
    placed(&server, switches, inbound(), People::new()).await
}

fn html() -> Reply {
    Reply { content_type: "text/html", ..Reply::xml("<html><body>Bad gateway</body></html>") }
}

#[tokio::test]
async fn what_is_no_document_ends_the_session_with_an_error() {
    let moved = Reply { status: 302, location: Some("/other"), ..Reply::verbs("") };
    let latin = Reply { body: b"<Response><Say>\xe9</Say></Response>".to_vec(), ..Reply::verbs("") };
    let cases = [
        (Reply::status(500), "status 500"),
        (Reply::status(401), "status 401"),
        (moved, "status 302"),
        (html(), "not a CXML document: line 1, column 1: unexpected <html> in the document: expected Response"),
        (Reply::xml(""), "not a CXML document"),
        (Reply::xml("{\"ok\":true}"), "not a CXML document"),
        (Reply::verbs("<Dail>1001</Dail>"), "unexpected <Dail>"),
        (Reply::verbs("<Say>"), "not well-formed XML"),
        (Reply::verbs("<Gather minDigits='2'/>"), "unknown attribute `minDigits`"),
        (latin, "the answer is not UTF-8"),
        (Reply::verbs(&" ".repeat(1024 * 1024)), "longer than 1048576 bytes"),
    ];
    for (reply, expected) in cases {
        let end = answered(reply, Switches::default()).await.end;
        assert!(end.last_error.as_ref().unwrap().contains(expected), "{:?} and not {expected}", end.last_error);
        assert_eq!((end.status, end.sip, end.disposition), (SessionStatus::Error, 500, Disposition::Failed));
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come() {
    let reply = Reply { delay: Duration::from_secs(60), ..Reply::verbs("") };
    let switches = Switches { timeout: Duration::from_millis(50), failure_sip: 503, ..Switches::default() };
    let transcript = answered(reply, switches).await;
    assert_eq!(transcript.end.last_error.as_deref(), Some("no answer within 0.05 s"));
    assert_eq!((transcript.end.sip, transcript.end.duration.as_millis()), (503, 50));
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/voice", listener.local_addr().unwrap());
    drop(listener);
    let exchange = Exchange::new(Settings::new(address, "acme.example", 0)).unwrap();
    let end = exchange.place(inbound(), People::new()).await.end;
    assert!(end.last_error.unwrap().starts_with("no connection: Connection refused"));
}

#[tokio::test]
async fn a_failure_after_an_answer_is_still_an_error() {
    reads(
        &heard("<Say>Wait.</Say><Redirect>/gone</Redirect>", People::new()).await,
        "00:00 ← Say, Redirect
         00:00 is answered
         00:00 hears: “Wait.”
         00:01 → POST /gone
         00:01 ← fails: status 404
         00:01 call ends: error, SIP 200, disposition FAILED, billed 1 s (status 404)",
    );
}

#[tokio::test]
async fn a_failure_may_be_the_end_of_the_document() {
    let switches = Switches { failure: Failure::EndOfDocument, ..Switches::default() };
    let end = answered(Reply::status(500), switches).await.end;
    assert_eq!((end.status, end.sip, end.last_error), (SessionStatus::NoAnswer, 480, None));
}

#[tokio::test]
async fn other_servers_are_not_asked() {
    let elsewhere = Server::start().await;
    elsewhere.on("/next", Reply::verbs("<Say>Hello.</Say>"));
    let server = Server::start().await;
    server.on("/voice", Reply::verbs(&format!("<Redirect>{}/next</Redirect>", elsewhere.origin)));
    let end = placed(&server, Switches::default(), inbound(), People::new()).await.end;
    assert!(end.last_error.unwrap().contains("is not asked"));
    assert!(elsewhere.seen().is_empty());
    let origins = vec![elsewhere.origin.clone()];
    let settings = Settings { origins, ..settings(&server, Switches::default()) };
    let transcript = Exchange::new(settings).unwrap().place(inbound(), People::new()).await;
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Hello."]);
    assert!(transcript.to_string().contains(&format!("→ POST {}/next", elsewhere.origin)));
}

#[tokio::test]
async fn a_server_is_asked_by_the_name_it_knows_itself_by() {
    let server = Server::start().await;
    server.on("/voice", Reply::verbs("<Redirect>https://pbx.example/next?a=%2F&amp;b</Redirect>"));
    server.on("/next", Reply::verbs("<Redirect>last</Redirect>"));
    server.on("/last", Reply::verbs("<Hangup/>"));
    let public_origin = Some("https://pbx.example".to_owned());
    let settings = Settings { public_origin, ..settings(&server, Switches::default()) };
    let transcript = Exchange::new(settings).unwrap().place(inbound(), People::new()).await;
    let asked: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(asked, ["/voice", "/next?a=%2F&b", "/last"]);
    assert_eq!(transcript.requests[2].url, "https://pbx.example/last", "relative to the name in the document");
    assert!(transcript.to_string().contains("→ POST /last"));
}

#[tokio::test]
async fn what_is_tolerated_is_a_switch() {
    let tolerant = Switches { accept_error_status: true, ignore_unknown_attributes: true, ..Switches::default() };
    for reply in [Reply::status(401), Reply::verbs("<Gather minDigits='2' maxTimeout='1'/>")] {
        assert_eq!(answered(reply, tolerant.clone()).await.end.last_error, None);
    }
    let strict = Switches { require_xml_content_type: true, ..Switches::default() };
    let plain = Reply { content_type: "text/plain", ..Reply::verbs("") };
    assert_eq!(answered(plain.clone(), Switches::default()).await.end.last_error, None);
    let end = answered(plain, strict.clone()).await.end;
    assert_eq!(end.last_error.unwrap(), "the content type is \"text/plain\", not application/xml or text/xml");
    let charset = Reply { content_type: "text/xml; charset=utf-8", ..Reply::verbs("") };
    assert_eq!(answered(charset, strict).await.end.last_error, None);
}

#[tokio::test]
async fn failed_requests_are_repeated_if_switched() {
    let server = Server::start().await;
    server.on("/voice", Reply::status(503));
    server.on("/voice", Reply::status(503));
    server.on("/voice", Reply::verbs("<Say>At last.</Say>"));
    let switches = Switches { retries: 2, ..Switches::default() };
    let transcript = placed(&server, switches, inbound(), People::new()).await;
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["At last."]);
    assert_eq!(transcript.requests.len(), 3);
    assert_eq!(transcript.requests[0].fault.as_deref(), Some("status 503"));
}

#[tokio::test]
async fn redirects_of_http_are_followed_if_switched() {
    let server = Server::start().await;
    server.on("/voice", Reply { status: 307, location: Some("/moved"), ..Reply::verbs("") });
    server.on("/moved", Reply::verbs("<Say>Here.</Say>"));
    server.on("/away", Reply { status: 307, location: Some("http://elsewhere.invalid/"), ..Reply::verbs("") });
    let switches = Switches { follow_redirects: true, ..Switches::default() };
    let transcript = placed(&server, switches.clone(), inbound(), People::new()).await;
    assert_eq!(transcript.heard().collect::<Vec<_>>(), ["Here."]);
    let settings = Settings { switches, ..Settings::new(format!("{}/away", server.origin), "acme.example", 0) };
    let end = Exchange::new(settings).unwrap().place(inbound(), People::new()).await.end;
    assert!(end.last_error.unwrap().contains("which is not asked"));
}
