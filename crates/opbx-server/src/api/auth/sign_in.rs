//! Signing in: a password, and where it is on a second factor.
//!
//! Passwords and codes are checked before the change that lets someone in begins, since a hash takes its time. What was
//! checked is compared inside the change with what counts then: of two who choose another password and come in with the
//! old one at the same time, the second is too late.

use super::super::ApiState;
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading};
use super::answer::signed_in;
use super::client::Client;
use crate::access::{NewToken, Presented, TokenKind, admitted};
use crate::auth::{self, Counter, RecoveryCodes, Refusal, Totp, Verdict};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::secret::Password;
use opbx_store::{CodePurpose, CodeTaken, Edit, Entry, NewSession, OneTimeCode, Person, USER};
use serde_json::{Map, Value};

/// `POST /auth/login`.
pub(super) async fn login(
    State(api): State<ApiState>,
    client: Client,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (email, password) = texts(&body, ["email", "password"])?;
    let counters = [Counter::passwords_for(&email), Counter::passwords_from(client.from)];
    client.tries(None).may(api.attempts(), &counters, api.now())?;
    let candidate = api.store().platform().candidate(email.trim()).await?;
    let tried = client.tries(candidate.as_ref().map(|candidate| candidate.person.id));
    let hash = candidate.as_ref().and_then(|candidate| candidate.password_hash.clone());
    let verdict = api.passwords().check(Password::new(password.clone()), hash.clone()).await?;
    let (Some(candidate), Some(hash), true) = (candidate, hash, verdict != Verdict::Wrong) else {
        tried.failed(Refusal::WrongPassword, api.attempts(), &counters, api.now())?;
        return Err(Problem::InvalidCredentials);
    };
    // Others may have guessed while this one was hashed.
    tried.may(api.attempts(), &counters, api.now())?;
    admitted(&candidate.person)?;
    let better = match verdict {
        Verdict::RightButOld => Some(api.passwords().hash(Password::new(password)).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    let mut edit = client.edit(&api, &candidate.person).await.map_err(gone)?;
    let present = edit.candidate(candidate.person.id).await.map_err(gone)?;
    if present.password_hash.as_ref() != Some(&hash) {
        tried.refused(Refusal::FormerPassword);
        return Err(Problem::InvalidCredentials);
    }
    admitted(&present.person)?;
    if let Some(better) = better {
        edit.upgrade_password(present.person.id, (&hash, better)).await.map_err(gone)?;
    }
    if present.second_factor {
        return Err(challenge(&api, edit, &present.person).await?);
    }
    open(&api, edit, &present.person, &client).await
}

/// `POST /auth/login/second-factor`.
pub(super) async fn second_factor(
    State(api): State<ApiState>,
    client: Client,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (challenge, code) = texts(&body, ["challenge", "code"])?;
    let Some(known) = known(&api, &challenge, CodePurpose::SecondFactor).await? else {
        client.tries(None).refused(Refusal::SpentChallenge);
        return Err(Problem::InvalidCredentials);
    };
    let (person, tried) = (known.person.id, client.tries(Some(known.person.id)));
    let counters = Counter::codes_of(person);
    tried.may(api.attempts(), &counters, api.now())?;
    // Counted before the code is looked at, so that tries at the same time are counted too.
    let tries = match api.store().platform().try_code(known.id).await {
        Err(opbx_store::Error::NotFound) => None,
        tries => Some(tries?),
    };
    if tries.is_none_or(|tries| tries > auth::CHALLENGE_TRIES) {
        tried.refused(Refusal::SpentChallenge);
        return Err(Problem::InvalidCredentials);
    }
    let mut edit = client.edit(&api, &known.person).await.map_err(gone)?;
    let present = edit.candidate(person).await.map_err(gone)?;
    admitted(&present.person)?;
    if !is_taken(&api, &mut edit, (&present.person, &present.email), &code).await? {
        tried.failed(Refusal::WrongCode, api.attempts(), &counters, api.now())?;
        return Err(Problem::InvalidCredentials);
    }
    // Others may have guessed while this one waited for its turn.
    tried.may(api.attempts(), &counters, api.now())?;
    edit.use_code(known.id).await.map_err(gone)?;
    open(&api, edit, &present.person, &client).await
}

/// The code of a token that was given out for this.
pub(super) async fn known(api: &ApiState, token: &str, purpose: CodePurpose) -> Result<Option<OneTimeCode>, Problem> {
    let presented = Presented::read(token).filter(|presented| presented.kind == TokenKind::Once);
    let Some(presented) = presented else { return Ok(None) };
    let known = api.store().platform().one_time_code(presented.id, api.now()).await?;
    Ok(known.filter(|known| known.purpose == purpose && presented.is(known.digest)))
}

/// Takes a code of a person's authenticator, or one of their recovery codes, if it is one and was not taken before.
async fn is_taken(
    api: &ApiState,
    edit: &mut Edit,
    (person, email): (&Person, &str),
    code: &str,
) -> Result<bool, Problem> {
    let factor = edit.second_factor(person.id).await?.filter(|factor| factor.confirmed);
    let Some(factor) = factor else { return Ok(false) };
    let taken = match Totp::of(&factor.secret, email)?.step(code, api.now()) {
        Some(step) => edit.take_step(person.id, step).await?,
        None => edit.take_recovery_code(person.id, RecoveryCodes::digest(code)).await?,
    };
    Ok(taken == CodeTaken::Once)
}

/// Whoever has gone meanwhile, or a code that somebody else has just used, does not count.
fn gone(error: opbx_store::Error) -> Problem {
    match error {
        opbx_store::Error::NotFound => Problem::InvalidCredentials,
        other => other.into(),
    }
}

/// Ends a change with a session for someone whose credentials were right.
pub(super) async fn open(
    api: &ApiState,
    mut edit: Edit,
    person: &Person,
    client: &Client,
) -> Result<Response, Problem> {
    let token = NewToken::draw(TokenKind::Session).map_err(|_| Problem::Internal)?;
    let expires_at = api.now() + auth::SESSION;
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

/// The first half of a sign-in was right: ends the change with the refusal that says how to go on.
async fn challenge(api: &ApiState, mut edit: Edit, person: &Person) -> Result<Problem, Problem> {
    let token = NewToken::draw(TokenKind::Once).map_err(|_| Problem::Internal)?;
    let until = api.now() + auth::CHALLENGE;
    let id = edit.give_code(person.id, CodePurpose::SecondFactor, token.digest(), until).await?;
    edit.commit().await?;
    Ok(Problem::SecondFactorNeeded(token.text(id)))
}

/// A body of two texts, both required, and nothing else.
fn texts(body: &Map<String, Value>, names: [&str; 2]) -> Result<(String, String), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&names);
    let [first, second] = names.map(|name| owned(&fields, name));
    let (errors, _) = reading.finish();
    first.zip(second).filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}

fn owned(fields: &Fields<'_>, name: &str) -> Option<String> {
    fields.text(name).map(str::to_owned)
}
