//! The program, as whoever builds an application runs it.

use std::process::{Command, Output};

use crate::server::{Reply, Server};
use crate::stage::serving;

/// Runs it to its end, beside the server of the test.
async fn ran(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloudonix-sim"));
    command.args(arguments);
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

async fn called(server: &Server, more: &[&str]) -> (Option<i32>, String, String) {
    let url = format!("{}/voice", server.origin);
    let call = ["call", "--url", &url, "--domain", "acme.example", "--from", "+14155550123", "--to", "+12125550100"];
    ran(&[&call, more].concat()).await
}

#[tokio::test]
async fn a_call_is_printed_as_it_goes() {
    let server = serving(&[
        ("/voice", r#"<Gather numDigits="1" action="/menu"><Say>Press 1.</Say></Gather>"#),
        ("/menu", r#"<Dial action="/after"><Number>1002</Number></Dial>"#),
        ("/after", "<Hangup/>"),
    ])
    .await;
    let (code, said, errors) =
        called(&server, &["--key", "s3cr3t", "--script", "presses 1; 1002 answers after 3, talks 40"]).await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said, @r"
    00:00 +14155550123 calls +12125550100 (inbound)
    00:00 → POST /voice
    00:00 ← Gather
    00:00 is answered
    00:00 hears: “Press 1.”
    00:02 presses 1
    00:02 → POST /menu (Digits=1)
    00:02 ← Dial
    00:02 rings 1002 for 60 s
    00:05 1002 answers
    00:45 1002 hangs up
    00:45 the dial ends: completed
    00:45 → POST /after (CallStatus=completed, DialCallStatus=completed)
    00:45 ← Hangup
    00:45 the application hangs up
    00:45 call ends: completed, SIP 200, disposition ANSWER, billed 45 s
    ");
    assert_eq!(server.seen()[0].headers["authorization"], "Bearer s3cr3t");
}

#[tokio::test]
async fn each_run_is_another_call_unless_it_is_seeded() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    for more in [&[][..], &[], &["--seed", "7"], &["--seed", "7"]] {
        assert_eq!(called(&server, more).await.0, Some(0));
    }
    let seen = server.seen();
    let session = |run: usize| seen[run].json()["Session"].clone();
    assert_ne!(session(0), session(1));
    assert_eq!(seen[2].body, seen[3].body);
}

#[tokio::test]
async fn json_holds_the_requests_and_the_documents() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    let (code, said, _) = called(&server, &["--json", "--direction", "subscriber", "--name", "Alice"]).await;
    assert_eq!(code, Some(0));
    let transcript: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(transcript["call"]["direction"], "subscriber");
    assert_eq!(transcript["requests"][0]["parameters"]["CallerName"], "Alice");
    assert_eq!(transcript["requests"][0]["answer"]["body"], "<Response><Hangup/></Response>");
    assert!(transcript["call"]["started_at"].as_u64().unwrap() > 1_767_225_600_000, "it starts now");
}

#[tokio::test]
async fn what_goes_wrong_is_an_exit_code_and_a_sentence() {
    let server = Server::start().await;
    server.on("/voice", Reply::status(500));
    let (code, said, errors) = called(&server, &[]).await;
    assert!(said.contains("← fails: status 500\n"), "{said}");
    assert_eq!((code, errors.as_str()), (Some(1), "The application did not answer as it should: status 500.\n"));

    let (code, _, errors) = called(&server, &["--script", "1001 sings"]).await;
    assert!(code == Some(2) && errors.starts_with("“1001 sings” is nothing that people do here."), "{errors}");
    let (code, _, errors) = called(&server, &["--key", "s3cr3t\n"]).await;
    assert!(code == Some(2) && errors.contains("no header can carry") && !errors.contains("s3cr3t"), "{errors}");
    let (code, _, errors) = called(&server, &["--key-file", "nowhere"]).await;
    assert!(code == Some(1) && errors.starts_with("nowhere: "), "{errors}");
}

#[tokio::test]
async fn its_help_says_what_it_takes() {
    let (code, said, _) = ran(&["call", "--help"]).await;
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(said);
}
