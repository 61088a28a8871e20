//! What a caller gets when there is no plan: the organization's failsafe, else an apology.

use crate::voice::apology;
use axum::body::Bytes;
use opbx_core::destination::{Failsafe, ForwardTarget};
use opbx_core::region::LanguageTag;
use opbx_core::text::Voice;
use std::collections::HashMap;

/// All that makes the document of one organization differ from that of another.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct LastResort {
    pub(super) failsafe: Option<Failsafe>,
    pub(super) language: LanguageTag,
    pub(super) voice: Option<Voice>,
}

/// The documents. Most organizations have the same one: it is written once, and they share it.
#[derive(Default)]
pub(super) struct Failsafes(HashMap<LastResort, Bytes>);

impl Failsafes {
    /// The document of an organization.
    pub(super) fn of(&mut self, last_resort: LastResort) -> Bytes {
        if let Some(written) = self.0.get(&last_resort) {
            return written.clone();
        }
        let written = last_resort.document();
        self.0.insert(last_resort, written.clone());
        written
    }
}

impl LastResort {
    fn document(&self) -> Bytes {
        let verb: Option<cxml::Verb> = match &self.failsafe {
            None => None,
            Some(Failsafe::Hangup) => Some(cxml::Hangup.into()),
            Some(Failsafe::Busy) => Some(cxml::Reject::because(cxml::RejectReason::Busy).into()),
            Some(Failsafe::Forward { to }) => {
                endpoint(to).map(|endpoint| cxml::Dial::new(cxml::Endpoints::new(endpoint)).into())
            }
        };
        match verb {
            Some(verb) => Bytes::from(std::iter::once(verb).collect::<cxml::Response>().to_xml()),
            None => apology::apology(&self.language, self.voice.as_ref()),
        }
    }
}

fn endpoint(to: &ForwardTarget) -> Option<cxml::Endpoint> {
    match to {
        ForwardTarget::Sip(uri) => Some(cxml::Sip::new(cxml::SipAddress::new(uri.to_string()).ok()?).into()),
        ForwardTarget::Number(number) => Some(cxml::Number::try_from(number.to_string().as_str()).ok()?.into()),
        // Which phone an extension is, only a plan knows; no failsafe names one.
        ForwardTarget::Extension(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> LastResort {
        LastResort { failsafe: None, language: LanguageTag::default(), voice: None }
    }

    #[test]
    fn who_says_the_same_shares_it() {
        let mut failsafes = Failsafes::default();
        let first = failsafes.of(english());
        assert_eq!(first.as_ptr(), failsafes.of(english()).as_ptr());
        let mut seen = vec![first];
        for other in [
            LastResort { language: "es".parse().unwrap(), ..english() },
            LastResort { voice: Some("Amy".parse().unwrap()), ..english() },
            LastResort { failsafe: Some(Failsafe::Busy), ..english() },
        ] {
            let document = failsafes.of(other);
            assert!(!seen.contains(&document), "{document:?}");
            seen.push(document);
        }
    }
}
