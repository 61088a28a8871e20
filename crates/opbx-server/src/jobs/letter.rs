//! A letter to someone, some with a link in it.

use super::Failure;
use crate::auth::{Made, Offer};
use crate::mail::{Letter, Mailer, NotSent};
use jiff::Timestamp;
use opbx_core::notice::Language;
use opbx_store::{ClaimedJob, NewJob, Priority, Reason, Store, Tenant, User};
use serde_json::{Value, json};

/// The word of this kind of work.
pub(super) const LETTER: &str = "letter";
/// With the pauses between them, these take about half an hour: a link for an hour is still good then.
const ATTEMPTS: u32 = 8;

/// The job of sending a link to a person.
pub(crate) fn letter(offer: Offer, user: &User, made: Made, now: Timestamp) -> NewJob {
    let payload = json!({ "letter": offer.letter().word(), "name": user.name, "email": user.email });
    NewJob { secret: Some(made.link), priority: Priority::Urgent, ..NewJob::new(LETTER, payload, now, ATTEMPTS) }
}

/// The job of telling a person at their former e-mail address that they have another one.
pub(crate) fn address_changed(former: &User, now: Timestamp) -> NewJob {
    let payload = json!({ "letter": Letter::AddressChanged.word(), "name": former.name, "email": former.email });
    NewJob { priority: Priority::Urgent, ..NewJob::new(LETTER, payload, now, ATTEMPTS) }
}

/// Sends it.
pub(super) async fn send(
    store: &Store,
    mailer: Option<&Mailer>,
    job: ClaimedJob,
    now: Timestamp,
) -> Result<(), Failure> {
    let text = |name: &str| job.payload.get(name).and_then(Value::as_str);
    let letter = text("letter").and_then(Letter::of_word);
    let (Some(letter), Some(name), Some(email), Some(of)) = (letter, text("name"), text("email"), job.organization)
    else {
        return Err(Failure::hopeless("it does not say which letter goes to whom"));
    };
    let link = match (Offer::of(letter), &job.secret) {
        (None, _) => "",
        (Some(_), None) => return Err(Failure::hopeless("it has no link")),
        (Some(offer), Some(_)) if now >= job.created_at + offer.lasts() => {
            return Err(Failure::hopeless("the link in it has expired"));
        }
        (Some(_), Some(link)) => link.reveal(),
    };
    let mailer = mailer.ok_or_else(|| Failure::again("no mail server is set (OPBX_SMTP_URL)"))?;
    let settings = store.tenant(&Tenant::inside(of, Reason::Job)).settings().await?.object;
    let product = settings.control.product_name.as_deref().unwrap_or("OPBX");
    let organization = &settings.organization;
    let values = [("product", product), ("name", name), ("organization", organization.name.as_str()), ("link", link)];
    let text = letter.text(Language::of(&organization.language), &values);
    mailer.send(name, email, text).await.map_err(not_sent)
}

/// What a letter that is not sent means to its job.
pub(super) fn not_sent(fault: NotSent) -> Failure {
    match fault {
        NotSent::NotWritten(_) | NotSent::Refused(_) => Failure::hopeless(fault),
        NotSent::NotNow(_) => Failure::again(fault),
    }
}
