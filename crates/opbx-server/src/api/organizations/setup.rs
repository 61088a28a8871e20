//! `POST /setup`: the first organization of an empty installation.

use super::super::ApiState;
use super::super::body::JsonObject;
use super::super::form::Reading;
use super::super::portrait::portrait;
use super::super::users::{email, name};
use super::create::{Owner, Wanted, field_names, make, password, wanted};
use crate::access::Anyone;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value};

/// `POST /setup`. Without the right token there is nothing here: not before, not after.
pub(super) async fn set_up(
    State(api): State<ApiState>,
    anyone: Anyone,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let token = body.get("token").and_then(Value::as_str).unwrap_or_default();
    let right = api.setup().right(token).await.ok_or(Problem::NotFound)?;
    // Somebody with the machine in hand may have been faster.
    if !api.store().platform().is_empty().await? {
        right.used();
        return Err(Problem::NotFound);
    }
    let (wanted, owner) = read(&body)?;
    let field = |name: &str| if name == "email" { "owner.email".to_owned() } else { format!("organization.{name}") };
    let made = make(&api, (wanted, owner), &anyone.author(portrait), field).await?;
    right.used();
    Ok(made)
}

fn read(body: &Map<String, Value>) -> Result<(Wanted, Owner), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["token", "organization", "owner"]);
    let organization = fields.nested("organization").and_then(|of| {
        of.only(field_names());
        wanted(&of)
    });
    let owner = fields.nested("owner").and_then(|of| {
        of.only(&["name", "email", "password"]);
        let (name, email) = (name(&of, "name"), email(&of, "email"));
        let password = password(&of, "password", email.as_ref(), name.as_ref());
        Some(Owner { name: name?, email: email?, password: Some(password?) })
    });
    let (errors, _) = reading.finish();
    match (organization, owner) {
        (Some(organization), Some(owner)) if errors.is_empty() => Ok((organization, owner)),
        _ => Err(Problem::Invalid(errors)),
    }
}
