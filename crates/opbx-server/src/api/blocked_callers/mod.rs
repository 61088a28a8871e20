//! The block list: callers that are refused, or sent elsewhere.

use super::answer::instant;
use super::destination::DestinationView;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use super::words::StatusWord;
use crate::access::BlockedCallers;
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::id::BlockedCallerId;
use opbx_core::organization::Status;
use opbx_store::Stored;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Callers that are refused, or sent elsewhere.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockedCaller)]
pub(crate) struct BlockedCallerView {
    /// Its identifier.
    id: u64,
    /// A number or its beginning; it matches every number that begins with it.
    #[schema(pattern = "^\\+[0-9]{1,15}$", example = "+1900")]
    pattern: String,
    /// Why, for people.
    #[schema(max_length = 1000)]
    reason: Option<String>,
    /// Where these callers go; null: they are refused.
    destination: Option<DestinationView>,
    /// From when on the entry counts no more.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Whether it takes part.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl Resource for BlockedCaller {
    const PATH: &'static str = "blocked-callers";
    const NAME: &'static str = "blocked_caller";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = BlockedCallers;
    type View = BlockedCallerView;

    fn rules() -> Rules {
        Rules {
            required: &["pattern"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({ "reason": null, "destination": null, "expires_at": null, "status": "active" })),
        }
    }

    fn view(stored: &Stored<Self>) -> BlockedCallerView {
        let entry = &stored.object;
        BlockedCallerView {
            id: entry.id.get(),
            pattern: entry.pattern.to_string(),
            reason: entry.reason.as_ref().map(ToString::to_string),
            destination: entry.destination.as_ref().map(Into::into),
            expires_at: entry.expires_at.map(instant),
            status: entry.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        // Every field is read before the first one that is missing ends it, so that all mistakes are told.
        let (pattern, reason) = (fields.spelled("pattern"), fields.maybe_spelled("reason"));
        let (destination, expires_at) = (fields.maybe_destination("destination"), fields.maybe_instant("expires_at"));
        let status = fields.word("status");
        Some(Self {
            id: before.map_or(BlockedCallerId::new(0), |before| before.id),
            pattern: pattern?,
            reason: reason?,
            destination: destination?,
            expires_at: expires_at?,
            status: status?,
        })
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }
}
