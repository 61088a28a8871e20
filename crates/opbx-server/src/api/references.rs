//! What stands in the way of a removal, for people.

use super::ApiState;
use crate::access::Caller;
use crate::problem::Problem;
use opbx_store::ObjectKind;
use serde_json::json;

/// The refusal that names everything that leads to an object.
pub(super) async fn in_use(api: &ApiState, caller: &Caller, kind: ObjectKind, id: u64) -> Result<Problem, Problem> {
    let references = api.tenant(caller).references(kind, id).await?;
    let objects: Vec<_> = references.iter().map(|reference| (reference.kind, reference.id)).collect();
    let names = api.tenant(caller).names(&objects).await?;
    let told = references.iter().map(|reference| {
        let name = names.get(&(reference.kind, reference.id)).map_or("", String::as_str);
        json!({ "type": reference.kind.word(), "id": reference.id, "name": name, "path": reference.place })
    });
    Ok(Problem::InUse(told.collect()))
}
