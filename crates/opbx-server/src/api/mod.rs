//! What people and their programs ask: one folder for each resource, one list of operations.

mod ai_assistants;
mod answer;
mod api_tokens;
mod audit_log;
mod auth;
mod blocked_callers;
mod body;
mod business_hours;
mod conference_rooms;
mod crud;
mod destination;
mod extensions;
mod form;
mod holiday_lists;
mod hours;
mod ivr_menus;
mod list;
mod openapi;
mod operation;
mod organization;
mod outbound_rules;
mod phone_numbers;
mod portrait;
mod profile;
mod prompts;
mod references;
mod repeated;
mod resource;
mod ring_groups;
mod routing;
mod schema;
mod state;
mod users;
mod voicemail_boxes;
mod voices;
mod words;

pub(crate) use self::portrait::portrait;
pub(crate) use self::prompts::upkeep;
pub(crate) use self::state::{ApiParts, ApiState};

use self::crud::crud;
use self::operation::Operation;
use crate::problem::Problem;
use axum::Router;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use opbx_core::ai_assistant::AiAssistant;
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::business_hours::{BusinessHours, NamedHolidayList};
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::extension::Extension;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::phone_number::PhoneNumber;
use opbx_core::ring_group::RingGroup;
use opbx_core::voicemail_box::VoicemailBox;
use std::collections::BTreeMap;

/// Every operation.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = auth::operations();
    operations.extend(profile::operations());
    operations.extend(organization::operations());
    operations.extend(users::operations());
    operations.extend(api_tokens::operations());
    operations.extend(audit_log::operations());
    operations.extend(crud::<Extension>());
    operations.extend(extensions::operations());
    operations.extend(crud::<PhoneNumber>());
    operations.extend(crud::<RingGroup>());
    operations.extend(crud::<IvrMenu>());
    operations.extend(crud::<BusinessHours>());
    operations.extend(crud::<NamedHolidayList>());
    operations.extend(crud::<ConferenceRoom>());
    operations.extend(conference_rooms::operations());
    operations.extend(crud::<VoicemailBox>());
    operations.extend(voicemail_boxes::operations());
    operations.extend(crud::<BlockedCaller>());
    operations.extend(prompts::operations());
    operations.extend(voices::operations());
    operations.extend(crud::<OutboundRule>());
    operations.extend(outbound_rules::operations());
    operations.extend(crud::<AiAssistant>());
    operations.extend(routing::operations());
    operations
}

/// The description of the API, as it is served.
pub fn description() -> serde_json::Value {
    openapi::document(&operations())
}

/// The operations under both bases, and their description.
pub(crate) fn router(api: ApiState) -> Router {
    let operations = operations();
    let mut addresses: BTreeMap<&str, (MethodRouter<ApiState>, Vec<&str>)> = BTreeMap::new();
    for operation in &operations {
        let (handlers, methods) = addresses.entry(operation.path()).or_default();
        *handlers = std::mem::take(handlers).merge(operation.handler(&api));
        methods.push(operation.method());
    }
    let mut router = Router::new();
    for base in ["/api", "/api/v1"] {
        for (path, (handlers, methods)) in &addresses {
            let allowed = methods.join(", ");
            let refuse = async move || Problem::MethodNotAllowed(allowed.into());
            router = router.route(&format!("{base}{path}"), handlers.clone().fallback(refuse));
        }
        router = router.route(&format!("{base}/openapi.json"), openapi::route(&operations));
    }
    router.layer(from_fn(guarded)).with_state(api)
}

/// What every answer says to whatever shows it: it is data, of nobody else, and not to be kept.
async fn guarded(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
