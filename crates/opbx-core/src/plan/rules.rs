//! Outbound rules and the block list, indexed by what they match: a call asks only for what fits its number.

use crate::blocked_caller::BlockedCaller;
use crate::number::{E164, NumberFacts, NumberPrefix};
use crate::outbound_rule::OutboundRule;
use crate::region::CountryCode;
use jiff::Timestamp;
use std::collections::HashMap;

/// The active outbound rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutboundRules {
    pub(super) rules: Vec<OutboundRule>,
    pub(super) by_prefix: HashMap<NumberPrefix, Vec<usize>>,
    pub(super) by_country: HashMap<CountryCode, Vec<usize>>,
    pub(super) for_everything: Vec<usize>,
}

impl OutboundRules {
    /// Indexes the active rules by position, ties by identifier.
    pub(crate) fn new(mut rules: Vec<OutboundRule>) -> Self {
        rules.retain(|rule| rule.status.is_active());
        rules.sort_by_key(|rule| (rule.position, rule.id));
        let mut index = Self::default();
        for (place, rule) in rules.iter().enumerate() {
            for prefix in &rule.prefixes {
                index.by_prefix.entry(*prefix).or_default().push(place);
            }
            if rule.prefixes.is_empty() {
                for country in &rule.countries {
                    index.by_country.entry(*country).or_default().push(place);
                }
                if rule.countries.is_empty() {
                    index.for_everything.push(place);
                }
            }
        }
        // Among rules of the same prefix one that names the country goes first.
        for places in index.by_prefix.values_mut() {
            places.sort_by_key(|place| rules.get(*place).is_some_and(|rule| rule.countries.is_empty()));
            places.dedup();
        }
        index.rules = rules;
        index
    }

    /// The rules that fit the number's prefixes and country, best first: longest prefix, then country, then position.
    pub(crate) fn fitting(&self, number: NumberFacts) -> impl Iterator<Item = &OutboundRule> {
        let by_prefix = number.e164.prefixes().filter_map(|prefix| self.by_prefix.get(&prefix)).flatten();
        let by_country = number.region.and_then(|region| self.by_country.get(&region)).into_iter().flatten();
        by_prefix.chain(by_country).chain(&self.for_everything).filter_map(|place| self.rules.get(*place)).filter(
            move |rule| {
                rule.countries.is_empty() || number.region.is_some_and(|region| rule.countries.contains(&region))
            },
        )
    }

    /// The rule that an emergency call's trunk comes from: by the organization's country, or one for everything. One
    /// that serves no calls inside the country does not serve this one; lengths are those of E.164 numbers, which an
    /// emergency number is not.
    pub(crate) fn for_emergency(&self, country: CountryCode) -> Option<&OutboundRule> {
        let by_country = self.by_country.get(&country).into_iter().flatten();
        let mut rules = by_country.chain(&self.for_everything).filter_map(|place| self.rules.get(*place));
        rules.find(|rule| rule.permissions.national)
    }

    /// All active rules, by position.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, OutboundRule> {
        self.rules.iter()
    }
}

/// The active entries of the block list.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockList {
    pub(super) by_pattern: HashMap<NumberPrefix, Vec<BlockedCaller>>,
}

impl BlockList {
    /// Indexes the active entries by pattern.
    pub(crate) fn new(entries: Vec<BlockedCaller>) -> Self {
        let mut by_pattern: HashMap<_, Vec<BlockedCaller>> = HashMap::new();
        for entry in entries.into_iter().filter(|entry| entry.status.is_active()) {
            by_pattern.entry(entry.pattern).or_default().push(entry);
        }
        for entries in by_pattern.values_mut() {
            entries.sort_by_key(|entry| entry.id);
        }
        Self { by_pattern }
    }

    /// The entry that blocks this caller now; the longest pattern wins.
    pub(crate) fn blocking(&self, caller: E164, now: Timestamp) -> Option<&BlockedCaller> {
        if self.by_pattern.is_empty() {
            return None;
        }
        let lasting = |entry: &&BlockedCaller| entry.expires_at.is_none_or(|end| now < end);
        caller
            .prefixes()
            .filter_map(|prefix| self.by_pattern.get(&prefix))
            .find_map(|entries| entries.iter().find(lasting))
    }

    /// All active entries, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &BlockedCaller> {
        self.by_pattern.values().flatten()
    }
}
