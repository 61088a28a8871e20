//! Whoever may no longer listen loses their sockets within five seconds.

use super::serving::{Serving, Socket};
use crate::bench::author;
use axum::http::{Method, Request};
use opbx_core::id::OrganizationId;
use opbx_core::organization::OrganizationStatus;
use opbx_store::{Reason, Tenant};
use serde_json::json;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_session_that_ended_and_a_person_who_was_deactivated_hear_no_more() {
    let serving = Serving::new().await;
    let everyone = serving.everyone();
    let mut stays = serving.listening("owner", &everyone).await;
    let mut signed_out = serving.listening("reporter", &everyone).await;
    let mut deactivated = serving.listening("agent", &everyone).await;
    serving.ask("reporter", Method::POST, "/api/v1/auth/logout", &json!({})).await;
    let (code, took) = signed_out.is_closed().await;
    assert!(code == 4009 && took < SOON, "{code} after {took:?}");
    let path = format!("/api/v1/users/{}", serving.company.user("agent"));
    serving.ask("owner", Method::PATCH, &path, &json!({ "status": "inactive" })).await.data();
    let (code, took) = deactivated.is_closed().await;
    assert!(code == 4009 && took < SOON, "{code} after {took:?}");
    // Everyone else listens on, and has heard who went.
    let gone = json!(serving.company.user("agent").to_string());
    while stays.hears().await["data"]["user_id"] != gone {}
}

#[tokio::test]
async fn a_token_that_was_revoked_hears_no_more() {
    let serving = Serving::new().await;
    let body = json!({ "name": "Wallboard", "abilities": ["live-calls:read"] });
    let token = serving.ask("owner", Method::POST, "/api/v1/api-tokens", &body).await.data().clone();
    let mut socket = Socket::new(serving.address).await;
    let request = Request::post("/broadcasting/auth")
        .header("authorization", format!("Bearer {}", token["token"].as_str().unwrap()))
        .header("content-type", "application/json")
        .body(json!({ "socket_id": socket.id, "channel_name": serving.everyone() }).to_string().into())
        .unwrap();
    let answer = serving.send(request).await;
    socket.subscribes(&serving.everyone(), &answer.body).await;
    serving.ask("owner", Method::DELETE, &format!("/api/v1/api-tokens/{}", token["id"]), &json!({})).await;
    let (code, took) = socket.is_closed().await;
    assert!(code == 4009 && took < SOON, "{code} after {took:?}");
}

#[tokio::test]
async fn whoever_has_other_rights_asks_again() {
    let serving = Serving::new().await;
    let extension = serving.extension("1001", Some(serving.company.user("agent"))).await;
    let mut desk = serving.listening("agent", &format!("private-extension.{extension}")).await;
    let mut promoted = serving.listening("reporter", &serving.everyone()).await;
    let path = format!("/api/v1/extensions/{extension}");
    serving.ask("owner", Method::PATCH, &path, &json!({ "user_id": null })).await.data();
    let (code, took) = desk.is_closed().await;
    assert!(code == 4203 && took < SOON, "{code} after {took:?}");
    let path = format!("/api/v1/users/{}", serving.company.user("reporter"));
    serving.ask("owner", Method::PATCH, &path, &json!({ "role": "agent" })).await.data();
    let (code, took) = promoted.is_closed().await;
    assert!(code == 4203 && took < SOON, "{code} after {took:?}");
}

#[tokio::test]
async fn a_suspended_organization_hears_no_more() {
    let serving = Serving::new().await;
    let mut ours = serving.listening("admin", &serving.everyone()).await;
    let other = OrganizationId::new(serving.company.organization.get() + 1);
    let mut theirs = serving.listening("stranger", &format!("presence-org.{other}")).await;
    let tenant = serving.company.store.tenant(&Tenant::inside(other, Reason::Command));
    let mut edit = tenant.edit(author(), serving.company.now()).await.unwrap();
    edit.set_organization_status(OrganizationStatus::Suspended).await.unwrap();
    edit.commit().await.unwrap();
    let (code, took) = theirs.is_closed().await;
    assert!(code == 4009 && took < SOON, "{code} after {took:?}");
    ours.answers().await;
}
