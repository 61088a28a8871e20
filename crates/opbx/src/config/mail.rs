//! How mail is sent.

use super::{Layers, Setting};
use opbx_server::mail::{MailFrom, MailSettings, SmtpUrl};

/// The flags of this section.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The mail server: smtps://user:password@mail.example.com, or smtp://mail.example.com?tls=required. Without it no mail
    /// is sent, and links are handed over by whoever makes them (variable: OPBX_SMTP_URL)
    #[arg(long, value_name = "URL")]
    smtp_url: Option<String>,
    /// From whom mail is, such as "OPBX <pbx@example.com>"; needed with a mail server (variable: OPBX_MAIL_FROM)
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
}

const SMTP_URL: Setting = Setting { flag: "smtp-url", variable: "OPBX_SMTP_URL", key: "smtp_url", secret: true };
const MAIL_FROM: Setting = Setting { flag: "mail-from", variable: "OPBX_MAIL_FROM", key: "mail_from", secret: false };

/// Reads the section; a mistake is noted, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> Option<MailSettings> {
    let expected = opbx_server::mail::NotASmtpUrl.to_string();
    let smtp = layers.take(SMTP_URL, flags.smtp_url.as_deref(), &expected, str::parse::<SmtpUrl>);
    let expected = opbx_server::mail::NotASender.to_string();
    let from = layers.take(MAIL_FROM, flags.mail_from.as_deref(), &expected, str::parse::<MailFrom>);
    match (smtp, from) {
        (Some(smtp), Some(from)) => Some(MailSettings { smtp, from, roots: Vec::new() }),
        (Some(_), None) => {
            layers.mistake("OPBX_SMTP_URL is set and OPBX_MAIL_FROM is not: say from whom mail is.");
            None
        }
        (None, _) => None,
    }
}
