//! Signing in: a password, and where it is on a second factor.

use super::super::ApiState;
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading};
use super::answer::{Client, signed_in};
use crate::access::{NewToken, Presented, TokenKind, admitted};
use crate::auth::{self, RecoveryCodes, Totp, Verdict};
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use opbx_core::secret::Password;
use opbx_store::{Actor, Author, Candidate, CodePurpose, CodeTaken, Entry, NewSession, Person, Reason, Tenant, USER};
use serde_json::{Map, Value};

/// Failures a minute after which an address waits.
const MOST_PER_EMAIL: usize = 5;
/// Failures a minute after which everyone behind an address of the network waits.
const MOST_PER_ADDRESS: usize = 20;

/// `POST /auth/login`.
pub(super) async fn login(
    State(api): State<ApiState>,
    client: Client,
    Extension(request): Extension<RequestId>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (email, password) = credentials(&body)?;
    let names = Names::of(&email, &client);
    names.may_try(&api)?;
    let candidate = api.store().platform().candidate(email.trim()).await?;
    let hash = candidate.as_ref().and_then(|candidate| candidate.password_hash.clone());
    let verdict = api.passwords().check(Password::new(password.clone()), hash).await?;
    let (Some(candidate), true) = (candidate, verdict != Verdict::Wrong) else {
        names.failed(&api);
        return Err(Problem::InvalidCredentials);
    };
    admitted(&candidate.person)?;
    if verdict == Verdict::RightButOld {
        upgrade(&api, &candidate.person, &request, &client, password).await?;
    }
    if candidate.second_factor {
        return Err(challenge(&api, &candidate, &request, &client).await?);
    }
    open(&api, &candidate.person, &request, &client).await
}

/// `POST /auth/login/second-factor`.
pub(super) async fn second_factor(
    State(api): State<ApiState>,
    client: Client,
    Extension(request): Extension<RequestId>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (challenge, code) =
        read(&body, |fields| Some((fields.text("challenge")?.to_owned(), fields.text("code")?.to_owned())))?;
    let presented = Presented::read(&challenge).filter(|presented| presented.kind == TokenKind::Once);
    let presented = presented.ok_or(Problem::InvalidCredentials)?;
    let known = api.store().platform().one_time_code(presented.id, api.now()).await?;
    let known = known.filter(|known| known.purpose == CodePurpose::SecondFactor && presented.is(known.digest));
    let known = known.ok_or(Problem::InvalidCredentials)?;
    // Counted before the code is looked at, so that tries at the same time are counted too.
    if api.store().platform().try_code(known.id).await.map_err(gone)? > auth::CHALLENGE_TRIES {
        return Err(Problem::InvalidCredentials);
    }
    admitted(&known.person)?;
    let tenant = api.store().tenant(&inside(&known.person));
    let user = tenant.user(known.person.id).await?;
    let factor = tenant.second_factor(known.person.id).await?.ok_or(Problem::InvalidCredentials)?;
    let totp = Totp::of(&factor.secret, user.object.email.as_str())?;
    let mut edit = tenant.edit(author(&known.person, &request, &client), api.now()).await?;
    let taken = match totp.step(&code, api.now()) {
        Some(step) => edit.take_step(known.person.id, step).await?,
        None => edit.take_recovery_code(known.person.id, RecoveryCodes::digest(&code)).await?,
    };
    if taken == CodeTaken::Before {
        return Err(Problem::InvalidCredentials);
    }
    edit.use_code(known.id).await.map_err(gone)?;
    edit.commit().await?;
    open(&api, &known.person, &request, &client).await
}

/// A code that somebody else has just used is one that does not count.
fn gone(error: opbx_store::Error) -> Problem {
    match error {
        opbx_store::Error::NotFound => Problem::InvalidCredentials,
        other => other.into(),
    }
}

/// Opens a session for someone whose credentials were right.
pub(super) async fn open(
    api: &ApiState,
    person: &Person,
    request: &RequestId,
    client: &Client,
) -> Result<Response, Problem> {
    let token = NewToken::draw(TokenKind::Session).map_err(|_| Problem::Internal)?;
    let expires_at = api.now() + auth::SESSION;
    let tenant = api.store().tenant(&inside(person));
    let mut edit = tenant.edit(author(person, request, client), api.now()).await?;
    let session = NewSession {
        user: person.id,
        digest: token.digest(),
        device: client.device.clone(),
        address: client.address.clone(),
        expires_at,
    };
    let id = edit.open_session(session).await?;
    let user = edit.user(person.id).await?;
    edit.record(&Entry::of("signed_in", USER, Some(person.id.get()), person.name.clone())).await?;
    edit.commit().await?;
    Ok(signed_in(api, token.text(id), expires_at, (&user.object, person.organization), client.cookie))
}

/// The first half of a sign-in was right: the refusal that says how to go on.
async fn challenge(
    api: &ApiState,
    candidate: &Candidate,
    request: &RequestId,
    client: &Client,
) -> Result<Problem, Problem> {
    let token = NewToken::draw(TokenKind::Once).map_err(|_| Problem::Internal)?;
    let person = &candidate.person;
    let tenant = api.store().tenant(&inside(person));
    let mut edit = tenant.edit(author(person, request, client), api.now()).await?;
    let until = api.now() + auth::CHALLENGE;
    let id = edit.give_code(person.id, CodePurpose::SecondFactor, token.digest(), until).await?;
    edit.commit().await?;
    Ok(Problem::SecondFactorNeeded(token.text(id)))
}

async fn upgrade(
    api: &ApiState,
    person: &Person,
    request: &RequestId,
    client: &Client,
    password: String,
) -> Result<(), Problem> {
    let hash = api.passwords().hash(Password::new(password)).await?;
    let mut edit = api.store().tenant(&inside(person)).edit(author(person, request, client), api.now()).await?;
    edit.upgrade_password(person.id, hash).await?;
    edit.commit().await?;
    Ok(())
}

/// The way in for someone who has just proved who they are.
pub(super) const fn inside(person: &Person) -> Tenant {
    Tenant::inside(person.organization, Reason::SignedIn)
}

pub(super) fn author(person: &Person, request: &RequestId, client: &Client) -> Author {
    Author {
        actor: Actor::User { id: person.id, name: person.name.as_str().into() },
        request_id: Some(request.to_string().into()),
        address: Some(client.address.as_str()).filter(|address| !address.is_empty()).map(Into::into),
        portrait: super::super::portrait::portrait,
    }
}

fn credentials(body: &Map<String, Value>) -> Result<(String, String), Problem> {
    read(body, |fields| {
        let (email, password) = (fields.text("email"), fields.text("password"));
        Some((email?.to_owned(), password?.to_owned()))
    })
}

/// Reads a body whose fields are all required; a text that is too long to be one is refused with the others.
pub(super) fn read<T>(body: &Map<String, Value>, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Result<T, Problem> {
    let reading = Reading::default();
    let value = read(&reading.fields(body));
    let (errors, _) = reading.finish();
    value.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}

/// What failures are counted by.
struct Names {
    email: String,
    address: String,
}

impl Names {
    fn of(email: &str, client: &Client) -> Self {
        Self { email: format!("e {}", email.trim().to_lowercase()), address: format!("a {}", client.address) }
    }

    fn may_try(&self, api: &ApiState) -> Result<(), Problem> {
        let now = api.now();
        for (name, most) in [(&self.email, MOST_PER_EMAIL), (&self.address, MOST_PER_ADDRESS)] {
            if let Some(after) = api.attempts().wait(name, most, now) {
                let limit = u32::try_from(most).unwrap_or(u32::MAX);
                return Err(Problem::RateLimited { limit, after });
            }
        }
        Ok(())
    }

    fn failed(&self, api: &ApiState) {
        api.attempts().failed(&self.email, api.now());
        api.attempts().failed(&self.address, api.now());
    }
}
