//! The letter that tells the owner of a voicemail box of a message: with a link to it, or with the message itself.

use super::{Failure, letter, told};
use crate::auth::Pages;
use crate::blob::{BlobKey, Blobs};
use crate::mail::{Attachment, Letter, Mailer};
use axum::body::{Body, to_bytes};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use opbx_core::id::MessageId;
use opbx_core::notice::Language;
use opbx_core::sound::{AudioFile, AudioFormat};
use opbx_core::voicemail_box::{EmailMode, VoicemailBox};
use opbx_store::{ClaimedJob, Error, KeptMessage, Reason, Store, Tenant};
use serde_json::Value;

/// The longest message that goes along with its letter, in bytes: mail servers take little more.
const LARGEST: u64 = 10_000_000;

/// What telling of a message needs beside the store.
#[derive(Clone, Copy, Debug)]
pub(super) struct With<'w> {
    pub(super) mailer: Option<&'w Mailer>,
    pub(super) pages: &'w Pages,
    pub(super) blobs: &'w Blobs,
    pub(super) zones: &'w TimeZoneDatabase,
}

/// Sends it, if there is still someone to be told and something to tell.
pub(super) async fn send(store: &Store, with: With<'_>, job: &ClaimedJob) -> Result<(), Failure> {
    let message = job.payload.get("message_id").and_then(Value::as_u64);
    let (Some(of), Some(message)) = (job.organization, message) else {
        return Err(Failure::hopeless("it does not say which message is to be told of"));
    };
    let tenant = store.tenant(&Tenant::inside(of, Reason::Job));
    let message = match tenant.message(MessageId::new(message)).await {
        // Whoever deleted it meanwhile knows of it.
        Err(Error::NotFound) => return Ok(()),
        found => found?,
    };
    let mailbox = tenant.find::<VoicemailBox>(message.voicemail_box.get()).await?.object;
    let (Some(email), Some(file)) = (&mailbox.email, message.audio.file()) else { return Ok(()) };
    let letter = match mailbox.email_mode {
        EmailMode::None => return Ok(()),
        EmailMode::Attach if file.bytes <= LARGEST => Letter::VoicemailAttached,
        EmailMode::Attach | EmailMode::Link => Letter::Voicemail,
    };
    let mailer = with.mailer.ok_or_else(|| Failure::again("no mail server is set (OPBX_SMTP_URL)"))?;
    let settings = tenant.settings().await?.object;
    let organization = &settings.organization;
    let zone = with.zones.get(organization.timezone.as_str()).unwrap_or(TimeZone::UTC);
    let language = Language::of(&organization.language);
    let caller = told::caller(&message.from_number, message.caller_name.as_deref(), language);
    let (at, length) = (told::at(message.received_at, zone), length(&message, file));
    let link = with.pages.message(message.voicemail_box, message.id);
    let values = [
        ("product", settings.control.product_name.as_deref().unwrap_or("OPBX")),
        ("organization", organization.name.as_str()),
        ("name", mailbox.name.as_str()),
        ("caller", caller.as_str()),
        ("at", at.as_str()),
        ("length", length.as_str()),
        ("link", link.as_str()),
    ];
    let text = letter.text(language, &values);
    let attachment = match letter {
        Letter::VoicemailAttached => Some(attached(with.blobs, &message, file).await?),
        _ => None,
    };
    mailer.send_with("", email.as_str(), text, attachment).await.map_err(letter::not_sent)
}

/// How long it lasts: minutes and seconds.
fn length(message: &KeptMessage, file: &AudioFile) -> String {
    let told = file.milliseconds.map(|milliseconds| milliseconds.div_ceil(1_000)).or(message.seconds);
    told.map_or_else(|| "?".to_owned(), |seconds| format!("{}:{:02}", seconds / 60, seconds % 60))
}

async fn attached(blobs: &Blobs, message: &KeptMessage, file: &AudioFile) -> Result<Attachment, Failure> {
    let missing = || Failure::again("the file of the message is not in the storage");
    let key = file.key.parse::<BlobKey>().map_err(Failure::hopeless)?;
    let part = blobs.part(&key, 0..file.bytes).await.map_err(Failure::again)?.ok_or_else(missing)?;
    let longest = usize::try_from(LARGEST).unwrap_or(usize::MAX);
    let content = to_bytes(Body::new(part), longest).await.map_err(Failure::again)?;
    let ending = match file.format {
        AudioFormat::Wav => "wav",
        AudioFormat::Mp3 => "mp3",
    };
    Ok(Attachment {
        name: format!("message-{}.{ending}", message.id),
        media_type: file.format.media_type(),
        content: content.to_vec(),
    })
}
