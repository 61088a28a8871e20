//! The mail server: links to choose a password come by mail.

use super::Finding;
use crate::mail::{MailSettings, Mailer};
use std::time::Duration;

const CHECK: &str = "mail";
/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(10);
const REMEDY: &str =
    "Look at OPBX_SMTP_URL: the name, the port, the password, and whether its certificate is trusted here.";

/// Connects, and signs in where there is a password. Nothing is sent.
pub(super) async fn finding(settings: Option<MailSettings>) -> Finding {
    let Some(settings) = settings else {
        return Finding::ok(CHECK, "No mail server is set; whoever makes a link hands it over.");
    };
    let host = settings.smtp.host().to_owned();
    let mailer = Mailer::new(settings);
    match tokio::time::timeout(PATIENCE, mailer.reaches_its_server()).await {
        Ok(Ok(())) => Finding::ok(CHECK, format!("{host} takes mail.")),
        Ok(Err(fault)) => Finding::warning(CHECK, format!("{host} takes no mail: {fault}."), REMEDY),
        Err(_) => Finding::warning(CHECK, format!("{host} does not answer."), REMEDY),
    }
}
