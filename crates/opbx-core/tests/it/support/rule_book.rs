//! Which rule lets a number out, written straight from the text of the design and without any index: look at every
//! rule, keep those that admit the call, take the best.

use super::numbering::FixtureNumbering;
use opbx_core::destination::{Destination, ForwardTarget};
use opbx_core::extension::{Extension, OutboundPermission};
use opbx_core::number::{E164, NumberFacts, NumberKind, Numbering};
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::plan::PlanSource;
use std::cmp::Reverse;

/// The rule that lets a number out, for an extension or (without one) for anybody; with what its trunk is given.
pub(crate) fn way_out<'s>(
    source: &'s PlanSource,
    number: NumberFacts,
    by: Option<&Extension>,
) -> Option<(&'s OutboundRule, String)> {
    let national = number.region == Some(source.organization.country);
    let permitted = match by.map(|extension| extension.outbound_permission) {
        Some(OutboundPermission::None | OutboundPermission::Internal) => false,
        Some(OutboundPermission::National) => national,
        Some(OutboundPermission::International) | None => true,
    };
    if !number.valid || !permitted {
        return None;
    }
    let candidates = source.outbound_rules.iter().filter(|rule| {
        let image = image(rule, number.e164);
        rule.status.is_active() && admits(rule, number, by) && !image.is_empty()
    });
    let best = candidates.min_by_key(|rule| {
        let country = rule.countries.is_empty();
        (Reverse(longest_prefix(rule, number.e164)), country, rule.position, rule.id)
    })?;
    Some((best, image(best, number.e164)))
}

fn admits(rule: &OutboundRule, number: NumberFacts, by: Option<&Extension>) -> bool {
    let countries = rule.countries.is_empty() || number.region.is_some_and(|region| rule.countries.contains(&region));
    let prefixes = rule.prefixes.is_empty() || longest_prefix(rule, number.e164) > 0;
    let digits = u32::try_from(number.e164.to_string().len() - 1).unwrap();
    let length = rule.min_length.is_none_or(|least| digits >= least.get())
        && rule.max_length.is_none_or(|most| digits <= most.get());
    let permission = match by.map(|extension| extension.outbound_permission) {
        Some(OutboundPermission::National) => rule.permissions.national,
        Some(OutboundPermission::International) => rule.permissions.international,
        _ => true,
    };
    let costly = matches!(number.kind, NumberKind::Premium | NumberKind::SharedCost | NumberKind::Satellite);
    countries && prefixes && length && permission && (rule.allow_premium || !costly)
}

/// How many characters of the number the rule's longest fitting prefix has.
fn longest_prefix(rule: &OutboundRule, number: E164) -> usize {
    let text = number.to_string();
    let prefixes = rule.prefixes.iter().map(ToString::to_string);
    prefixes.filter(|prefix| text.starts_with(prefix)).map(|prefix| prefix.len()).max().unwrap_or(0)
}

/// What is left of a number for the trunk.
pub(crate) fn image(rule: &OutboundRule, number: E164) -> String {
    let rest: String = number.to_string().chars().skip(rule.strip.get() as usize).collect();
    format!("{}{rest}", rule.prepend)
}

/// The way out for the target of a forward, if it is a number outside.
pub(crate) fn forward_out(source: &PlanSource, to: &ForwardTarget, by: Option<&Extension>) -> Option<String> {
    let ForwardTarget::Number(number) = to else { return None };
    way_out(source, FixtureNumbering.facts(*number), by).map(|(_, image)| image)
}

/// Whether a person's extension that sends all its calls outside may send them to this text.
pub(crate) fn member_forwards_to(source: &PlanSource, text: &str) -> bool {
    source.extensions.iter().filter(|row| row.status.is_active() && row.is_user()).any(|row| {
        let Some(Destination::Forward { to }) = &row.forward_always else { return false };
        forward_out(source, to, Some(row)).is_some_and(|image| image == text)
    })
}
