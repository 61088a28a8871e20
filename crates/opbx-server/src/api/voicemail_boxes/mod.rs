//! Voicemail boxes, and at addresses of their own their PINs and what callers left in them.

mod messages;
mod pin;

use super::answer::instant;
use super::conference_rooms::{pin_schema, secret_pin};
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::operation::Operation;
use super::resource::Resource;
use super::users::object;
use super::words::{EmailModeWord, StatusWord};
use crate::access::VoicemailBoxes;
use crate::problem::Problem;
use opbx_core::extension::Extension;
use opbx_core::id::{ExtensionId, PromptId, UserId, VoicemailBoxId};
use opbx_core::organization::Status;
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Edit, ObjectKind, Stored};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The operations beside those of every resource.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = pin::operations();
    operations.extend(messages::operations());
    operations
}

/// A box in which callers leave messages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoicemailBox)]
pub(crate) struct VoicemailBoxView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Whose box it is; null: nobody's in particular.
    extension_id: Option<u64>,
    /// What callers hear; null: a sentence with its name.
    greeting_prompt_id: Option<u64>,
    /// The longest message, in seconds.
    #[schema(minimum = 10, maximum = 600)]
    max_length: u32,
    /// How many messages it holds.
    #[schema(minimum = 1, maximum = 1000)]
    max_messages: u32,
    /// Who is told of a new message.
    #[schema(format = Email, max_length = 254)]
    email: Option<String>,
    /// How they are told.
    email_mode: EmailModeWord,
    /// Whether messages can be left in it.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl Resource for VoicemailBox {
    const PATH: &'static str = "voicemail-boxes";
    const NAME: &'static str = "voicemail_box";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = VoicemailBoxes;
    type View = VoicemailBoxView;

    fn rules() -> Rules {
        Rules {
            required: &["name"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &["pin"],
            defaults: object(json!({
                "extension_id": null, "greeting_prompt_id": null, "max_length": 120, "max_messages": 100,
                "email": null, "email_mode": "link", "status": "active",
            })),
        }
    }

    fn secrets() -> Vec<(&'static str, Value)> {
        vec![("pin", pin_schema())]
    }

    fn view(stored: &Stored<Self>) -> VoicemailBoxView {
        let mailbox = &stored.object;
        VoicemailBoxView {
            id: mailbox.id.get(),
            name: mailbox.name.to_string(),
            extension_id: mailbox.extension_id.map(ExtensionId::get),
            greeting_prompt_id: mailbox.greeting.map(PromptId::get),
            max_length: mailbox.max_length.get(),
            max_messages: mailbox.max_messages.get(),
            email: mailbox.email.as_ref().map(ToString::to_string),
            email_mode: mailbox.email_mode.into(),
            status: mailbox.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        // Every field is read before the first one that is missing ends it, so that all mistakes are told.
        let (name, status) = (fields.spelled("name"), fields.word("status"));
        let extension_id = fields.maybe_reference("extension_id", ObjectKind::Extension, ExtensionId::new);
        let greeting = fields.maybe_reference("greeting_prompt_id", ObjectKind::Prompt, PromptId::new);
        let (max_length, max_messages) = (fields.number("max_length"), fields.number("max_messages"));
        let (email, email_mode) = (fields.maybe_spelled("email"), fields.word("email_mode"));
        let pin = secret_pin(fields, "pin", before.and_then(|before| before.pin.as_ref()));
        Some(Self {
            id: before.map_or(VoicemailBoxId::new(0), |before| before.id),
            name: name?,
            status: status?,
            extension_id: extension_id?,
            pin: pin?,
            greeting: greeting?,
            max_length: max_length?,
            max_messages: max_messages?,
            email: email?,
            email_mode: email_mode?,
        })
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }

    /// A box is its extension's.
    async fn is_own(&self, edit: &Edit, user: UserId) -> Result<bool, Problem> {
        let Some(extension) = self.extension_id else { return Ok(false) };
        Ok(edit.find::<Extension>(extension.get()).await?.object.user == Some(user))
    }
}
