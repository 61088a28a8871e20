//! What people and their programs ask: one folder for each resource, one list of operations.

mod ai_assistants;
mod answer;
mod api_tokens;
mod audit_log;
mod auth;
mod blocked_callers;
mod body;
mod broadcasting;
mod business_hours;
pub(crate) mod call_logs;
mod call_statistics;
mod conference_rooms;
mod crud;
mod dates;
mod destination;
mod docs;
mod example;
mod extensions;
mod form;
mod gates;
mod holiday_lists;
mod holidays;
mod hours;
mod ivr_menus;
mod list;
mod openapi;
mod operation;
mod organization;
mod organizations;
mod outbound_rules;
mod own;
mod phone_numbers;
mod platform_settings;
mod portrait;
mod privacy;
mod profile;
mod prompts;
mod recordings;
mod references;
mod repeated;
mod resource;
mod ring_groups;
mod routing;
mod schema;
mod sound;
mod state;
mod table;
mod users;
mod voicemail_boxes;
mod voices;
mod words;

pub(crate) use self::call_logs::{Numbers, call_view};
pub(crate) use self::gates::Gates;
pub(crate) use self::organization::settings_portrait;
pub(crate) use self::portrait::portrait;
pub(crate) use self::prompts::{PromptFetcher, upkeep};
pub(crate) use self::sound::Plays;
pub(crate) use self::state::{ApiParts, ApiState};

use self::crud::crud;
use self::operation::Operation;
use crate::edge::{across_origins, guarded};
use crate::limit::limited;
use crate::problem::Problem;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
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
    operations.extend(broadcasting::operations());
    operations.extend(profile::operations());
    operations.extend(organization::operations());
    operations.extend(platform_settings::operations());
    operations.extend(organizations::operations());
    operations.extend(users::operations());
    operations.extend(table::operations::<users::UserRows>());
    operations.extend(api_tokens::operations());
    operations.extend(audit_log::operations());
    operations.extend(call_logs::operations());
    operations.extend(crud::<Extension>());
    operations.extend(extensions::operations());
    operations.extend(table::operations::<Extension>());
    operations.extend(crud::<PhoneNumber>());
    operations.extend(table::operations::<PhoneNumber>());
    operations.extend(crud::<RingGroup>());
    operations.extend(crud::<IvrMenu>());
    operations.extend(crud::<BusinessHours>());
    operations.extend(business_hours::operations());
    operations.extend(crud::<NamedHolidayList>());
    operations.extend(holidays::operations());
    operations.extend(crud::<ConferenceRoom>());
    operations.extend(conference_rooms::operations());
    operations.extend(crud::<VoicemailBox>());
    operations.extend(voicemail_boxes::operations());
    operations.extend(crud::<BlockedCaller>());
    operations.extend(prompts::operations());
    operations.extend(sound::operations());
    operations.extend(voices::operations());
    operations.extend(crud::<OutboundRule>());
    operations.extend(outbound_rules::operations());
    operations.extend(crud::<AiAssistant>());
    operations.extend(routing::operations());
    operations.extend(call_statistics::operations());
    operations.extend(privacy::operations());
    operations.extend(recordings::operations());
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
    // Whoever waits on the telephone does not wait for a limit: the platform fetches prompts for everyone from one address.
    let (mut router, mut unlimited) = (Router::new(), Router::new());
    for base in ["/api", "/api/v1", ""] {
        for (path, (handlers, methods)) in &addresses {
            // Clients of live updates ask where they always do, besides.
            if base.is_empty() && *path != broadcasting::PATH {
                continue;
            }
            // Whoever may ask for a thing may ask for its headers alone.
            let mut allowed: Vec<&str> = methods.clone();
            if allowed.contains(&"GET") {
                allowed.push("HEAD");
            }
            allowed.sort_unstable();
            let allowed = allowed.join(", ");
            let refuse = async move || Problem::MethodNotAllowed(allowed.into());
            let (address, handlers) = (format!("{base}{path}"), handlers.clone().fallback(refuse));
            if path.starts_with("/media/") {
                unlimited = unlimited.route(&address, handlers);
            } else {
                router = router.route(&address, handlers);
            }
        }
        if !base.is_empty() {
            router = router.route(&format!("{base}/openapi.json"), openapi::route()).merge(docs::routes(base));
        }
    }
    let edge = api.edge().clone();
    let router = router.layer(from_fn_with_state(api.clone(), limited)).merge(unlimited);
    let router = router.layer(from_fn(guarded)).with_state(api);
    across_origins(router, &edge.cors_origins)
}
