//! A user as they are shown and read.

use super::super::answer::instant;
use super::super::form::{Fields, Rules};
use super::super::words::StatusWord;
use super::ROLES;
use crate::field_errors::FieldError;
use opbx_core::id::UserId;
use opbx_core::permission::Role;
use opbx_core::text::Name;
use opbx_store::{Stored, User};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A person who may sign in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// Their identifier.
    id: u64,
    /// What people call them.
    #[schema(min_length = 2, max_length = 255, example = "Alice Ray")]
    name: String,
    /// Where they get mail, and what they sign in with.
    #[schema(format = Email, max_length = 254, example = "alice@acme.example")]
    email: String,
    /// What they may do.
    role: RoleWord,
    /// Whether they may sign in.
    status: StatusWord,
    /// Where they are reached, for colleagues.
    phone: Option<String>,
    /// When they were made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When they were last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What a person may do, from most to least.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
enum RoleWord {
    /// Answers for the organization.
    Owner,
    /// Runs the phone system.
    Admin,
    /// Has an extension and runs it.
    Agent,
    /// Reads; listens to nothing.
    Reporter,
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Agent => Self::Agent,
            Role::Reporter => Self::Reporter,
        }
    }
}

impl UserView {
    pub(in crate::api) fn of(stored: &Stored<User>) -> Self {
        let user = &stored.object;
        Self {
            id: user.id.get(),
            name: user.name.to_string(),
            email: user.email.to_string(),
            role: user.role.into(),
            status: user.status.into(),
            phone: user.phone.as_ref().map(ToString::to_string),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }
}

pub(super) fn rules() -> Rules {
    Rules {
        required: &["name", "email", "role"],
        immutable: &["password"],
        read_only: &["id", "created_at", "updated_at"],
        write_only: &["password"],
        defaults: object(json!({ "status": "active", "phone": null })),
    }
}

/// The fields of an object that was written as one.
pub(in crate::api) fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(object) = value { object } else { Map::new() }
}

pub(super) fn read(fields: &Fields<'_>, id: UserId) -> Option<User> {
    let name = name(fields, "name");
    let (email, role) = (email(fields, "email"), role(fields));
    let (status, phone) = (fields.word("status"), fields.maybe_spelled("phone"));
    Some(User { id, name: name?, email: email?, role: role?, status: status?, phone: phone? })
}

/// What someone is called, in at least two characters.
pub(in crate::api) fn name(fields: &Fields<'_>, field: &str) -> Option<Name> {
    let name = fields.spelled::<Name>(field)?;
    match name.as_str().chars().count() {
        0..2 => fields.wrong(field, FieldError::invalid("a name of 2 to 255 characters")),
        _ => Some(name),
    }
}

/// An address as it is kept: in lower case, something before the `@` and a dot behind it.
pub(in crate::api) fn email(fields: &Fields<'_>, name: &str) -> Option<opbx_core::text::EmailAddress> {
    let wrong = || fields.wrong(name, FieldError::invalid("an e-mail address"));
    let text = fields.text(name)?.trim().to_lowercase();
    let Some((local, domain)) = text.rsplit_once('@') else { return wrong() };
    let has_shape = !local.is_empty() && domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    if !has_shape || local.contains('@') {
        return wrong();
    }
    text.parse().ok().or_else(wrong)
}

fn role(fields: &Fields<'_>) -> Option<Role> {
    let word = fields.text("role")?;
    let expected = || FieldError::invalid(&format!("one of {}", ROLES.join(", ")));
    Role::parse(word).or_else(|| fields.wrong("role", expected()))
}
