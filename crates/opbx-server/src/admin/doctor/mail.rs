//! The mail server: links to choose a password come by mail.

use super::Finding;
use crate::mail::{MailSettings, Mailer, NotSent, Text};
use opbx_core::text::EmailAddress;
use std::time::Duration;

const CHECK: &str = "mail";
/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(10);
const REMEDY: &str =
    "Look at OPBX_SMTP_URL: the name, the port, the password, and whether its certificate is trusted here.";

/// Connects, and signs in where there is a password; to an address that is given, a test is sent.
pub(super) async fn finding(settings: Option<MailSettings>, test_to: Option<&EmailAddress>) -> Finding {
    let Some(settings) = settings else {
        return Finding::ok(CHECK, "No mail server is set; whoever makes a link hands it over.");
    };
    let host = settings.smtp.host().to_owned();
    let mailer = Mailer::new(settings);
    match tokio::time::timeout(PATIENCE, tried(&mailer, &host, test_to)).await {
        Ok(Ok(found)) => Finding::ok(CHECK, found),
        Ok(Err(fault)) => Finding::warning(CHECK, format!("{host} takes no mail: {fault}."), REMEDY),
        Err(_) => Finding::warning(CHECK, format!("{host} does not answer."), REMEDY),
    }
}

async fn tried(mailer: &Mailer, host: &str, test_to: Option<&EmailAddress>) -> Result<String, NotSent> {
    let Some(to) = test_to else {
        mailer.reaches_its_server().await?;
        return Ok(format!("{host} takes mail."));
    };
    let text = Text {
        subject: "OPBX can send mail".to_owned(),
        body: format!("This is a test of `opbx doctor`, sent by {host}. Nobody has to do anything.\n"),
    };
    mailer.send("", to.as_str(), text).await?;
    Ok(format!("{host} took a test for {to}; look whether it arrives."))
}
