//! Choosing a password with a link: when it was forgotten, and when someone comes for the first time.

use super::super::ApiState;
use super::super::answer::{accepted, done};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading};
use super::super::users::email;
use super::client::{Client, inside};
use super::sign_in::{known, open};
use crate::access::admitted;
use crate::auth::{Counter, Offer, Refusal, strong};
use crate::field_errors::{FieldError, FieldErrors};
use crate::jobs::password_reset;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::secret::Password;
use opbx_core::text::EmailAddress;
use opbx_store::{Edit, Entry, Person, USER, User};
use serde_json::{Map, Value};

/// `POST /auth/forgot`: the same answer and the same work whether there is such a person or not.
pub(super) async fn forgot(
    State(api): State<ApiState>,
    client: Client,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let email = asked_email(&body)?;
    // Every request counts here, since none of them fails.
    let counters = [Counter::letters_for(email.as_str()), Counter::letters_from(client.from)];
    let counted = api.attempts().count(&counters, api.now());
    counted.inspect_err(|_| client.tries(None).refused(Refusal::TooOften))?;
    if api.has_mail() {
        let job = password_reset(email.as_str(), &client.request.to_string(), &client.address, api.now());
        api.store().platform().enqueue(&job, api.now()).await?;
        api.left_work();
    } else {
        tracing::warn!("someone asked for a new password, and no mail server is set (OPBX_SMTP_URL)");
    }
    Ok(accepted())
}

fn asked_email(body: &Map<String, Value>) -> Result<EmailAddress, Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["email"]);
    let email = email(&fields, "email");
    let (errors, _) = reading.finish();
    email.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}

/// `POST /auth/reset`.
pub(super) async fn reset(
    State(api): State<ApiState>,
    client: Client,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (edit, _) = chosen(&api, &client, &body, Offer::Reset).await?;
    edit.commit().await?;
    Ok(done())
}

/// `POST /auth/accept-invite`.
pub(super) async fn accept_invite(
    State(api): State<ApiState>,
    client: Client,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (edit, person) = chosen(&api, &client, &body, Offer::Invitation).await?;
    open(&api, edit, &person, &client).await
}

/// The change that sets the password which someone with a link has chosen, not made yet. Whatever they were signed in with
/// ends by it, and so does every other link of theirs.
async fn chosen(
    api: &ApiState,
    client: &Client,
    body: &Map<String, Value>,
    offer: Offer,
) -> Result<(Edit, Person), Problem> {
    let counters = [Counter::links_from(client.from)];
    client.tries(None).may(api.attempts(), &counters, api.now())?;
    let asked = Asked::read(body)?;
    let Some(code) = known(api, &asked.token, offer.purpose()).await? else {
        client.tries(None).failed(Refusal::SpentLink, api.attempts(), &counters, api.now())?;
        return Err(expired());
    };
    let tried = client.tries(Some(code.person.id));
    // Others may have guessed while this one was looked for.
    tried.may(api.attempts(), &counters, api.now())?;
    admitted(&code.person)?;
    let user = api.store().tenant(&inside(&code.person)).user(code.person.id).await?.object;
    let password = asked.password(&user)?;
    let hash = api.passwords().hash(password).await?;
    let mut edit = client.edit(api, &code.person).await?;
    match edit.use_code(code.id).await {
        Err(opbx_store::Error::NotFound) => {
            tried.refused(Refusal::SpentLink);
            return Err(expired());
        }
        used => used?,
    }
    let present = edit.candidate(user.id).await?;
    admitted(&present.person)?;
    // Someone who has come by another way since they were invited: their password is theirs by now.
    if offer == Offer::Invitation && present.password_hash.is_some() {
        tried.refused(Refusal::SpentLink);
        return Err(expired());
    }
    edit.set_password(&user, hash).await?;
    edit.end_other_sessions(user.id, None).await?;
    if offer == Offer::Invitation {
        edit.record(&Entry::of("invitation_accepted", USER, Some(user.id.get()), user.name.to_string())).await?;
    }
    Ok((edit, present.person))
}

/// A link that was used, has expired or never was: which of them is not told.
fn expired() -> Problem {
    let error = FieldError::rule("expired", "This link does not count any more. Ask for another one.");
    Problem::Invalid(FieldErrors::one("token", error))
}

/// What is asked for, before it is known whose it is.
struct Asked {
    token: String,
    password: String,
}

impl Asked {
    fn read(body: &Map<String, Value>) -> Result<Self, Problem> {
        let reading = Reading::default();
        let fields = reading.fields(body);
        fields.only(&["token", "password", "password_confirmation"]);
        let asked = Self::of(&fields);
        let (errors, _) = reading.finish();
        asked.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
    }

    fn of(fields: &Fields<'_>) -> Option<Self> {
        let (token, password) = (fields.text("token"), fields.text("password"));
        let (again, password) = (fields.text("password_confirmation"), password?);
        if again? != password {
            let error = FieldError::rule("different", "This is not what was entered above.");
            return fields.wrong("password_confirmation", error);
        }
        Some(Self { token: token?.to_owned(), password: password.to_owned() })
    }

    /// The password, if it is strong enough for this person. One that is not does not use the link up.
    fn password(self, user: &User) -> Result<Password, Problem> {
        match strong(&self.password, user.email.as_str(), user.name.as_str()) {
            Ok(()) => Ok(Password::new(self.password)),
            Err(weak) => Err(Problem::Invalid(FieldErrors::one("password", FieldError::weak(&weak)))),
        }
    }
}
