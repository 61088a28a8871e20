//! `/profile` and `/profile/password`.

use super::super::ApiState;
use super::super::answer::{Precondition, data, done};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading, Rules, merged};
use super::super::users::{UserView, email, name, object, tell_former_address, version};
use crate::access::{Caller, Means, Person};
use crate::auth::{Counter, Refusal, Tried, Verdict, strong};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::id::UserId;
use opbx_core::secret::Password;
use opbx_store::{Edit, Stored, User};
use serde_json::{Map, Value, json};

/// `GET /profile`.
pub(super) async fn show(State(api): State<ApiState>, Person(caller, me): Person) -> Result<Response, Problem> {
    caller.enrolled()?;
    let stored = api.tenant(&caller).user(me).await?;
    Ok(version(&stored).on(data(&UserView::of(&stored))))
}

/// `PATCH /profile`.
pub(super) async fn change(
    State(api): State<ApiState>,
    Person(caller, me): Person,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    caller.enrolled()?;
    let mut edit = api.edit(&caller).await?;
    let before = edit.user(me).await?;
    precondition.holds(&version(&before))?;
    let after = changed(&before, &body)?;
    let stored = edit.update_user(&before, &after).await?;
    tell_former_address(&api, &mut edit, &before.object, &stored.object).await?;
    api.commit(&caller, edit).await?;
    api.left_work();
    Ok(version(&stored).on(data(&UserView::of(&stored))))
}

/// What someone is by role and status is for others to say; sent back as it was shown, it is no change.
pub(super) fn rules() -> Rules {
    Rules {
        required: &["name", "email"],
        immutable: &[],
        read_only: &["id", "role", "status", "created_at", "updated_at"],
        write_only: &[],
        defaults: object(json!({ "phone": null })),
    }
}

fn changed(before: &Stored<User>, body: &Map<String, Value>) -> Result<User, Problem> {
    let shown = serde_json::to_value(UserView::of(before)).map(object).unwrap_or_default();
    let whole = merged(&rules(), Some(&shown), body).map_err(Problem::Invalid)?;
    let reading = Reading::default();
    let fields = reading.fields(&whole);
    let (name, email, phone) = (name(&fields, "name"), email(&fields, "email"), fields.maybe_spelled("phone"));
    let (errors, _) = reading.finish();
    match (name, email, phone) {
        (Some(name), Some(email), Some(phone)) if errors.is_empty() => {
            Ok(User { name, email, phone, ..before.object.clone() })
        }
        _ => Err(Problem::Invalid(errors)),
    }
}

/// `PUT /profile/password`.
pub(super) async fn change_password(
    State(api): State<ApiState>,
    Person(caller, me): Person,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    caller.enrolled()?;
    let user = api.tenant(&caller).user(me).await?.object;
    let (current, new) = passwords(&body, &user)?;
    let confirmed = confirm(&api, &caller, &user, current).await?;
    let hash = api.passwords().hash(new).await?;
    let keep = match caller.means {
        Means::Session { id } => Some(id),
        Means::Token { .. } | Means::Installation { .. } => None,
    };
    let mut edit = api.edit(&caller).await?;
    confirmed.holds(&edit).await?;
    edit.set_password(&user, hash).await?;
    edit.end_other_sessions(me, keep).await?;
    api.commit(&caller, edit).await?;
    Ok(done())
}

/// A password that its person has confirmed, by the hash that it was compared with.
#[derive(Debug)]
pub(super) struct Confirmed(UserId, Option<String>);

impl Confirmed {
    /// Whether it is still the password inside an edit: another one may have been chosen meanwhile, by the one who lost
    /// this session to a thief.
    pub(super) async fn holds(&self, edit: &Edit) -> Result<(), Problem> {
        if edit.candidate(self.0).await?.password_hash == self.1 { Ok(()) } else { Err(wrong_password()) }
    }
}

/// Whether the caller knows their password. A wrong one is a fault of that field, and counts as a failed sign-in.
pub(super) async fn confirm(
    api: &ApiState,
    caller: &Caller,
    user: &User,
    password: Password,
) -> Result<Confirmed, Problem> {
    let counters = [Counter::passwords_for(user.email.as_str())];
    let address = caller.address.as_deref().unwrap_or_default();
    let tried = Tried { request: &caller.request, address, user: Some(user.id) };
    tried.may(api.attempts(), &counters, api.now())?;
    let candidate = api.store().platform().candidate(user.email.as_str()).await?;
    let own = candidate.filter(|candidate| candidate.person.id == user.id);
    let hash = own.and_then(|candidate| candidate.password_hash);
    if api.passwords().check(password, hash.clone()).await? == Verdict::Wrong {
        tried.failed(Refusal::WrongPassword, api.attempts(), &counters, api.now())?;
        return Err(wrong_password());
    }
    // Others may have guessed while this one was hashed.
    tried.may(api.attempts(), &counters, api.now())?;
    Ok(Confirmed(user.id, hash))
}

fn wrong_password() -> Problem {
    let error = FieldError::rule("wrong_password", "This is not your present password.");
    Problem::Invalid(FieldErrors::one("current_password", error))
}

fn passwords(body: &Map<String, Value>, user: &User) -> Result<(Password, Password), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["current_password", "password", "password_confirmation"]);
    let current = fields.text("current_password").map(|text| Password::new(text.to_owned()));
    let new = new_password(&fields, user);
    let (errors, _) = reading.finish();
    match (current, new) {
        (Some(current), Some(new)) if errors.is_empty() => Ok((current, new)),
        _ => Err(Problem::Invalid(errors)),
    }
}

/// A password that was entered twice and is strong enough for its person.
fn new_password(fields: &Fields<'_>, user: &User) -> Option<Password> {
    let (password, again) = (fields.text("password"), fields.text("password_confirmation"));
    let password = password?;
    if again? != password {
        let error = FieldError::rule("different", "This is not what was entered above.");
        return fields.wrong("password_confirmation", error);
    }
    match strong(password, user.email.as_str(), user.name.as_str()) {
        Ok(()) => Some(Password::new(password.to_owned())),
        Err(weak) => fields.wrong("password", FieldError::weak(&weak)),
    }
}
