//! Reporters of an organization that masks numbers: what they are shown, and what their questions tell.

use super::calls::{CALLER, Told, names};
use super::company::Company;
use axum::http::Method;
use opbx_core::call_state::CallDirection;
use serde_json::json;

const AT: &str = "2026-03-09T13:00:00Z";

/// Callers of every kind, and what is shown of them.
const CALLERS: [(&str, &str); 9] = [
    (CALLER, "+14155550***"),
    ("+14155550177", "+14155550***"),
    ("4155550123", "4155550***"),
    ("1001", "1001"),
    ("123456", "123***"),
    ("sip:+14155550123@198.51.100.7", "sip:+141********@***.**.***.*"),
    ("+1 415 555 0123", "+1 41* *** ****"),
    ("anonymous", "anonymous"),
    ("١٤١٥٥٥٥٠١٢٣", "***********"),
];

async fn masking() -> Company {
    let company = Company::new().await;
    company.patch("/organization", &json!({ "mask_numbers": true })).await.data();
    let sessions: Vec<String> = (0..CALLERS.len()).map(|number| number.to_string()).collect();
    let direction = CallDirection::Inbound;
    let calls = sessions.iter().zip(CALLERS).map(|(session, (from, _))| {
        Told { from, direction, name: Some(from), word: "NOANSWER", ..Told::new(session, AT) }.record()
    });
    company.told(calls).await;
    company
}

async fn seen(company: &Company, who: &str, query: &str) -> Vec<String> {
    let mut names = names(&company.ask(who, Method::GET, &format!("/call-logs?{query}"), None).await);
    names.sort();
    names
}

#[tokio::test]
async fn a_reporter_sees_no_last_digits_and_everyone_else_does() {
    let company = masking().await;
    for path in ["/call-logs?sort_by=id", "/call-logs/missed?sort_by=id"] {
        let answer = company.ask("reporter", Method::GET, path, None).await;
        for (call, (_, shown)) in answer.data().as_array().unwrap().iter().zip(CALLERS) {
            assert_eq!((&call["from_number"], &call["caller_name"]), (&json!(shown), &json!(shown)));
            assert_eq!(call["to_number"], "+12125550***");
        }
    }
    for who in ["owner", "admin", "agent"] {
        let answer = company.ask(who, Method::GET, "/call-logs?sort_by=id", None).await;
        assert_eq!(answer.data()[0]["from_number"], CALLER, "{who}");
    }
    let file = company.ask("reporter", Method::GET, "/call-logs/export", None).await.body;
    let file = file.as_str().unwrap();
    assert!(file.contains("4155550***") && !file.contains("0123") && !file.contains("0177"), "{file}");
    company.patch("/organization", &json!({ "mask_numbers": false })).await.data();
    let answer = company.ask("reporter", Method::GET, "/call-logs?sort_by=id", None).await;
    assert_eq!(answer.data()[0]["from_number"], CALLER);
}

/// Whatever a reporter asks for, they find exactly those calls that they would find in what they are shown.
#[tokio::test]
async fn a_filter_finds_what_can_be_seen_and_nothing_else() {
    let company = masking().await;
    let whole = "14155550123";
    let parts = (0..whole.len()).flat_map(|from| (from + 3..=whole.len()).map(move |to| &whole[from..to]));
    let parts = parts.chain(["1001", "123", "1234", "12345", "123456", "177", "198", "7"]);
    for part in parts.filter(|part| part.len() >= 3) {
        let visible = |shown: &str, part: &str| shown.contains(part);
        let wanted: Vec<String> =
            (0..CALLERS.len()).filter(|at| visible(CALLERS[*at].1, part)).map(|at| at.to_string()).collect();
        assert_eq!(seen(&company, "reporter", &format!("from_number={part}")).await, wanted, "{part}");
        // What they dialled is the same for all, and none of these is in it but what it shares.
        let wanted =
            if "+12125550***".contains(part) { (0..CALLERS.len()).map(|at| at.to_string()).collect() } else { wanted };
        assert_eq!(seen(&company, "reporter", &format!("search={part}")).await, wanted, "{part}");
        let prefix = format!("+{part}");
        let wanted: Vec<String> =
            (0..CALLERS.len()).filter(|at| CALLERS[*at].1.starts_with(&prefix)).map(|at| at.to_string()).collect();
        assert_eq!(seen(&company, "reporter", &format!("from_number=%2B{part}")).await, wanted, "+{part}");
    }
    for (text, found) in [("anonym", 1), ("sip:", 1), ("0123", 0), ("%D9%A4%D9%A1", 0)] {
        assert_eq!(seen(&company, "reporter", &format!("search={text}")).await.len(), found, "{text}");
    }
    assert_eq!(seen(&company, "agent", "from_number=0123").await, ["0", "2", "5", "6"]);
    assert_eq!(seen(&company, "agent", "search=%D9%A4%D9%A1").await, ["8"]);
}

#[tokio::test]
async fn an_order_tells_no_digits_either() {
    let company = masking().await;
    let order = async |who: &str, by: &str| {
        names(&company.ask(who, Method::GET, &format!("/call-logs?sort_by={by}"), None).await)
    };
    let newest = order("reporter", "initiated_at&sort_order=desc").await;
    for by in ["from_number", "to_number", "caller_name", "answered_by"] {
        assert_eq!(order("reporter", by).await, newest, "{by}");
    }
    assert_ne!(order("agent", "from_number").await, newest);
    assert_ne!(order("reporter", "id").await, newest);
}
