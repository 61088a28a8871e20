//! `GET` and `PUT /conference-rooms/{id}/pins`.

use super::super::ApiState;
use super::super::answer::{Precondition, data};
use super::super::body::JsonObject;
use super::super::form::Reading;
use super::super::operation::{Access, Operation, data as data_of};
use super::super::resource::{Id, Resource, version};
use super::secret_pin;
use crate::access::{ConferencePins, Permit, Read, Update};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::permission::{Action, Resource as Protected};
use opbx_core::secret::Pin;
use opbx_store::{Entry, Kind};
use serde_json::{Value, json};

const PATH: &str = "/conference-rooms/{id}/pins";

pub(in crate::api) fn operations() -> Vec<Operation> {
    let pin = |example: &str| json!({ "type": ["string", "null"], "pattern": "^[0-9]{4,10}$", "example": example });
    let properties = json!({ "pin": pin("4711"), "host_pin": pin("9301") });
    let pins = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    let may = |action| Access::Right(action, Protected::ConferencePins);
    vec![
        Operation::new(Method::GET, PATH, "get_conference_room_pins", show)
            .about("conference-rooms", "Show a room's PINs; the reading is in the audit log")
            .access(may(Action::Read))
            .answers_json(200, data_of(pins.clone())),
        Operation::new(Method::PUT, PATH, "update_conference_room_pins", change)
            .about("conference-rooms", "Set or clear a room's PINs")
            .access(may(Action::Update))
            .conditional()
            .takes_json(pins.clone())
            .answers_json(200, data_of(pins)),
    ]
}

fn shown(room: &ConferenceRoom) -> Value {
    json!({ "pin": room.pin.as_ref().map(Pin::reveal), "host_pin": room.host_pin.as_ref().map(Pin::reveal) })
}

async fn show(State(api): State<ApiState>, permit: Permit<Read<ConferencePins>>, id: Id) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let mut edit = api.edit(&permit.caller).await?;
    let room = edit.find::<ConferenceRoom>(id.0).await?;
    edit.record(&Entry::of("secret_read", "conference_room", Some(id.0), room.object.called())).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&room).on(data(&shown(&room.object))))
}

async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<ConferencePins>>,
    id: Id,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.find::<ConferenceRoom>(id.0).await?;
    precondition.holds(&version(&before))?;
    let mut room = before.object.clone();
    let errors = {
        let reading = Reading::default();
        let fields = reading.fields(&body);
        fields.only(&["pin", "host_pin"]);
        if let (Some(pin), Some(host_pin)) =
            (secret_pin(&fields, "pin", room.pin.as_ref()), secret_pin(&fields, "host_pin", room.host_pin.as_ref()))
        {
            (room.pin, room.host_pin) = (pin, host_pin);
        }
        reading.finish().0
    };
    if !errors.is_empty() {
        return Err(Problem::Invalid(errors));
    }
    let errors = room.check(&edit, Some(&before)).await?;
    if !errors.is_empty() {
        return Err(Problem::Invalid(errors));
    }
    let after = edit.update(&before, room).await?;
    // The answer shows both, also the one that stays.
    edit.record(&Entry::of("secret_read", "conference_room", Some(id.0), after.object.called())).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&after).on(data(&shown(&after.object))))
}
