//! Methods, sizes, addresses, and the names of requests.

use crate::office::{ACME_KEY, Office, posted, said};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

const PLAN: &str = "organization Acme US America/New_York\nextension 1001 Alice\nextension 1002 Bob\n";

fn request(method: Method, path: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("Authorization", format!("Bearer {ACME_KEY}"));
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn other_methods_are_told_which_ones_there_are() {
    let office = Office::new(PLAN);
    for path in ["/api/voice/route", "/api/v1/webhooks/cloudonix/call-initiated", "/api/voice/continue/token"] {
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            let answer = office.send(request(method.clone(), path)).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(answer.headers["allow"], "GET, POST");
            if method != Method::HEAD {
                assert_eq!(answer.problem()["code"], "method_not_allowed");
            }
        }
    }
    let answer = office.send(request(Method::POST, "/livez")).await;
    assert_eq!(
        (answer.status, answer.headers["allow"].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD")
    );
    answer.problem();
}

#[tokio::test]
async fn a_body_has_at_most_one_mebibyte() {
    let office = Office::new(PLAN);
    let padded = |bytes: usize| {
        let mut body = said("1001", "1002", "subscriber");
        body["Padding"] = json!("");
        let length = body.to_string().len();
        body["Padding"] = json!("x".repeat(bytes - length));
        assert_eq!(body.to_string().len(), bytes);
        posted("/api/voice/route", ACME_KEY, &body)
    };
    assert_eq!(office.send(padded(1024 * 1024)).await.rings(), ["1002"]);
    let answer = office.send(padded(1024 * 1024 + 1)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.problem()["code"], "body_too_large");
    // Without a length beforehand it is the same.
    let (parts, body) = padded(1024 * 1024 + 1).into_parts();
    let chunked = Body::new(http_body_util::StreamBody::new(http_body_util::BodyStream::new(body)));
    let answer = office.send(Request::from_parts(parts, chunked)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_address_has_at_most_eight_kibibytes() {
    let office = Office::new(PLAN);
    let long = |bytes: usize| format!("/livez?{}", "x".repeat(bytes - "/livez?".len()));
    assert_eq!(office.send(request(Method::GET, &long(8 * 1024))).await.status, StatusCode::OK);
    for path in ["/livez?", "/api/voice/route?To=", "/nowhere?"] {
        let answer = office.send(request(Method::POST, &format!("{path}{}", "x".repeat(8 * 1024)))).await;
        assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
        assert_eq!(answer.problem()["code"], "address_too_long");
    }
}

#[tokio::test]
async fn nothing_stands_elsewhere() {
    let office = Office::new(PLAN);
    for path in [
        "/",
        "/api",
        "/api/voice",
        "/api/voice/continue",
        "/api/voice/continue/",
        "/api/v2/voice/route",
        "/voice/route",
    ] {
        let answer = office.send(request(Method::POST, path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.problem()["code"], "not_found");
    }
}

#[tokio::test]
async fn every_answer_carries_a_name() {
    let office = Office::new(PLAN);
    let given = "0190a6c8-4a4b-4a41-9a3e-6b3f6f2f5b11";
    for path in ["/api/voice/route", "/livez", "/readyz", "/nowhere"] {
        let mut request = request(Method::GET, path);
        let made = office.send(self::request(Method::GET, path)).await.headers["x-request-id"].clone();
        assert_eq!(uuid::Uuid::parse_str(made.to_str().unwrap()).unwrap().get_version_num(), 7);
        request.headers_mut().insert("X-Request-Id", given.parse().unwrap());
        assert_eq!(office.send(request).await.headers["x-request-id"], given);
    }
}

#[tokio::test]
async fn the_server_says_that_it_lives_and_is_ready() {
    let office = Office::new(PLAN);
    for (path, body) in [("/livez", r#"{"status":"alive"}"#), ("/readyz", r#"{"status":"ready"}"#)] {
        let answer = office.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, body));
    }
}
