//! `/profile/totp`.

use super::super::ApiState;
use super::super::answer::{data, done};
use super::super::body::JsonObject;
use super::super::form::Reading;
use super::person::confirm;
use crate::access::Person;
use crate::auth::{RecoveryCodes, Totp};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::secret::Password;
use opbx_store::{CodeTaken, Constraint, Entry, Error, USER};
use serde_json::{Map, Value, json};

/// `POST /profile/totp`.
pub(super) async fn begin(State(api): State<ApiState>, Person(caller, me): Person) -> Result<Response, Problem> {
    let mut edit = api.edit(&caller).await?;
    let user = edit.user(me).await?.object;
    let totp = Totp::draw(user.email.as_str())?;
    match edit.begin_second_factor(me, totp.secret().reveal()).await {
        Err(Error::Conflict(Constraint::Twice)) => {
            return Err(Problem::Conflict("A second factor is on. Turn it off first.".into()));
        }
        begun => begun?,
    }
    edit.record(&Entry::of("second_factor_begun", USER, Some(me.get()), user.name.to_string())).await?;
    api.commit(&caller, edit).await?;
    Ok(data(&json!({ "secret": totp.secret().reveal(), "uri": totp.uri()? })))
}

/// `POST /profile/totp/verify`.
pub(super) async fn verify(
    State(api): State<ApiState>,
    Person(caller, me): Person,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let code = text(&body, "code")?;
    // Read inside the edit: what is confirmed is what the code was checked against, and once.
    let mut edit = api.edit(&caller).await?;
    let factor = edit.second_factor(me).await?;
    let factor =
        factor.ok_or(Problem::Conflict("No second factor was begun. Begin with POST /profile/totp.".into()))?;
    if factor.confirmed {
        return Err(Problem::Conflict("The second factor is on already.".into()));
    }
    let user = edit.user(me).await?.object;
    let step = Totp::of(&factor.secret, user.email.as_str())?.step(&code, api.now());
    let wrong = || {
        Problem::Invalid(FieldErrors::one("code", FieldError::invalid("the code that your authenticator shows now")))
    };
    let step = step.ok_or_else(wrong)?;
    let codes = RecoveryCodes::draw()?;
    edit.confirm_second_factor(me, user.name.as_str(), &codes.digests()).await?;
    if edit.take_step(me, step).await? == CodeTaken::Before {
        return Err(wrong());
    }
    api.commit(&caller, edit).await?;
    Ok(data(&json!({ "recovery_codes": codes.texts() })))
}

/// `DELETE /profile/totp`.
pub(super) async fn disable(
    State(api): State<ApiState>,
    Person(caller, me): Person,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let password = Password::new(text(&body, "current_password")?);
    let user = api.tenant(&caller).user(me).await?.object;
    let confirmed = confirm(&api, &caller, &user, password).await?;
    let mut edit = api.edit(&caller).await?;
    confirmed.holds(&edit).await?;
    edit.remove_second_factor(me, user.name.as_str()).await?;
    api.commit(&caller, edit).await?;
    Ok(done())
}

/// The one field of a body.
fn text(body: &Map<String, Value>, name: &str) -> Result<String, Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&[name]);
    let text = fields.text(name).map(str::to_owned);
    let (errors, _) = reading.finish();
    text.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}
