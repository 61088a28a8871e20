//! Limits, addresses, origins, and what every answer carries.

use super::company::{Answer, Company};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use opbx_server::Edge;
use serde_json::json;
use std::net::SocketAddr;
use std::num::NonZeroU32;

async fn limited(often: u32) -> Company {
    Company::with_edge(Edge { api_rate_limit: NonZeroU32::new(often), ..Edge::default() }, None).await
}

/// A request as it comes over a connection from there.
fn from(peer: &str, method: Method, path: &str) -> axum::http::request::Builder {
    let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
    Request::builder().method(method).uri(format!("/api/v1{path}")).extension(ConnectInfo(peer))
}

async fn nobody(company: &Company, peer: &str) -> Answer {
    company.send(from(peer, Method::GET, "/extensions").body(Body::empty()).unwrap()).await
}

fn standing(answer: &Answer) -> (&str, &str) {
    (answer.header("x-ratelimit-limit"), answer.header("x-ratelimit-remaining"))
}

#[tokio::test]
async fn every_actor_has_a_limit_of_their_own() {
    let company = limited(3).await;
    for remaining in ["2", "1", "0"] {
        let answer = company.get("/extensions").await;
        assert_eq!((answer.status, standing(&answer)), (StatusCode::OK, ("3", remaining)));
    }
    let answer = company.get("/extensions").await;
    assert_eq!((answer.status, standing(&answer)), (StatusCode::TOO_MANY_REQUESTS, ("3", "0")));
    assert_eq!(answer.header("retry-after"), "20");
    assert_eq!(answer.body["code"], "rate_limited");
    // A refusal of another kind tells how the limit stands, too.
    let answer = company.ask("reporter", Method::GET, "/extensions/99", None).await;
    assert_eq!((answer.status, standing(&answer)), (StatusCode::NOT_FOUND, ("3", "2")));
    company.wait(SignedDuration::from_secs(20));
    assert_eq!(company.get("/extensions").await.status, StatusCode::OK);
    assert_eq!(company.get("/extensions").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn whoever_is_not_known_is_counted_by_address() {
    let company = limited(2).await;
    for _ in 0..2 {
        assert_eq!(nobody(&company, "192.0.2.1").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(nobody(&company, "192.0.2.1").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(nobody(&company, "192.0.2.2").await.status, StatusCode::UNAUTHORIZED);
    // A token that is not right uses up nothing of whoever has the right one.
    for _ in 0..3 {
        let request = from("192.0.2.3", Method::GET, "/extensions").header("authorization", "Bearer 1|s-guessed");
        company.send(request.body(Body::empty()).unwrap()).await;
    }
    let owner = from("192.0.2.3", Method::GET, "/extensions").header("authorization", company.bearer("owner"));
    assert_eq!(company.send(owner.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

/// Whoever waits on the telephone waits for no limit: the platform fetches the prompts of everyone from one address.
#[tokio::test]
async fn the_files_of_prompts_are_fetched_as_often_as_they_are_played() {
    let company = limited(1).await;
    assert_eq!(nobody(&company, "192.0.2.1").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody(&company, "192.0.2.1").await.status, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..3 {
        let media = from("192.0.2.1", Method::GET, "/media/of-nobody");
        assert_eq!(company.send(media.body(Body::empty()).unwrap()).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_token_is_an_actor_beside_its_creator() {
    let company = limited(2).await;
    let body = json!({ "name": "Reader", "abilities": ["extensions:read"] });
    let token = company.post("/api-tokens", &body).await.data()["token"].as_str().unwrap().to_owned();
    for status in [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(company.as_bearer(&token, Method::GET, "/extensions").await.status, status);
    }
    assert_eq!(company.get("/extensions").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_organization_has_a_limit_over_all_its_people() {
    let company = limited(100).await;
    assert_eq!(standing(&company.get("/extensions").await), ("100", "99"));
    company.allow_requests(Some(2)).await;
    company.wait(SignedDuration::from_secs(1));
    assert_eq!(standing(&company.get("/extensions").await), ("2", "1"));
    assert_eq!(company.ask("reporter", Method::GET, "/extensions", None).await.status, StatusCode::OK);
    let answer = company.ask("admin", Method::GET, "/extensions", None).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "30"));
    // Another organization has its own.
    assert_eq!(company.ask("stranger", Method::GET, "/extensions", None).await.status, StatusCode::OK);
    company.allow_requests(None).await;
    company.wait(SignedDuration::from_secs(1));
    assert_eq!(company.ask("admin", Method::GET, "/extensions", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_limit_nothing_is_said_of_one() {
    let company = Company::new().await;
    let answer = company.get("/extensions").await;
    assert!(!answer.headers.contains_key("x-ratelimit-limit"), "{answer:?}");
}

#[tokio::test]
async fn a_trusted_proxy_tells_where_a_request_comes_from() {
    let edge = Edge { trusted_proxies: "10.0.0.0/8".parse().unwrap(), ..Edge::default() };
    let company = Company::with_edge(edge, None).await;
    company.set_password("owner", "correct horse battery").await;
    let email = company.get("/auth/me").await.data()["user"]["email"].clone();
    let body = json!({ "email": email, "password": "correct horse battery" }).to_string();
    for (peer, address) in [("10.0.0.1", "203.0.113.9"), ("192.0.2.1", "192.0.2.1")] {
        let request = from(peer, Method::POST, "/auth/login").header("x-forwarded-for", "1.1.1.1, 203.0.113.9");
        let request = request.header("content-type", "application/json").body(Body::from(body.clone())).unwrap();
        let answer = company.send(request).await;
        let token = answer.body["token"].as_str().unwrap();
        let sessions = company.as_bearer(token, Method::GET, "/profile/sessions").await;
        let current = sessions.data().as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
        assert_eq!(current["address"], address);
        let entries = company.get("/audit-log").await;
        let signed_in = entries.data().as_array().unwrap().iter().find(|entry| entry["action"] == "signed_in").unwrap();
        assert_eq!(signed_in["ip"], address);
    }
}

async fn across(company: &Company, method: Method, path: &str, origin: &str) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}")).header("origin", origin);
    let request = request.header("access-control-request-method", "PATCH");
    let request = request.header("access-control-request-headers", "authorization,content-type,if-match");
    company.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn pages_of_listed_origins_may_read_answers() {
    let edge = Edge { cors_origins: "https://app.example.com".parse().unwrap(), ..Edge::default() };
    let company = Company::with_edge(edge, None).await;
    let asked = across(&company, Method::OPTIONS, "/extensions/1", "https://app.example.com").await;
    assert_eq!(asked.status, StatusCode::OK);
    assert_eq!(asked.header("access-control-allow-origin"), "https://app.example.com");
    assert_eq!(asked.header("access-control-allow-credentials"), "true");
    assert!(asked.header("access-control-allow-methods").contains("PATCH"));
    assert!(asked.header("access-control-allow-headers").contains("if-match"));
    // A refusal can be read, too.
    let answer = across(&company, Method::GET, "/extensions", "https://app.example.com").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("access-control-allow-origin"), "https://app.example.com");
    for name in ["etag", "location", "x-request-id", "x-ratelimit-remaining", "retry-after"] {
        assert!(answer.header("access-control-expose-headers").contains(name), "{name}");
    }
    for origin in ["https://app.example.com.evil.example", "http://app.example.com", "null"] {
        let answer = across(&company, Method::GET, "/extensions", origin).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
}

#[tokio::test]
async fn any_origin_never_comes_with_a_cookie() {
    let edge = Edge { cors_origins: "*".parse().unwrap(), ..Edge::default() };
    let company = Company::with_edge(edge, None).await;
    let answer = across(&company, Method::GET, "/extensions", "https://anywhere.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
}

#[tokio::test]
async fn without_origins_no_page_of_others_reads_anything() {
    let company = Company::new().await;
    let answer = across(&company, Method::GET, "/extensions", "https://app.example.com").await;
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{answer:?}");
    let asked = across(&company, Method::OPTIONS, "/extensions/1", "https://app.example.com").await;
    assert_eq!(asked.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn every_answer_is_closed_to_pages() {
    for (public_url, tls) in
        [(None, false), (Some("http://pbx.example.com"), false), (Some("https://pbx.example.com"), true)]
    {
        let company = Company::with_edge(Edge::default(), public_url).await;
        for path in
            ["/api/v1/extensions", "/api/v1/openapi.json", "/api/docs", "/api/nowhere", "/livez", "/api/voice/route"]
        {
            let answer = company.send(Request::get(path).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
            assert!(answer.header("permissions-policy").contains("microphone=(self)"), "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(!policy.contains("script-src 'self' 'unsafe-inline'"), "{path}");
            assert_eq!(answer.headers.contains_key("strict-transport-security"), tls, "{path}");
        }
    }
}

#[tokio::test]
async fn whatever_cannot_be_asked_is_refused_with_a_document() {
    let company = Company::new().await;
    let posting = |kind: &str, body: Vec<u8>| {
        let request = Request::post("/api/v1/extensions").header("authorization", company.bearer("owner"));
        company.send(request.header("content-type", kind).body(Body::from(body)).unwrap())
    };
    let refused = |answer: Answer, status: u16, code: &str| {
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (status, &json!(code)), "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.body["request_id"], answer.header("x-request-id"));
    };
    refused(posting("application/json", vec![b' '; 1024 * 1024 + 1]).await, 413, "body_too_large");
    refused(posting("text/plain", b"{}".to_vec()).await, 415, "unsupported_media_type");
    refused(posting("application/json", b"{".to_vec()).await, 400, "bad_request");
    refused(posting("application/json", b"[]".to_vec()).await, 400, "bad_request");
    refused(posting("application/json", b"{\"name\":\"\xff\"}".to_vec()).await, 400, "bad_request");
    refused(posting("application/json", br#"{"name":"\ud800"}"#.to_vec()).await, 400, "bad_request");
    // Who asks comes first: a stranger hears nothing of what is wrong with the rest.
    let stranger = Request::post("/api/v1/extensions").header("idempotency-key", "").body(Body::from("{"));
    let stranger = company.send(stranger.unwrap()).await;
    refused(stranger, 401, "unauthenticated");
    let long = format!("/extensions?search={}", "x".repeat(8 * 1024));
    refused(company.get(&long).await, 414, "address_too_long");
    refused(company.get("/nowhere").await, 404, "not_found");
    for method in [Method::DELETE, Method::OPTIONS, Method::TRACE, Method::from_bytes(b"QUERY").unwrap()] {
        let answer = company.ask("owner", method, "/extensions", None).await;
        assert_eq!(answer.header("allow"), "GET, HEAD, PATCH, POST");
        refused(answer, 405, "method_not_allowed");
    }
}

#[tokio::test]
async fn the_description_can_be_browsed_without_the_network() {
    let company = Company::new().await;
    for base in ["/api", "/api/v1"] {
        let page = company.send(Request::get(format!("{base}/docs")).body(Body::empty()).unwrap()).await;
        assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
        let text = page.body.as_str().unwrap();
        assert!(!text.contains("<script>") && !text.contains("://"), "{text}");
        let named = text.split(['"']).filter(|word| word.starts_with("docs/"));
        let mut files = 0;
        for name in named {
            let file = company.send(Request::get(format!("{base}/{name}")).body(Body::empty()).unwrap()).await;
            assert_eq!(file.status, StatusCode::OK, "{name}");
            files += 1;
        }
        assert_eq!(files, 4);
        for path in ["docs/", "docs/index.html", "docs/../openapi.json"] {
            let answer = company.send(Request::get(format!("{base}/{path}")).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        let answer = company.send(Request::post(format!("{base}/docs")).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
    }
}
