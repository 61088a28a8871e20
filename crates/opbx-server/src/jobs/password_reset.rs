//! Someone asked for a new password: whether there is such a person is only found out here, so that whoever asked learns
//! nothing from how long the answer took.

use super::{Bell, Failure, author, letter};
use crate::auth::{Offer, Pages, make_offer};
use jiff::{SignedDuration, Timestamp};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_store::{Author, ClaimedJob, Entry, NewJob, Priority, Reason, Store, Tenant, USER};
use serde_json::{Value, json};

/// The word of this kind of work.
pub(super) const PASSWORD_RESET: &str = "password_reset";
const ATTEMPTS: u32 = 5;
/// How long a link stays the only one. Another would end it, and whoever knows an address may ask for one.
const ALONE: SignedDuration = SignedDuration::from_mins(10);

/// The job of sending a link to whoever has this address, if anyone.
pub(crate) fn password_reset(email: &str, request: &str, address: &str, now: Timestamp) -> NewJob {
    let payload = json!({ "email": email, "request_id": request, "address": address });
    NewJob { priority: Priority::Urgent, ..NewJob::new(PASSWORD_RESET, payload, now, ATTEMPTS) }
}

/// Makes a link and leaves the letter with it.
pub(super) async fn perform(
    store: &Store,
    pages: &Pages,
    bell: &Bell,
    job: ClaimedJob,
    now: Timestamp,
) -> Result<(), Failure> {
    let text = |name: &str| job.payload.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let email = text("email").ok_or_else(|| Failure::hopeless("it does not say for whom"))?;
    let Some(candidate) = store.platform().candidate(email).await? else { return Ok(()) };
    let person = candidate.person;
    // Who may not come in needs no password.
    if (person.organization_status, person.status) != (OrganizationStatus::Active, Status::Active) {
        return Ok(());
    }
    let author = Author {
        request_id: text("request_id").map(Into::into),
        address: text("address").map(Into::into),
        ..author(PASSWORD_RESET)
    };
    let mut edit = store.tenant(&Tenant::inside(person.organization, Reason::Job)).edit(author, now).await?;
    let user = edit.user(person.id).await?.object;
    let given_at = edit.code_given_at(user.id, Offer::Reset.purpose()).await?;
    if given_at.is_some_and(|given_at| now < given_at + ALONE) {
        return Ok(());
    }
    let made = make_offer(&mut edit, (Offer::Reset, &user), pages, now).await.map_err(|fault| match fault {
        crate::auth::NotMade::Store(fault) => Failure::from(fault),
        fault => Failure::again(fault),
    })?;
    edit.enqueue(&letter(Offer::Reset, &user, made, now)).await?;
    let entry = Entry::of("password_reset_requested", USER, Some(user.id.get()), user.name.to_string());
    edit.record(&entry).await?;
    edit.commit().await?;
    bell.ring();
    Ok(())
}
