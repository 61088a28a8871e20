//! `opbx explain`.

use crate::program::{Place, Ran};

fn explained(words: &str) -> String {
    let place = Place::new(&format!("explain-{}", words.len()));
    let Ran { code, output, errors } = place.run(&format!("explain --plan plan.opbx {words}"));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    output
}

#[test]
fn a_call_is_told_in_sentences_and_documents() {
    let told = explained(
        "--from +14155550123 --to 2125550100 --at 2026-12-24T10:00 --digits ,2 --dial-results no-answer,completed",
    );
    insta::assert_snapshot!(told);
}

#[test]
fn the_time_is_the_organizations_unless_it_says_otherwise() {
    let at = |at: &str| explained(&format!("--from +14155550123 --to +12125550100 --at {at}"));
    assert_eq!(at("2026-03-09T12:29"), at("2026-03-09T16:29:00Z").replace("16:29", "12:29"));
    assert!(at("2026-03-09T12:29-04:00").contains("open:"));
    assert!(at("2026-03-09T12:30").contains("closed:"));
    assert!(at("2026-12-25").contains("Christmas"));
}

#[test]
fn json_is_what_the_api_answers() {
    let told = explained("--from 1001 --to 1002 --at 2026-03-09T10:00 --direction subscriber --json --language es");
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["decisions", "documents", "ending", "outcome", "trace"]);
    assert_eq!(
        json["outcome"],
        serde_json::json!({"code": "ring_extension", "destination": {"type": "extension", "id": 2}})
    );
    assert_eq!(json["trace"][0]["at"], "2026-03-09T14:00:00.000Z");
    assert_eq!(json["trace"][0]["because"]["text"], "la extensión 1001 marca 1002");
}

#[test]
fn what_cannot_be_read_is_a_mistake_of_usage() {
    let place = Place::new("explain-usage");
    for (words, said) in [
        ("--at noon", "--at is `noon`. Use a time like 2026-03-09T10:00 or 2026-03-09T10:00:00-04:00.\n"),
        (
            "--direction up",
            "--direction has `up`. It must be inbound, outbound, subscriber, application or outbound-api.\n",
        ),
        ("--digits 1,a", "--digits has `a`. It must be at most 64 keys of 0-9 * #.\n"),
        (
            "--dial-results busy,gone",
            "--dial-results has `gone`. It must be answered, completed, no-answer, busy, failed or canceled.\n",
        ),
    ] {
        let Ran { code, output, errors } =
            place.run(&format!("explain --plan plan.opbx --from 1001 --to 1002 {words}"));
        assert_eq!((code, output.as_str(), errors.as_str()), (Some(2), "", said));
    }
}
