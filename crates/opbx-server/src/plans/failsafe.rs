//! What a caller gets when there is no plan: the organization's failsafe, else an apology.

use crate::numbering::PhoneNumbers;
use crate::voice::apology;
use axum::body::Bytes;
use jiff::tz::TimeZoneDatabase;
use opbx_core::destination::{Failsafe, ForwardTarget};
use opbx_core::organization::Organization;
use opbx_core::plan::{PlanSource, compile};
use opbx_core::region::LanguageTag;
use opbx_core::text::Voice;
use std::collections::HashMap;

/// Documents of organizations, from their own settings alone. Most organizations have the same one: it is written once,
/// and they share it.
pub(super) struct Failsafes<'z> {
    zones: &'z TimeZoneDatabase,
    written: HashMap<Said, Bytes>,
}

/// All that makes one differ from another.
#[derive(PartialEq, Eq, Hash)]
struct Said {
    failsafe: Option<Failsafe>,
    language: LanguageTag,
    voice: Option<Voice>,
}

impl<'z> Failsafes<'z> {
    pub(super) fn new(zones: &'z TimeZoneDatabase) -> Self {
        Self { zones, written: HashMap::new() }
    }

    /// The document of an organization.
    pub(super) fn of(&mut self, organization: Organization) -> Bytes {
        let Organization { failsafe, language, voice, .. } = &organization;
        let said = Said { failsafe: failsafe.clone(), language: language.clone(), voice: voice.clone() };
        self.written.entry(said).or_insert_with(|| write(organization, self.zones)).clone()
    }
}

fn write(organization: Organization, zones: &TimeZoneDatabase) -> Bytes {
    let verb: Option<cxml::Verb> = match &organization.failsafe {
        None => None,
        Some(Failsafe::Hangup) => Some(cxml::Hangup.into()),
        Some(Failsafe::Busy) => Some(cxml::Reject::because(cxml::RejectReason::Busy).into()),
        Some(Failsafe::Forward { to }) => {
            endpoint(to).map(|endpoint| cxml::Dial::new(cxml::Endpoints::new(endpoint)).into())
        }
    };
    match verb {
        Some(verb) => Bytes::from(std::iter::once(verb).collect::<cxml::Response>().to_xml()),
        None => {
            let numbers = PhoneNumbers::of(organization.country);
            let (plan, _) = compile(PlanSource::new(organization), zones, &numbers);
            apology::apology(&plan)
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
    use opbx_core::id::OrganizationId;

    fn organization(id: u64) -> Organization {
        Organization::new(
            OrganizationId::new(id),
            format!("Organization {id}").parse().unwrap(),
            "US".parse().unwrap(),
            "America/New_York".parse().unwrap(),
        )
    }

    #[test]
    fn who_says_the_same_shares_it() {
        let zones = TimeZoneDatabase::bundled();
        let mut failsafes = Failsafes::new(&zones);
        let first = failsafes.of(organization(1));
        let second = failsafes.of(organization(2));
        assert_eq!(first.as_ptr(), second.as_ptr());
        let others = [
            Organization { language: "es".parse().unwrap(), ..organization(3) },
            Organization { voice: Some("Amy".parse().unwrap()), ..organization(4) },
            Organization { failsafe: Some(Failsafe::Busy), ..organization(5) },
        ];
        let mut seen = vec![first];
        for organization in others {
            let document = failsafes.of(organization);
            assert!(!seen.contains(&document), "{document:?}");
            seen.push(document);
        }
    }
}
