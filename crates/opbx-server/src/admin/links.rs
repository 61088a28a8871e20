//! Links to choose a password, by someone with the machine in hand: handed over, or sent where there is a mail server.

use super::people::{NotDone, found, inside, someone_at_the_machine};
use crate::auth::{self, Offer, Pages, make_offer};
use crate::jobs::letter;
use jiff::Timestamp;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_core::permission::Role;
use opbx_core::secret::Password;
use opbx_core::text::{EmailAddress, Name};
use opbx_store::{Entry, Store, USER, User};

/// How a link gets to its person.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Where the pages are to which it leads.
    pub pages: &'a Pages,
    /// Whether a server sends it; else it is answered.
    pub by_mail: bool,
}

/// What became of a link.
#[derive(Debug)]
pub struct Delivered {
    /// Whose it is.
    pub user: UserId,
    /// The link, where it is not sent.
    pub link: Option<Password>,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// Makes a person of the organization who has no password yet, and invites them.
///
/// # Errors
///
/// [`NotDone`]; [`Error::NotFound`](opbx_store::Error::NotFound) when no organization has that name.
pub async fn create_invited(
    store: &Store,
    named: &str,
    (email, name, role): (EmailAddress, Name, Role),
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Result<Delivered, NotDone> {
    let mut edit = inside(store, named).await?.edit(someone_at_the_machine(), now).await?;
    let user = User { id: UserId::new(0), name, email, role, status: Status::Active, phone: None };
    let made = edit.create_user(&user, None).await?.object;
    let delivered = deliver(&mut edit, (Offer::Invitation, &made), delivery, now).await?;
    edit.commit().await?;
    Ok(delivered)
}

/// Invites someone who has no password yet.
///
/// # Errors
///
/// [`NotDone`]; [`Error::NotFound`](opbx_store::Error::NotFound) when no organization has that name.
pub async fn invite(
    store: &Store,
    named: &str,
    email: &EmailAddress,
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Result<Delivered, NotDone> {
    let tenant = inside(store, named).await?;
    let user = found(store, &tenant, email).await?;
    let known = store.platform().candidate(email.as_str()).await?;
    if known.is_some_and(|known| known.password_hash.is_some()) {
        return Err(NotDone::HasPassword(email.clone()));
    }
    let mut edit = tenant.edit(someone_at_the_machine(), now).await?;
    let delivered = deliver(&mut edit, (Offer::Invitation, &user), delivery, now).await?;
    edit.commit().await?;
    Ok(delivered)
}

/// Makes a link with which someone chooses a new password.
///
/// # Errors
///
/// [`NotDone`]; [`Error::NotFound`](opbx_store::Error::NotFound) when no organization has that name.
pub async fn offer_reset(
    store: &Store,
    named: &str,
    email: &EmailAddress,
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Result<Delivered, NotDone> {
    let tenant = inside(store, named).await?;
    let user = found(store, &tenant, email).await?;
    let mut edit = tenant.edit(someone_at_the_machine(), now).await?;
    let delivered = deliver(&mut edit, (Offer::Reset, &user), delivery, now).await?;
    edit.commit().await?;
    Ok(delivered)
}

async fn deliver(
    edit: &mut opbx_store::Edit,
    (offer, user): (Offer, &User),
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Result<Delivered, NotDone> {
    let made = make_offer(edit, (offer, user), delivery.pages, now).await.map_err(|fault| match fault {
        auth::NotMade::Store(fault) => NotDone::Store(fault),
        auth::NotMade::NoRandomness => NotDone::NoRandomness,
    })?;
    let action = match offer {
        Offer::Reset => "password_reset_requested",
        Offer::Invitation => "invited",
    };
    edit.record(&Entry::of(action, USER, Some(user.id.get()), user.name.to_string())).await?;
    let expires_at = made.expires_at;
    if delivery.by_mail {
        edit.enqueue(&letter(offer, user, made, now)).await?;
        return Ok(Delivered { user: user.id, link: None, expires_at });
    }
    Ok(Delivered { user: user.id, link: Some(made.link), expires_at })
}
