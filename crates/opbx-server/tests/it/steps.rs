//! A call that goes on: the state of it travels in the address.

use crate::office::{ACME, ACME_KEY, OTHER, OTHER_KEY, Office, posted, said};
use jiff::SignedDuration;
use serde_json::json;
use std::fmt::Write;

const PLAN: &str = "\
organization Acme US America/New_York
extension 1001 Alice
extension 1002 Bob
extension 1003 Carol
extension 3000 Sales -> group Sales
group Sales in order 15s, 2 rounds
  1002 1003
  else -> voicemail Sales
box Sales
";

const EXPIRED: &str = "This call cannot be continued.";

#[tokio::test]
async fn a_group_is_walked_to_its_fallback() {
    let office = Office::new(PLAN);
    let mut answer = office.call("1001", "3000", "subscriber").await;
    for member in ["1002", "1003", "1002", "1003"] {
        assert_eq!(answer.rings(), [member]);
        assert!(answer.action().starts_with("/api/voice/continue/"));
        answer = office.follow(&answer.action(), &json!({"DialCallStatus": "no-answer"})).await;
    }
    let document = answer.document();
    assert!(document.contains("<Record ") && document.contains("Sales is not available"), "{document}");
}

#[tokio::test]
async fn an_answered_dial_ends_the_call() {
    let office = Office::new(PLAN);
    let action = office.call("1001", "3000", "subscriber").await.action();
    for status in [
        json!({"DialCallStatus": "completed"}),
        json!({"CallStatus": "answered"}),
        json!({"DialCallStatus": "canceled"}),
    ] {
        let document = office.follow(&action, &status).await.document();
        assert!(document.contains("<Response>\n  <Hangup/>\n</Response>"), "{document}");
    }
    // The dial's own result goes before the call's; and the alias is the same handler.
    let both = json!({"DialCallStatus": "busy", "CallStatus": "completed"});
    let v1 = action.replace("/api/", "/api/v1/");
    assert_eq!(office.follow(&v1, &both).await.rings(), ["1003"]);
}

#[tokio::test]
async fn the_same_step_twice_has_the_same_answer() {
    let office = Office::new(PLAN);
    let action = office.call("1001", "3000", "subscriber").await.action();
    let busy = json!({"DialCallStatus": "busy"});
    let first = office.follow(&action, &busy).await;
    assert_eq!(office.follow(&action, &busy).await.body, first.body);
}

#[tokio::test]
async fn an_altered_token_is_refused_politely() {
    let office = Office::new(PLAN);
    let action = office.call("1001", "3000", "subscriber").await.action();
    let (path, token) = action.rsplit_once('/').unwrap();
    let flipped: String = token.chars().rev().collect();
    for token in [&flipped, &token[1..], &format!("{token}A"), "x", "%ff%00", "ä", "..", &"A".repeat(4_000)] {
        let answer = office
            .follow(&format!("{path}/{}", token.replace('ä', "%C3%A4")), &json!({"DialCallStatus": "completed"}))
            .await;
        assert!(answer.document().contains(EXPIRED), "{token}");
    }
}

#[tokio::test]
async fn a_token_of_another_call_or_organization_is_refused_politely() {
    let office = Office::new(PLAN);
    let action = office.call("1001", "3000", "subscriber").await.action();
    for session in [json!("another"), json!(null)] {
        let more = json!({"Session": session, "CallSid": session, "DialCallStatus": "completed"});
        let answer = office.follow(&action, &more).await;
        assert!(answer.document().contains(EXPIRED));
    }
    let mut body = said("1001", "3000", "subscriber");
    body["Domain"] = json!(OTHER);
    let answer = office.send(posted(&action, OTHER_KEY, &body)).await;
    assert!(answer.document().contains(EXPIRED));
    body["Domain"] = json!(ACME);
    assert!(!office.send(posted(&action, ACME_KEY, &body)).await.document().contains(EXPIRED));
}

#[tokio::test]
async fn a_step_expires_after_a_day() {
    let office = Office::new(PLAN);
    let action = office.call("1001", "3000", "subscriber").await.action();
    office.wait(SignedDuration::from_secs(24 * 3600 - 1));
    assert_eq!(office.follow(&action, &json!({"DialCallStatus": "busy"})).await.rings(), ["1003"]);
    office.wait(SignedDuration::from_secs(1));
    // The very request that was answered a second ago would be answered again.
    for status in ["Busy", "no-answer", "failed"] {
        assert!(office.follow(&action, &json!({"DialCallStatus": status})).await.document().contains(EXPIRED));
    }
    // Over is over: nobody is there to hear a sentence.
    for status in ["completed", "answered", "canceled"] {
        let document = office.follow(&action, &json!({"DialCallStatus": status})).await.document();
        assert!(document.contains("<Hangup/>") && !document.contains("<Say"), "{document}");
    }
}

#[tokio::test]
async fn fifty_members_fit_into_an_address() {
    let mut plan = String::from("organization Acme US America/New_York\nextension 1001 Alice\n");
    let numbers: Vec<String> = (0..50).map(|number| (2000 + number).to_string()).collect();
    for number in &numbers {
        writeln!(plan, "extension {number} \"Agent {number}\"").unwrap();
    }
    write!(plan, "extension 3000 All -> group All\ngroup All in order\n  {}\n", numbers.join(" ")).unwrap();
    let office = Office::new(&plan);
    let answer = office.call("1001", "3000", "subscriber").await;
    let action = answer.action();
    let token = action.rsplit('/').next().unwrap();
    assert!(token.len() <= 400, "{}", token.len());
    assert_eq!(office.follow(&action, &json!({"DialCallStatus": "busy"})).await.rings(), ["2001"]);
}

#[tokio::test]
async fn a_menu_takes_keys_and_silence() {
    let plan = "\
organization Acme US America/New_York
extension 1001 Alice
extension 1002 Bob
extension 3000 Front -> menu Front
menu Front
  say \"Press 1 for Bob.\"
  1 -> extension 1002
  2 turns
  else -> extension 1001
";
    let office = Office::new(plan);
    let answer = office.call("1009", "3000", "subscriber").await;
    assert_eq!(office.follow(&answer.action(), &json!({"Digits": "1"})).await.rings(), ["1002"]);
    assert_eq!(office.follow(&answer.action(), &json!({"Digits": 1})).await.rings(), ["1002"]);
    let again = office.follow(&answer.action(), &json!({"Digits": ""})).await;
    assert!(again.document().contains("Press 1 for Bob."));
    let answer = office.follow(&again.action(), &json!({"Digits": "7"})).await;
    assert_eq!(answer.rings(), ["1001"]);
}
