//! What stands in the way of a removal, for people.

use crate::problem::Problem;
use opbx_store::{Edit, ObjectKind};
use serde_json::json;

/// Whether nothing leads to an object, as far as what goes with it is gone already.
///
/// # Errors
///
/// The refusal that names everything that does.
pub(super) async fn unused(edit: &Edit, kind: ObjectKind, id: u64) -> Result<(), Problem> {
    let references = edit.references(kind, id).await?;
    if references.is_empty() {
        return Ok(());
    }
    let told = references.iter().map(|(reference, name)| {
        json!({ "type": reference.kind.word(), "id": reference.id, "name": name, "path": reference.place })
    });
    Err(Problem::InUse(told.collect()))
}
