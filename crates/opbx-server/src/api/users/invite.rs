//! Inviting someone who has not chosen a password yet.

use super::super::ApiState;
use super::super::answer::{data, instant};
use super::super::resource::Id;
use super::change::may_change;
use crate::access::{Permit, Update, Users};
use crate::auth::{NotMade, Offer, make_offer};
use crate::jobs::letter;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_core::secret::Password;
use opbx_store::{Edit, Entry, USER, User};
use serde_json::json;

/// `POST /users/{id}/invite`: sends a link, or answers with it where no mail can be sent.
pub(super) async fn invite(
    State(api): State<ApiState>,
    permit: Permit<Update<Users>>,
    id: Id,
) -> Result<Response, Problem> {
    let caller = &permit.caller;
    let user = api.tenant(caller).user(UserId::new(id.0)).await?.object;
    may_change(caller, permit.grant, user.role)?;
    if user.status != Status::Active {
        return Err(Problem::Conflict("This user is inactive. Activate them first.".into()));
    }
    let known = api.store().platform().candidate(user.email.as_str()).await?;
    // Whoever has a password could be locked out of it by whoever holds the link.
    if known.is_none_or(|known| known.person.id != user.id || known.password_hash.is_some()) {
        return Err(Problem::Conflict("This user has a password already, and can ask for another one by mail.".into()));
    }
    let mut edit = api.edit(caller).await?;
    let Invited { link, expires_at } = invited(&api, &mut edit, &user).await?;
    api.commit(caller, edit).await?;
    api.left_work();
    let link = link.as_ref().map(Password::reveal);
    Ok(data(&json!({ "sent": link.is_none(), "link": link, "expires_at": instant(expires_at) })))
}

/// An invitation that was made: with its link, where it is not sent.
pub(super) struct Invited {
    link: Option<Password>,
    expires_at: Timestamp,
}

/// Makes an invitation inside an edit, and leaves the letter with it where mail can be sent.
pub(super) async fn invited(api: &ApiState, edit: &mut Edit, user: &User) -> Result<Invited, Problem> {
    let now = api.now();
    let made = make_offer(edit, (Offer::Invitation, user), api.pages(), now).await.map_err(|fault| match fault {
        NotMade::Store(fault) => fault.into(),
        NotMade::NoRandomness => Problem::Internal,
    })?;
    edit.record(&Entry::of("invited", USER, Some(user.id.get()), user.name.to_string())).await?;
    let expires_at = made.expires_at;
    if !api.has_mail() {
        return Ok(Invited { link: Some(made.link), expires_at });
    }
    edit.enqueue(&letter(Offer::Invitation, user, made, now)).await?;
    Ok(Invited { link: None, expires_at })
}

/// Invites someone who is made without a password, where mail can be sent; else an administrator asks for the link.
pub(super) async fn invited_at_once(api: &ApiState, edit: &mut Edit, user: &User) -> Result<(), Problem> {
    if api.has_mail() && user.status == Status::Active {
        invited(api, edit, user).await?;
    }
    Ok(())
}
