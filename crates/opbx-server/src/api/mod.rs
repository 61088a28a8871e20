//! What people and their programs ask: one folder for each resource, one list of operations.

mod answer;
mod api_tokens;
mod audit_log;
mod auth;
mod body;
mod crud;
mod destination;
mod extensions;
mod form;
mod list;
mod openapi;
mod operation;
mod organization;
mod portrait;
mod profile;
mod references;
mod repeated;
mod resource;
mod schema;
mod state;
mod users;
mod words;

pub(crate) use self::state::{ApiParts, ApiState};

use self::crud::crud;
use self::operation::Operation;
use axum::Router;
use opbx_core::extension::Extension;

/// Every operation.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = auth::operations();
    operations.extend(profile::operations());
    operations.extend(organization::operations());
    operations.extend(users::operations());
    operations.extend(api_tokens::operations());
    operations.extend(audit_log::operations());
    operations.extend(crud::<Extension>());
    operations
}

/// The operations under both bases, and their description.
pub(crate) fn router(api: ApiState) -> Router {
    let operations = operations();
    let mut router = Router::new();
    for base in ["/api", "/api/v1"] {
        for operation in &operations {
            router = router.route(&format!("{base}{}", operation.path()), operation.handler(&api));
        }
        router = router.route(&format!("{base}/openapi.json"), openapi::route(&operations));
    }
    router.with_state(api)
}
