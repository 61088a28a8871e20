//! What the shell does with a phone-number library, by a small table: enough for fixtures.

use opbx_core::call::Party;
use opbx_core::number::{E164, NumberFacts, NumberKind, NumberPrefix, Numbering};
use opbx_core::plan::RoutingPlan;
use opbx_core::region::CountryCode;

/// Beginnings of numbers: the longest that fits decides.
const TABLE: &[(&str, &str, NumberKind)] = &[
    ("+1", "US", NumberKind::Ordinary),
    ("+1416", "CA", NumberKind::Ordinary),
    ("+1604", "CA", NumberKind::Ordinary),
    ("+1800", "US", NumberKind::TollFree),
    ("+1876", "JM", NumberKind::Ordinary),
    ("+1900", "US", NumberKind::Premium),
    ("+34", "ES", NumberKind::Ordinary),
    ("+44", "GB", NumberKind::Ordinary),
    ("+4484", "GB", NumberKind::SharedCost),
    ("+449", "GB", NumberKind::Premium),
    ("+49", "DE", NumberKind::Ordinary),
    ("+800", "", NumberKind::TollFree),
    ("+870", "", NumberKind::Satellite),
    ("+8816", "", NumberKind::Satellite),
    ("+972", "IL", NumberKind::Ordinary),
];

/// The table as a numbering. A number is valid when it is known and ten to thirteen digits long.
pub(crate) struct FixtureNumbering;

impl Numbering for FixtureNumbering {
    fn facts(&self, e164: E164) -> NumberFacts {
        let fits = |prefix: &str| prefix.parse::<NumberPrefix>().is_ok_and(|prefix| prefix.begins(e164));
        let row = TABLE.iter().filter(|(prefix, ..)| fits(prefix)).max_by_key(|(prefix, ..)| prefix.len());
        let (region, kind) = row.map_or(("", NumberKind::Ordinary), |(_, region, kind)| (region, *kind));
        let valid = row.is_some() && (10..=13).contains(&e164.digit_count());
        NumberFacts { e164, region: region.parse().ok(), kind, valid }
    }
}

/// Reads one end of a fixture's call as the shell reads one of the platform's requests.
pub(crate) fn party(text: &str, plan: &RoutingPlan) -> Party {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = text.strip_prefix("*72").unwrap_or(&text);
    let facts = |text: String| text.parse().ok().map(|number| FixtureNumbering.facts(number));
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let international = if digits.starts_with('+') {
        facts(digits.to_owned())
    } else if plain {
        facts(format!("+{digits}"))
    } else {
        None
    };
    let national = if plain { national(digits, plan.organization().country).and_then(facts) } else { None };
    Party { text: text.into(), national, international }
}

/// A number as it is dialled inside a country, in E.164.
fn national(digits: &str, country: CountryCode) -> Option<String> {
    let (code, trunk, abroad) = match country.as_str() {
        "US" | "CA" => ("1", "1", "011"),
        "GB" => ("44", "0", "00"),
        "DE" => ("49", "0", "00"),
        "ES" => ("34", "", "00"),
        _ => ("972", "0", "00"),
    };
    if let Some(rest) = digits.strip_prefix(abroad) {
        return Some(format!("+{rest}"));
    }
    if matches!(country.as_str(), "US" | "CA") {
        let rest = if digits.len() == 11 { digits.strip_prefix(trunk)? } else { digits };
        return (rest.len() == 10).then(|| format!("+{code}{rest}"));
    }
    let rest = digits.strip_prefix(trunk)?;
    (rest.len() >= 7).then(|| format!("+{code}{rest}"))
}
