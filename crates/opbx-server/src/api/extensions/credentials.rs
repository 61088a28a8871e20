//! What an extension's phone signs in with: `/extensions/{id}/sip-credentials`.

use super::super::ApiState;
use super::super::answer::data;
use super::super::operation::{Access, Operation, data as data_of};
use super::super::resource::Id;
use super::super::schema::object;
use crate::access::{Permit, Read, SipCredentials, Update};
use crate::problem::Problem;
use crate::random_text::random_text;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::extension::Extension;
use opbx_core::permission::{Action, Resource};
use opbx_core::secret::Password;
use opbx_store::{Edit, Entry, Kind};
use serde_json::json;

const PATH: &str = "/extensions/{id}/sip-credentials";
pub(in crate::api) fn operations() -> Vec<Operation> {
    let text = json!({ "type": "string" });
    let domain = json!({ "type": ["string", "null"], "description": "The organization's domain at the platform." });
    let shape = object(&json!({ "username": text, "password": text, "domain": domain }));
    let may = |action| Access::Right(action, Resource::SipCredentials);
    vec![
        Operation::new(Method::GET, PATH, "get_sip_credentials", show)
            .about("extensions", "Show what a phone signs in with; the reading is in the audit log")
            .access(may(Action::Read))
            .answers_json(200, data_of(shape.clone()))
            .refuses(&[409]),
        Operation::new(Method::POST, format!("{PATH}/rotate"), "rotate_sip_credentials", rotate)
            .about("extensions", "Give a phone another password")
            .access(may(Action::Update))
            .answers_json(200, data_of(shape))
            .refuses(&[409]),
    ]
}

async fn show(State(api): State<ApiState>, permit: Permit<Read<SipCredentials>>, id: Id) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let extension = of_a_phone(&edit, id).await?;
    permit.reaches(permit.caller.user.is_some() && extension.user == permit.caller.user)?;
    // A phone that never had a password gets its first one.
    let password = match edit.sip_password(extension.id).await? {
        Some(password) => password,
        None => {
            let first = fresh(&mut edit, &extension).await?;
            edit.record(&Entry::of("secret_created", "extension", Some(id.0), extension.called())).await?;
            first
        }
    };
    edit.record(&Entry::of("secret_read", "extension", Some(id.0), extension.called())).await?;
    let domain = edit.domain().await?;
    api.commit(&permit.caller, edit).await?;
    Ok(data(&json!({ "username": extension.number, "password": password.reveal(), "domain": domain })))
}

async fn rotate(
    State(api): State<ApiState>,
    permit: Permit<Update<SipCredentials>>,
    id: Id,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let extension = of_a_phone(&edit, id).await?;
    permit.reaches(permit.caller.user.is_some() && extension.user == permit.caller.user)?;
    let password = fresh(&mut edit, &extension).await?;
    edit.record(&Entry::of("secret_rotated", "extension", Some(id.0), extension.called())).await?;
    let domain = edit.domain().await?;
    api.commit(&permit.caller, edit).await?;
    Ok(data(&json!({ "username": extension.number, "password": password.reveal(), "domain": domain })))
}

/// Only a person's phone signs in.
async fn of_a_phone(edit: &Edit, id: Id) -> Result<Extension, Problem> {
    let extension = edit.find::<Extension>(id.0).await?.object;
    if extension.is_user() {
        return Ok(extension);
    }
    Err(Problem::Conflict("Only an extension of type user has a phone that signs in.".into()))
}

async fn fresh(edit: &mut Edit, extension: &Extension) -> Result<Password, Problem> {
    let password = Password::new(random_text()?);
    edit.set_sip_password(extension.id, &password).await?;
    Ok(password)
}
