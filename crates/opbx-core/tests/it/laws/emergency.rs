//! Emergency numbers beat everything.

use crate::support::numbering::party;
use crate::support::scene::scenes;
use cxml::{Endpoint, Verb};
use opbx_core::call::{Call, Direction};
use opbx_core::decision::{Event, OutcomeCode, Routed};
use opbx_core::emergency::emergency_numbers;
use opbx_core::render::{PlainLinks, render};
use opbx_core::route::route;
use proptest::prelude::*;

fn directions() -> impl Strategy<Value = Direction> {
    use Direction::{Application, Outbound, OutboundApi, Subscriber};
    prop::sample::select(vec![Subscriber, Application, OutboundApi, Outbound])
}

proptest! {
    /// Whoever dials an emergency number of the organization's country from inside is connected by one dial of that
    /// number and nothing else, without asking anything first: whatever the plan, who calls, and when.
    #[test]
    fn help_is_dialled_and_nothing_else(scene in scenes(), direction in directions()) {
        let country = scene.source.organization.country;
        let numbers = || emergency_numbers(country.as_str());
        for (number, call) in scene.calls.iter().flat_map(|call| numbers().map(move |number| (number, call))) {
            let call = Call { direction, to: party(number, &scene.plan), ..call.clone() };
            let Routed::Decided(decision) = route(&scene.plan, &call, scene.now) else {
                return Err(TestCaseError::fail("something is asked"));
            };
            prop_assert_eq!(decision.outcome.code, OutcomeCode::Emergency);
            let reported = matches!(decision.events[..], [Event::EmergencyCall { .. }]);
            prop_assert!(reported, "{:?}", decision.events);
            prop_assert!(decision.effects.is_empty());
            let document = render(&decision, &scene.plan, &PlainLinks);
            let [Verb::Dial(dial)] = &document.verbs[..] else {
                return Err(TestCaseError::fail(document.to_xml()));
            };
            let cxml::DialTarget::Endpoints(endpoints) = &dial.target else {
                return Err(TestCaseError::fail(document.to_xml()));
            };
            let [Endpoint::Number(dialled)] = endpoints.as_slice() else {
                return Err(TestCaseError::fail(document.to_xml()));
            };
            prop_assert_eq!(dialled.msisdn.as_str(), number);
            prop_assert_eq!((&dial.record, &dial.time_limit, &dial.timeout), (&None, &None, &None));
            let named = scene.source.organization.emergency_caller_id.map(|number| number.to_string());
            let shown = dial.caller_id.as_ref().map(|text| text.as_str().to_owned());
            prop_assert!(named.is_none() || named == shown);
            let trunks = trunks(&scene.source.outbound_rules, country);
            let trunk = dial.trunks.as_ref().map(|trunk| trunk.as_str().to_owned());
            prop_assert!(trunk.is_none() && trunks.is_empty() || trunks.contains(&trunk), "{:?}", trunk);
        }
    }

    /// From outside an emergency number is as good as any other: nobody abroad is connected to help here.
    #[test]
    fn nobody_outside_dials_help(scene in scenes(), unknown: bool) {
        let direction = if unknown { Direction::Unknown } else { Direction::Inbound };
        for number in emergency_numbers(scene.source.organization.country.as_str()) {
            let call = Call { direction, to: party(number, &scene.plan), ..scene.calls[0].clone() };
            if let Routed::Decided(decision) = route(&scene.plan, &call, scene.now) {
                prop_assert_ne!(decision.outcome.code, OutcomeCode::Emergency);
            }
        }
    }
}

/// The trunks of the rules that an emergency call may use: active ones for this country or for everything, that serve
/// calls inside the country.
fn trunks(
    rules: &[opbx_core::outbound_rule::OutboundRule],
    country: opbx_core::region::CountryCode,
) -> Vec<Option<String>> {
    let fits = |rule: &&opbx_core::outbound_rule::OutboundRule| {
        let countries = rule.countries.is_empty() || rule.countries.contains(&country);
        rule.status.is_active() && rule.prefixes.is_empty() && countries && rule.permissions.national
    };
    rules.iter().filter(fits).map(|rule| rule.trunk.as_ref().map(|trunk| trunk.as_str().to_owned())).collect()
}
