//! How objects look in the audit log: as they are shown, with a mark where a secret is set.

use super::resource::{Resource, shown_alone};
use opbx_core::ai_assistant::{AiAssistant, Connection};
use opbx_core::sound::Sound;
use opbx_store::PlanObject;
use serde_json::{Value, json};

/// What stands for a secret that is set.
const MARK: &str = "********";

/// Draws an object.
pub(crate) fn portrait(object: &PlanObject) -> Value {
    match object {
        PlanObject::Extension(object) => shown(object.clone()),
        PlanObject::PhoneNumber(object) => shown(object.clone()),
        PlanObject::RingGroup(object) => shown(object.clone()),
        PlanObject::IvrMenu(object) => shown(object.clone()),
        PlanObject::BusinessHours(object) => shown(object.clone()),
        PlanObject::HolidayList(object) => shown(object.clone()),
        PlanObject::BlockedCaller(object) => shown(object.clone()),
        PlanObject::ConferenceRoom(object) => {
            let secrets = [("pin", object.pin.is_some()), ("host_pin", object.host_pin.is_some())];
            marked(shown(object.clone()), &secrets)
        }
        PlanObject::VoicemailBox(object) => marked(shown(object.clone()), &[("pin", object.pin.is_some())]),
        PlanObject::Prompt(object) => {
            let mut fields = shown(object.clone());
            fields["file"] = file(&object.sound);
            fields
        }
        PlanObject::OutboundRule(object) => shown(object.clone()),
        PlanObject::AiAssistant(object) => {
            let mut fields = shown(object.clone());
            fields["connection"] = marked(fields["connection"].take(), &[("password", has_password(object))]);
            fields
        }
    }
}

/// The fields of the API, without what the row alone knows.
fn shown<R: Resource>(object: R) -> Value {
    let mut fields = shown_alone(object);
    for name in R::rules().read_only {
        fields.remove(*name);
    }
    Value::Object(fields)
}

/// Puts a mark where a secret is set.
fn marked(mut fields: Value, secrets: &[(&str, bool)]) -> Value {
    for (name, is_set) in secrets {
        fields[*name] = if *is_set { MARK.into() } else { Value::Null };
    }
    fields
}

/// What is held of a prompt: another file is another digest.
fn file(sound: &Sound) -> Value {
    match sound {
        Sound::Absent => Value::Null,
        Sound::Unreachable { error } => json!({ "error": error }),
        Sound::Held(file) => json!({
            "media_type": file.format.media_type(), "bytes": file.bytes, "sha256": file.digest.to_string(),
        }),
    }
}

fn has_password(assistant: &AiAssistant) -> bool {
    match &assistant.connection {
        Connection::Service { credentials, .. } | Connection::Sip { credentials, .. } => {
            credentials.as_ref().is_some_and(|credentials| credentials.password.is_some())
        }
        Connection::Stream { .. } => false,
    }
}
