//! What a caller gets when there is no plan: the organization's failsafe, else an apology.

use crate::numbering::PhoneNumbers;
use crate::voice::apology;
use axum::body::Bytes;
use jiff::tz::TimeZoneDatabase;
use opbx_core::destination::{Failsafe, ForwardTarget};
use opbx_core::organization::Organization;
use opbx_core::plan::{PlanSource, compile};

/// The document, from the organization's own settings alone.
pub(super) fn failsafe(organization: Organization, zones: &TimeZoneDatabase) -> Bytes {
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
