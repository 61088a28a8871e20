//! `GET` and `PUT /voicemail-boxes/{id}/pin`.

use super::super::ApiState;
use super::super::answer::{Precondition, data};
use super::super::body::JsonObject;
use super::super::conference_rooms::secret_pin;
use super::super::form::Reading;
use super::super::operation::{Access, Operation, data as data_of};
use super::super::resource::{Id, Resource, version};
use crate::access::{Caller, Permit, Read, Update, VoicemailPins};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::permission::{Action, Resource as Protected};
use opbx_core::secret::Pin;
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Edit, Entry, Kind};
use serde_json::{Value, json};

const PATH: &str = "/voicemail-boxes/{id}/pin";

pub(in crate::api) fn operations() -> Vec<Operation> {
    let pin = json!({ "type": ["string", "null"], "pattern": "^[0-9]{4,10}$", "example": "4711" });
    let shape = json!({ "type": "object", "additionalProperties": false, "properties": { "pin": pin } });
    let may = |action| Access::Right(action, Protected::VoicemailPins);
    vec![
        Operation::new(Method::GET, PATH, "get_voicemail_box_pin", show)
            .about("voicemail-boxes", "Show a box's PIN; the reading is in the audit log")
            .access(may(Action::Read))
            .answers_json(200, data_of(shape.clone())),
        Operation::new(Method::PUT, PATH, "update_voicemail_box_pin", change)
            .about("voicemail-boxes", "Set or clear a box's PIN")
            .access(may(Action::Update))
            .conditional()
            .takes_json(shape.clone())
            .answers_json(200, data_of(shape)),
    ]
}

fn shown(mailbox: &VoicemailBox) -> Value {
    json!({ "pin": mailbox.pin.as_ref().map(Pin::reveal) })
}

/// Whether a box is the caller's own.
async fn is_own(edit: &Edit, caller: &Caller, mailbox: &VoicemailBox) -> Result<bool, Problem> {
    match caller.user {
        Some(user) => mailbox.is_own(edit, user).await,
        None => Ok(false),
    }
}

async fn show(State(api): State<ApiState>, permit: Permit<Read<VoicemailPins>>, id: Id) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let mailbox = edit.find::<VoicemailBox>(id.0).await?;
    permit.reaches(is_own(&edit, &permit.caller, &mailbox.object).await?)?;
    edit.record(&Entry::of("secret_read", "voicemail_box", Some(id.0), mailbox.object.called())).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&mailbox).on(data(&shown(&mailbox.object))))
}

async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<VoicemailPins>>,
    id: Id,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.find::<VoicemailBox>(id.0).await?;
    permit.reaches(is_own(&edit, &permit.caller, &before.object).await?)?;
    precondition.holds(&version(&before))?;
    let (pin, errors) = {
        let reading = Reading::default();
        let fields = reading.fields(&body);
        fields.only(&["pin"]);
        // As everywhere: what is absent stays.
        let pin = secret_pin(&fields, "pin", before.object.pin.as_ref());
        (pin, reading.finish().0)
    };
    let Some(pin) = pin.filter(|_| errors.is_empty()) else { return Err(Problem::Invalid(errors)) };
    let after = edit.update(&before, VoicemailBox { pin, ..before.object.clone() }).await?;
    // The answer shows it, also where it stays.
    edit.record(&Entry::of("secret_read", "voicemail_box", Some(id.0), after.object.called())).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&after).on(data(&shown(&after.object))))
}
