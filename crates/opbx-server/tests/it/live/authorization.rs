//! Who may subscribe to what.

use super::serving::Serving;
use crate::api::company::Answer;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const SOCKET: &str = "17.42";

#[tokio::test]
async fn everyone_hears_their_organization_and_themselves_and_agents_their_own_extension() {
    let serving = Serving::new().await;
    let (own, other) =
        (serving.extension("1001", Some(serving.company.user("agent"))).await, serving.extension("1002", None).await);
    let organization = serving.company.organization.get();
    for who in ["owner", "admin", "agent", "reporter", "stranger"] {
        let is_ours = who != "stranger";
        let me = if is_ours { serving.company.user(who) } else { 0 };
        let someone = serving.company.user(if who == "owner" { "agent" } else { "owner" });
        for (channel, expected) in [
            (format!("presence-org.{organization}"), is_ours),
            (format!("presence-org.{}", organization + 1), !is_ours),
            ("presence-org.99".to_owned(), false),
            (format!("private-user.{me}"), is_ours),
            (format!("private-user.{someone}"), false),
            (format!("private-extension.{own}"), is_ours),
            (format!("private-extension.{other}"), is_ours && who != "agent"),
            ("private-extension.99".to_owned(), false),
            ("private-calls".to_owned(), false),
            ("calls".to_owned(), false),
            (String::new(), false),
        ] {
            let answer = serving.authorized(who, SOCKET, &channel).await;
            let status = if expected { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(answer.status, status, "{who} {channel}: {answer:?}");
            if expected {
                assert!(answer.body["auth"].as_str().unwrap().starts_with("opbx:"));
                assert_eq!(answer.body.get("channel_data").is_some(), channel.starts_with("presence-"));
            } else {
                // What is not there and what is somebody else's look the same.
                assert_eq!(answer.body["code"], "forbidden");
            }
        }
    }
    let answer = serving.authorized("agent", SOCKET, &serving.everyone()).await;
    let user = serving.company.user("agent");
    let told: Value = serde_json::from_str(answer.body["channel_data"].as_str().unwrap()).unwrap();
    assert_eq!(told, json!({ "user_id": user.to_string(), "user_info": { "name": "The agent", "role": "agent" } }));
}

#[tokio::test]
async fn it_is_asked_for_as_clients_ask() {
    let serving = Serving::new().await;
    let form = format!("socket_id=17.42&channel_name={}", serving.everyone());
    let asked = |path: &str, kind: &str, body: &str| {
        let request = Request::post(path).header("authorization", serving.company.bearer("owner"));
        request.header("content-type", kind).body(Body::from(body.to_owned())).unwrap()
    };
    let json = json!({ "socket_id": "17.42", "channel_name": serving.everyone(), "more": 1 }).to_string();
    for path in ["/broadcasting/auth", "/api/broadcasting/auth", "/api/v1/broadcasting/auth"] {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", form.as_str()),
            ("application/x-www-form-urlencoded; charset=UTF-8", form.as_str()),
            ("application/json", json.as_str()),
        ] {
            let answer = serving.send(asked(path, kind, body)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {kind}: {answer:?}");
        }
    }
    for (kind, body, status) in [
        ("text/plain", form.as_str(), 415),
        ("application/json", "{", 400),
        ("application/json", "{}", 422),
        ("application/json", r#"{"socket_id":7,"channel_name":"presence-org.1"}"#, 422),
        ("application/x-www-form-urlencoded", "socket_id=x&channel_name=presence-org.1", 422),
        ("application/x-www-form-urlencoded", "socket_id=1.2", 422),
    ] {
        let answer = serving.send(asked("/broadcasting/auth", kind, body)).await;
        assert_eq!(answer.status.as_u16(), status, "{kind} {body}: {answer:?}");
    }
    let answer = serving.ask("owner", Method::GET, "/broadcasting/auth", &json!({})).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = serving.send(Request::get("/app/opbx").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, &answer.body["code"]), (StatusCode::BAD_REQUEST, &json!("bad_request")));
}

#[tokio::test]
async fn only_people_who_may_are_let_in_by_what_they_come_with() {
    let serving = Serving::new().await;
    let token = serving.company.bearer("owner");
    let token = token.strip_prefix("Bearer ").unwrap();
    let abilities = |abilities: &[&str]| json!({ "name": abilities.join(" "), "abilities": abilities });
    let narrow = serving.ask("owner", Method::POST, "/api/v1/api-tokens", &abilities(&["extensions:read"])).await;
    let wide = serving.ask("owner", Method::POST, "/api/v1/api-tokens", &abilities(&["live-calls:read"])).await;
    let bearer = |answer: &Answer| format!("Bearer {}", answer.data()["token"].as_str().unwrap());
    let cookie = format!("opbx_session={token}");
    for (headers, status) in [
        (vec![], 401),
        (vec![("authorization", "Bearer 1|s-wrong".to_owned())], 401),
        (vec![("authorization", bearer(&narrow))], 403),
        (vec![("authorization", bearer(&wide))], 200),
        (vec![("cookie", cookie.clone())], 403),
        (
            vec![("cookie", cookie.clone()), ("sec-fetch-site", "cross-site".to_owned()), ("x-csrf", "1".to_owned())],
            403,
        ),
        (vec![("cookie", cookie), ("sec-fetch-site", "same-origin".to_owned()), ("x-csrf", "1".to_owned())], 200),
    ] {
        let mut request = Request::post("/broadcasting/auth").header("content-type", "application/json");
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        let body = json!({ "socket_id": SOCKET, "channel_name": serving.everyone() }).to_string();
        let answer = serving.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}: {answer:?}");
    }
}
