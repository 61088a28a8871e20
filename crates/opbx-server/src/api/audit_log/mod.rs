//! The audit log, for those who may read it.

use super::ApiState;
use super::answer::instant;
use super::crud::paging;
use super::dates::{Edge, Moment, unreadable};
use super::list::{QueryParameters, list_schema};
use super::operation::{Access, Operation};
use super::schema::{Schemas, schema_of};
use crate::access::{AuditLog, Permit, Read};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::permission::{Action, Resource};
use opbx_store::{AuditEntry, AuditQuery};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct EntryView {
    /// Its identifier.
    id: u64,
    /// Its place in the organization's log.
    sequence: u64,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// Who did it.
    actor: ActorView,
    /// The organization for which a token of the installation acted; null: nobody acted for it.
    acting_for: Option<u64>,
    /// What was done.
    #[schema(example = "updated")]
    action: String,
    /// To what.
    object: ObjectView,
    /// What it was, as far as it differs; secrets are hidden.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// What it is, as far as it differs; secrets are hidden.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The request, as its answer and the server's log name it.
    request_id: Option<String>,
    /// Where the request came from.
    ip: Option<String>,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditActor)]
struct ActorView {
    /// `user`, `api_token`, `installation`, `command`, `caller` or `job`.
    r#type: String,
    /// Of the person, where there is one behind it.
    id: Option<u64>,
    /// What they were called.
    name: String,
}

/// What something was done to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditObject)]
struct ObjectView {
    /// Singular, in snake case.
    #[schema(example = "ring_group")]
    r#type: String,
    /// Which one.
    id: Option<u64>,
    /// What it was called.
    name: String,
}

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<EntryView>(&mut schemas);
    let (number, word) = (json!({ "type": "integer", "format": "int64", "minimum": 1 }), json!({ "type": "string" }));
    let mut listing = Operation::new(Method::GET, "/audit-log", "list_audit_log", list)
        .about("audit-log", "What happened, newest first")
        .access(Access::Right(Action::Read, Resource::AuditLog))
        .query("actor", "Only what this person did.", number.clone())
        .query("object_type", "Only about this kind of thing.", word.clone())
        .query("object_id", "Only about the thing with this identifier.", number)
        .query("from", "Not before this day of the organization, or instant.", word.clone())
        .query("to", "Up to this day, included, or before this instant.", word);
    for (name, about, schema) in paging().into_iter().take(2) {
        listing = listing.query(name, about, schema);
    }
    vec![listing.answers_json(200, list_schema(&shown)).with_schemas(schemas)]
}

/// `GET /audit-log`.
async fn list(
    State(api): State<ApiState>,
    permit: Permit<Read<AuditLog>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    let asked = parameters.page(&[])?;
    let zone = api.zone(&permit.caller).await?;
    let number = |name: &'static str| match parameters.get(name) {
        None | Some("") => Ok(None),
        // As columns count.
        Some(text) => match text.parse::<u64>() {
            Ok(number) if (1..=i64::MAX as u64).contains(&number) => Ok(Some(number)),
            _ => Err(unreadable(name)),
        },
    };
    let edge = |name: &'static str, edge: Edge| {
        let moment = parameters.get(name).map(|text| Moment::read(text, name)).transpose()?;
        moment.map(|moment| moment.at(edge, &zone, name)).transpose()
    };
    let query = AuditQuery {
        actor: number("actor")?,
        object_type: parameters.get("object_type").filter(|text| !text.is_empty()).map(str::to_owned),
        object_id: number("object_id")?,
        from: edge("from", Edge::Begins)?,
        before: edge("to", Edge::Ends)?,
        offset: asked.query.offset,
        limit: asked.query.limit,
    };
    let page = api.tenant(&permit.caller).audit_log(&query).await?;
    let of = permit.caller.tenant.organization().get();
    Ok(asked.answer(page, |entry| view(entry, of)))
}

fn view(entry: AuditEntry, organization: u64) -> EntryView {
    EntryView {
        id: entry.id,
        sequence: entry.sequence,
        at: instant(entry.at),
        acting_for: (entry.actor_kind == "installation").then_some(organization),
        actor: ActorView { r#type: entry.actor_kind, id: entry.actor_id, name: entry.actor_name },
        action: entry.action,
        object: ObjectView { r#type: entry.object_type, id: entry.object_id, name: entry.object_name },
        before: entry.before,
        after: entry.after,
        request_id: entry.request_id,
        ip: entry.address,
    }
}
