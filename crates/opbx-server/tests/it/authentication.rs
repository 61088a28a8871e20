//! Who is let in, and what the others are told: the same.

use crate::office::{ACME, ACME_KEY, Answer, OTHER, OTHER_KEY, Office, posted, said};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

const PLAN: &str = "organization Acme US America/New_York\nextension 1001 Alice\nextension 1002 Bob\n";

fn body(domain: Option<&str>) -> Value {
    let mut body = said("1001", "1002", "subscriber");
    body["Domain"] = json!(domain);
    body
}

async fn asked(office: &Office, domain: Option<&str>, header: Option<&str>, authorization: Option<&str>) -> Answer {
    let mut request = Request::post("/api/voice/route").header("Content-Type", "application/json");
    if let Some(header) = header {
        request = request.header("X-Cx-Domain", header);
    }
    if let Some(authorization) = authorization {
        request = request.header("Authorization", authorization);
    }
    office.send(request.body(Body::from(body(domain).to_string())).unwrap()).await
}

#[tokio::test]
async fn whoever_is_not_let_in_learns_nothing() {
    let office = Office::new(PLAN);
    let bearer = |key: &str| Some(format!("Bearer {key}"));
    let mut answers = Vec::new();
    for (domain, header, authorization) in [
        (Some(ACME), None, bearer("a-key-that-nobody-has")),
        (Some("nobody.cloudonix.net"), None, bearer("a-key-that-nobody-has")),
        (Some("nobody.cloudonix.net"), None, bearer(ACME_KEY)),
        (Some(ACME), None, bearer(OTHER_KEY)),
        (Some(OTHER), Some(ACME), bearer(ACME_KEY)),
        (None, Some(OTHER), bearer(ACME_KEY)),
        (None, None, bearer("a-key-that-nobody-has")),
        (Some(ACME), None, None),
        (None, None, None),
        (Some("nobody.cloudonix.net"), None, None),
        (Some(ACME), None, Some(ACME_KEY.to_owned())),
        (Some(ACME), None, Some(format!("Basic {ACME_KEY}"))),
        (Some(ACME), None, Some("Bearer".to_owned())),
        (Some(ACME), None, Some("Bearer ".to_owned())),
        (Some(ACME), None, Some(format!("Bearer {ACME_KEY}x"))),
    ] {
        let answer = asked(&office, domain, header, authorization.as_deref()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        assert_eq!(
            answer.body.len(),
            answer.headers.get("content-length").map_or(answer.body.len(), |length| length
                .to_str()
                .unwrap()
                .parse()
                .unwrap())
        );
        answers.push(answer.problem());
    }
    answers.dedup();
    insta::assert_json_snapshot!(answers, @r#"
    [
      {
        "code": "unauthenticated",
        "detail": "The request carries no key that is valid here. Send it as a bearer token.",
        "message": "The request carries no key that is valid here. Send it as a bearer token.",
        "params": {},
        "status": 401,
        "title": "Not authenticated",
        "type": "urn:opbx:problem:unauthenticated"
      }
    ]
    "#);
}

#[tokio::test]
async fn a_domain_is_known_by_all_its_names_and_else_by_the_key() {
    let office = Office::new(PLAN);
    let bearer = format!("Bearer {ACME_KEY}");
    for (domain, header) in [
        (Some(ACME), None),
        (Some("ACME.Cloudonix.net"), None),
        (Some("0C5A6E0E-3b56-4a8e-9b11-2f6f0a0d9c55"), None),
        (Some(ACME), Some(OTHER)),
        (None, Some(ACME)),
        (Some(""), Some(ACME)),
        (None, None),
    ] {
        let answer = asked(&office, domain, header, Some(&bearer)).await;
        assert_eq!(answer.status, StatusCode::OK, "{domain:?} {header:?}");
    }
    let answer = asked(&office, Some(ACME), None, Some(&format!("bearer   {ACME_KEY}"))).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn an_organization_without_a_domain_is_known_by_its_key_alone() {
    let office = Office::with(&[(PLAN, &[], ACME_KEY), (PLAN, &[OTHER], OTHER_KEY)], None);
    for domain in [None, Some(ACME), Some("anything")] {
        assert_eq!(asked(&office, domain, None, Some(&format!("Bearer {ACME_KEY}"))).await.status, StatusCode::OK);
    }
    // Another organization's domain is not its own.
    let answer = asked(&office, Some(OTHER), None, Some(&format!("Bearer {ACME_KEY}"))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_step_needs_the_key_too() {
    let office = Office::new(PLAN);
    let action = office.call("1001", "1002", "subscriber").await.action();
    let refused = office.send(posted(&action, "a-key-that-nobody-has", &body(Some(ACME)))).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}
