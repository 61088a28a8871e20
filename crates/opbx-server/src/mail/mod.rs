//! Mail to people: through the server of the installation, if it has one.

mod smtp_url;
mod texts;

pub(crate) use self::texts::{Letter, Text};

pub use self::smtp_url::{NotASmtpUrl, SmtpUrl};

use self::smtp_url::Protection;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long the mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// By which server.
    pub smtp: SmtpUrl,
    /// From whom it is.
    pub from: MailFrom,
    /// Certificate authorities that are trusted beside those of the system, as PEM.
    pub roots: Vec<Vec<u8>>,
}

/// From whom mail is: `pbx@example.com`, or with a name before it: `OPBX <pbx@example.com>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailFrom(Mailbox);

/// A text that is no sender.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an address like pbx@example.com, or OPBX <pbx@example.com>")]
pub struct NotASender;

impl FromStr for MailFrom {
    type Err = NotASender;

    fn from_str(text: &str) -> Result<Self, NotASender> {
        text.parse().map(Self).map_err(|_| NotASender)
    }
}

/// Why a mail is not sent.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// It is none: no such address, or not one that can be written down.
    #[error("it cannot be written as a mail: {0}")]
    NotWritten(String),
    /// The server refused it for good.
    #[error("the mail server refuses it: {0}")]
    Refused(String),
    /// The server cannot be reached, is not who it should be, or refuses for the moment.
    #[error("the mail server does not take it at the moment: {0}")]
    NotNow(String),
}

/// A file that goes along with a mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    pub(crate) content: Vec<u8>,
}

/// Sends mail over a few connections that are kept.
pub struct Mailer {
    settings: MailSettings,
    transport: OnceCell<AsyncSmtpTransport<Tokio1Executor>>,
}

impl Mailer {
    /// One that sends like this. Nothing is asked before the first mail.
    pub const fn new(settings: MailSettings) -> Self {
        Self { settings, transport: OnceCell::const_new() }
    }

    /// Sends a text to someone; who has no name is known by the address alone.
    ///
    /// # Errors
    ///
    /// [`NotSent`].
    pub(crate) async fn send(&self, name: &str, address: &str, text: Text) -> Result<(), NotSent> {
        self.send_with(name, address, text, None).await
    }

    /// Sends a text to someone, perhaps with a file.
    ///
    /// # Errors
    ///
    /// [`NotSent`].
    pub(crate) async fn send_with(
        &self,
        name: &str,
        address: &str,
        text: Text,
        attachment: Option<Attachment>,
    ) -> Result<(), NotSent> {
        let not_written = |fault: &dyn fmt::Display| NotSent::NotWritten(fault.to_string());
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        let to = Mailbox::new(name, address.parse().map_err(|fault| not_written(&fault))?);
        let mail = Message::builder().from(self.settings.from.0.clone()).to(to).subject(text.subject);
        let mail = match attachment {
            None => mail.header(ContentType::TEXT_PLAIN).body(text.body),
            Some(Attachment { name, media_type, content }) => {
                let kind = ContentType::parse(media_type).map_err(|fault| not_written(&fault))?;
                // What looks like a text may still not be one.
                let content = Body::new_with_encoding(content, ContentTransferEncoding::Base64)
                    .map_err(|_| not_written(&"the file cannot be encoded"))?;
                let file = lettre::message::Attachment::new(name).body(content, kind);
                mail.multipart(MultiPart::mixed().singlepart(SinglePart::plain(text.body)).singlepart(file))
            }
        };
        let mail = mail.map_err(|fault| not_written(&fault))?;
        match self.transport().await?.send(mail).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_permanent() => Err(NotSent::Refused(told(&fault))),
            Err(fault) => Err(NotSent::NotNow(told(&fault))),
        }
    }

    /// Whether the server answers, is who it should be, and takes what we sign in with. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`NotSent`].
    pub async fn reaches_its_server(&self) -> Result<(), NotSent> {
        match self.transport().await?.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(NotSent::NotNow("it does not answer as a mail server".to_owned())),
            Err(fault) => Err(NotSent::NotNow(told(&fault))),
        }
    }

    /// Made with the first mail: it reads the system's certificates.
    async fn transport(&self) -> Result<&AsyncSmtpTransport<Tokio1Executor>, NotSent> {
        self.transport.get_or_try_init(async || self.connected().map_err(|fault| NotSent::NotNow(told(&fault)))).await
    }

    fn connected(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
        let MailSettings { smtp, roots, .. } = &self.settings;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.reveal())?.timeout(Some(PATIENCE));
        if !roots.is_empty() {
            let mut trusted = TlsParameters::builder(smtp.host().to_owned());
            for root in roots {
                trusted = trusted.add_root_certificate(Certificate::from_pem(root)?);
            }
            builder = match smtp.protection() {
                Protection::None => builder,
                Protection::StartTls => builder.tls(Tls::Required(trusted.build()?)),
                Protection::Wrapped => builder.tls(Tls::Wrapper(trusted.build()?)),
            };
        }
        Ok(builder.build())
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mailer").field(&self.settings).finish()
    }
}

/// A fault of the transport with its causes.
fn told(fault: &lettre::transport::smtp::Error) -> String {
    crate::admin::chain(fault)
}
