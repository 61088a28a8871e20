//! What stands in the way of a removal, for people.

use crate::problem::Problem;
use opbx_core::id::VoicemailBoxId;
use opbx_store::{Edit, ObjectKind, Reference};
use serde_json::{Value, json};

/// How many messages of a box are named.
const MESSAGES: u64 = 10;

/// Whether nothing leads to an object, as far as what goes with it is gone already.
///
/// # Errors
///
/// The refusal that names everything that does.
pub(super) async fn unused(edit: &Edit, kind: ObjectKind, id: u64) -> Result<(), Problem> {
    let messages = match kind {
        ObjectKind::VoicemailBox => messages_in(edit, VoicemailBoxId::new(id)).await?,
        _ => Vec::new(),
    };
    none_of(&edit.references(kind, id).await?, messages)
}

/// The messages in a box, as what stands in the way of its removal: some of them, where there are many.
pub(super) async fn messages_in(edit: &Edit, of: VoicemailBoxId) -> Result<Vec<Value>, Problem> {
    let messages = edit.messages_in(of, MESSAGES).await?;
    let told = messages.into_iter().map(
        |(id, from)| json!({ "type": "voicemail_message", "id": id.get(), "name": from, "path": "voicemail_box_id" }),
    );
    Ok(told.collect())
}

/// Whether there is none, of objects or of messages.
///
/// # Errors
///
/// The refusal that names them.
pub(super) fn none_of(references: &[(Reference, String)], messages: Vec<Value>) -> Result<(), Problem> {
    if references.is_empty() && messages.is_empty() {
        return Ok(());
    }
    let told = references.iter().map(|(reference, name)| {
        json!({ "type": reference.kind.word(), "id": reference.id, "name": name, "path": path(reference) })
    });
    Err(Problem::InUse(told.chain(messages).collect()))
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
