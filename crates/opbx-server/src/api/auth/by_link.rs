//! Choosing a password with a link: when it was forgotten, and when someone comes for the first time.

use super::super::ApiState;
use super::super::answer::{accepted, done};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading};
use super::super::users::email;
use super::answer::Client;
use super::sign_in::{author, inside, open};
use crate::access::{Presented, TokenKind, admitted};
use crate::auth::{Offer, strong};
use crate::field_errors::{FieldError, FieldErrors};
use crate::jobs::password_reset;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use opbx_core::secret::Password;
use opbx_core::text::EmailAddress;
use opbx_store::{Entry, OneTimeCode, USER, User};
use serde_json::{Map, Value};

/// How many letters a minute may be asked for to an address.
const MOST_PER_EMAIL: usize = 5;
/// How many letters a minute may be asked for, and links tried in vain, from an address of the network.
const MOST_PER_ADDRESS: usize = 20;

/// `POST /auth/forgot`: the same answer and the same work whether there is such a person or not.
pub(super) async fn forgot(
    State(api): State<ApiState>,
    client: Client,
    Extension(request): Extension<RequestId>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let email = asked_email(&body)?;
    // Every request counts here, since none of them fails.
    let names =
        [(format!("forgot {email}"), MOST_PER_EMAIL), (format!("forgot from {}", client.address), MOST_PER_ADDRESS)];
    for (name, most) in &names {
        may_try(&api, name, *most)?;
    }
    for (name, _) in &names {
        api.attempts().failed(name, api.now());
    }
    if api.has_mail() {
        let job = password_reset(email.as_str(), &request.to_string(), &client.address, api.now());
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
    Extension(request): Extension<RequestId>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    chosen(&api, &client, &request, &body, Offer::Reset).await?;
    Ok(done())
}

/// `POST /auth/accept-invite`.
pub(super) async fn accept_invite(
    State(api): State<ApiState>,
    client: Client,
    Extension(request): Extension<RequestId>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let code = chosen(&api, &client, &request, &body, Offer::Invitation).await?;
    open(&api, &code.person, &request, &client).await
}

/// Sets the password that someone with a link has chosen. Whatever they were signed in with ends, and so does every other
/// link of theirs.
async fn chosen(
    api: &ApiState,
    client: &Client,
    request: &RequestId,
    body: &Map<String, Value>,
    offer: Offer,
) -> Result<OneTimeCode, Problem> {
    let address = format!("link from {}", client.address);
    may_try(api, &address, MOST_PER_ADDRESS)?;
    let asked = Asked::read(body)?;
    let Some(code) = known(api, &asked.token, offer).await? else {
        api.attempts().failed(&address, api.now());
        return Err(expired());
    };
    admitted(&code.person)?;
    let tenant = api.store().tenant(&inside(&code.person));
    let user = tenant.user(code.person.id).await?.object;
    if offer == Offer::Invitation && has_password(api, &user).await? {
        return Err(expired());
    }
    let password = asked.password(&user)?;
    let hash = api.passwords().hash(password).await?;
    let mut edit = tenant.edit(author(&code.person, request, client), api.now()).await?;
    match edit.use_code(code.id).await {
        Err(opbx_store::Error::NotFound) => return Err(expired()),
        used => used?,
    }
    edit.set_password(&user, hash).await?;
    edit.end_other_sessions(user.id, None).await?;
    if offer == Offer::Invitation {
        edit.record(&Entry::of("invitation_accepted", USER, Some(user.id.get()), user.name.to_string())).await?;
    }
    edit.commit().await?;
    Ok(code)
}

/// Whether someone has come by another way since they were invited: their password is theirs by now.
async fn has_password(api: &ApiState, user: &User) -> Result<bool, Problem> {
    let known = api.store().platform().candidate(user.email.as_str()).await?;
    Ok(known.is_none_or(|known| known.password_hash.is_some()))
}

/// The code of a token that was given out for this.
async fn known(api: &ApiState, token: &str, offer: Offer) -> Result<Option<OneTimeCode>, Problem> {
    let presented = Presented::read(token).filter(|presented| presented.kind == TokenKind::Once);
    let Some(presented) = presented else { return Ok(None) };
    let code = api.store().platform().one_time_code(presented.id, api.now()).await?;
    Ok(code.filter(|code| code.purpose == offer.purpose() && presented.is(code.digest)))
}

fn may_try(api: &ApiState, name: &str, most: usize) -> Result<(), Problem> {
    match api.attempts().wait(name, most, api.now()) {
        None => Ok(()),
        Some(after) => Err(Problem::RateLimited { limit: u32::try_from(most).unwrap_or(u32::MAX), after }),
    }
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
            Err(weak) => {
                let error = FieldError::rule("weak_password", format!("Choose {weak}."));
                Err(Problem::Invalid(FieldErrors::one("password", error)))
            }
        }
    }
}
