//! What is wrong with an installation, and what to do about it.
//!
//! Each check looks at one thing, changes nothing and never fails: what it cannot find out is a finding. What comes later
//! (Redis, storage, the platform) joins as a file here and a line in [`Place::diagnose`].

mod clock;
mod data_dir;
mod database;
mod mail;
mod public_address;
mod secret;

use super::Place;
use crate::mail::MailSettings;
use crate::public_url::PublicUrl;
use jiff::Timestamp;
use opbx_core::text::EmailAddress;
use serde::Serialize;

/// How bad something is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// Calls or data are in danger.
    Fault,
}

impl Verdict {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What is so, in a sentence.
    pub text: String,
    /// What to do, in a sentence; none where all is well.
    pub remedy: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, text: text.into(), remedy: None }
    }

    fn warning(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warning, text: text.into(), remedy: Some(remedy.into()) }
    }

    fn fault(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Fault, text: text.into(), remedy: Some(remedy.into()) }
    }
}

impl Place {
    /// Looks at everything that a server here would depend on, beside a server or not. A test mail goes to `test_to`.
    pub async fn diagnose(
        &self,
        public_url: Option<&PublicUrl>,
        (mail, test_to): (Option<MailSettings>, Option<&EmailAddress>),
        now: Timestamp,
    ) -> Vec<Finding> {
        let mut findings = data_dir::findings(&self.data_dir);
        findings.push(data_dir::disk(&self.data_dir));
        findings.push(secret::finding(self));
        let store = self.reached();
        findings.extend(database::findings(self, store.as_ref()).await);
        findings.extend(clock::findings(self, store.as_ref(), now).await);
        if let Some(store) = store {
            store.close().await;
        }
        findings.push(public_address::finding(public_url).await);
        findings.push(mail::finding(mail, test_to).await);
        findings
    }
}
