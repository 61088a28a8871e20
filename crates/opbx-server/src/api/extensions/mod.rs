//! Extensions.

mod cascade;
mod credentials;
mod read;
mod view;

pub(super) use self::credentials::operations;
pub(super) use self::read::limits;
pub(super) use self::view::{ExtensionView, LimitsView as CapsView};

use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use crate::access::Extensions;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use opbx_core::extension::Extension;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_store::{Edit, ObjectKind, Stored, USER};
use serde_json::{Value, json};

const TYPES: &[&str] = &[
    "user",
    "forward",
    "ring_group",
    "ivr",
    "conference",
    "business_hours",
    "voicemail",
    "ai_assistant",
    "announcement",
];

impl Resource for Extension {
    const PATH: &'static str = "extensions";
    const NAME: &'static str = "extension";
    const FILTERS: &'static [FilterField] = &[
        FilterField { name: "type", values: Values::Words(TYPES) },
        FilterField { name: "status", values: Values::Words(&["active", "inactive"]) },
        FilterField { name: "user_id", values: Values::Number },
    ];
    const MANY: bool = true;
    type Right = Extensions;
    type View = ExtensionView;

    fn rules() -> Rules {
        let defaults = json!({
            "user_id": null, "status": "active", "voicemail_enabled": false, "ring_timeout": null,
            "do_not_disturb": false, "forward_always": null, "forward_busy": null, "forward_no_answer": null,
            "forward_unreachable": null, "outbound_permission": "internal", "caller_id_phone_number_id": null,
            "recording": null, "missed_call_email": null, "limits": view::no_limits(), "configuration": {},
        });
        Rules {
            required: &["extension_number", "name", "type"],
            immutable: &["extension_number"],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: if let Value::Object(defaults) = defaults { defaults } else { serde_json::Map::new() },
        }
    }

    fn view(stored: &Stored<Self>) -> ExtensionView {
        ExtensionView::of(stored)
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        read::extension(fields, before)
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }

    async fn is_own(&self, _edit: &Edit, user: UserId) -> Result<bool, Problem> {
        Ok(self.user == Some(user))
    }

    async fn written(&self, edit: &mut Edit, _before: Option<&Stored<Self>>) -> Result<(), Problem> {
        cascade::provide_box(self, edit).await
    }

    async fn removed(stored: &Stored<Self>, edit: &mut Edit) -> Result<(), Problem> {
        cascade::clear_away(stored, edit).await
    }

    async fn check(&self, edit: &Edit, before: Option<&Stored<Self>>) -> Result<FieldErrors, Problem> {
        if before.is_none()
            && let Some(most) = edit.allowance().await?.extensions
            && edit.extensions().await? >= u64::from(most)
        {
            return Err(Problem::LimitReached { limit: "extensions", value: u64::from(most) });
        }
        let mut errors = FieldErrors::default();
        if before.is_some_and(|before| before.object.is_user()) && !self.is_user() {
            let groups = edit.references(ObjectKind::Extension, self.id.get()).await?.into_iter();
            let groups =
                groups.filter(|(reference, _)| reference.kind == ObjectKind::RingGroup && reference.place == "members");
            let names: Vec<String> = groups.map(|(_, name)| name).collect();
            if !names.is_empty() {
                let text = format!(
                    "Only an extension of type user is a member of groups. Take it out of {}.",
                    names.join(", ")
                );
                errors.add("type", FieldError::rule("not_allowed", text));
            }
        }
        if let Some(user) = self.user {
            if !self.is_user() {
                let text = "Only an extension of type user belongs to a person.";
                errors.add("user_id", FieldError::rule("not_allowed", text));
            } else if !edit.has_user(user).await? {
                errors.add("user_id", FieldError::reference(USER, user.get()));
            }
        }
        Ok(errors)
    }
}
