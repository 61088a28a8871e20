//! What stands in the way of a removal, for people.

use crate::problem::Problem;
use opbx_store::{Edit, ObjectKind, Reference};
use serde_json::json;

/// Whether nothing leads to an object, as far as what goes with it is gone already.
///
/// # Errors
///
/// The refusal that names everything that does.
pub(super) async fn unused(edit: &Edit, kind: ObjectKind, id: u64) -> Result<(), Problem> {
    none_of(&edit.references(kind, id).await?)
}

/// Whether there is none.
///
/// # Errors
///
/// The refusal that names them.
pub(super) fn none_of(references: &[(Reference, String)]) -> Result<(), Problem> {
    if references.is_empty() {
        return Ok(());
    }
    let told = references.iter().map(|(reference, name)| {
        json!({ "type": reference.kind.word(), "id": reference.id, "name": name, "path": path(reference) })
    });
    Err(Problem::InUse(told.collect()))
}

/// The field of the API that leads there. The store knows its own places, which are older than some fields.
fn path(reference: &Reference) -> &str {
    match (reference.kind, reference.place.as_str()) {
        (ObjectKind::Extension, "leads_to") => "configuration",
        (ObjectKind::Extension, "caller_id") => "caller_id_phone_number_id",
        (ObjectKind::OutboundRule, "caller_id") => "caller_id.phone_number_id",
        (ObjectKind::VoicemailBox, "greeting") => "greeting_prompt_id",
        (ObjectKind::Organization, "recording_notice") => "recording_notice_prompt_id",
        (_, place) => place,
    }
}
