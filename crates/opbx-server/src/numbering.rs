//! Numbers as people type them and as carriers send them. The only user of the phone-number library.
//!
//! The library costs some 10 to 20 µs a number, as much as all the rest of a call, so it is asked only where routing
//! looks at what it says. Routing compares a caller's number and never judges it; an own extension or an own number
//! that was dialled is recognized before the library could say anything; and a call that goes on brings no number that
//! was not judged at its start.

mod typed;

use opbx_core::call::{Direction, Party};
use opbx_core::number::{E164, NumberFacts, NumberKind, Numbering};
use opbx_core::plan::RoutingPlan;
use opbx_core::region::CountryCode;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType, Region, get_national_significant_number_owned};

/// How many digits an extension number has at most.
const LONGEST_EXTENSION: usize = 5;

/// Reads numbers as they are dialled in one country.
#[derive(Clone, Copy, Debug)]
pub struct PhoneNumbers {
    /// `None`: no numbering plan is known for the country, so national forms cannot be read.
    home: Option<Region>,
}

impl PhoneNumbers {
    /// Numbers read without a country: only what is E.164 already is one.
    pub const OF_NOWHERE: Self = Self { home: None };

    /// The numbers of an organization in this country.
    pub fn of(country: CountryCode) -> Self {
        Self { home: Region::from_code(country.as_str()).ok() }
    }

    /// Every reading of a text.
    ///
    /// Blanks and `-().` are dropped, and full-width digits are digits. `+…` is E.164. A text without `+` has up to
    /// two readings: as dialled in the country, with its prefixes for trunk and foreign calls, and as E.164 that lost
    /// its `+`. Behind a feature code the readings are those of what follows it.
    pub fn read(&self, raw: &str) -> Party {
        let text = typed::text(raw);
        let number = typed::behind_code(&text);
        let national = self.national(number).map(|(number, e164)| self.judge(&number, e164));
        let international = international(number).map(|number| self.read_e164(number));
        Party { text, national, international }
    }

    /// A number as people know it, of a text that a carrier sent: E.164 with `+`. What is no number outside (an extension, a
    /// feature code, a name) is written as it came.
    pub fn as_sent(&self, raw: &str) -> Box<str> {
        self.shown(raw, |party| {
            let valid = |facts: &NumberFacts| facts.valid;
            party.international.filter(valid).or(party.national.filter(valid)).or(party.international)
        })
    }

    /// The same of a text that someone dialled in the country.
    pub fn as_dialled(&self, raw: &str) -> Box<str> {
        self.shown(raw, |party| party.national.filter(|facts| facts.valid).or(party.international))
    }

    fn shown(&self, raw: &str, reading: impl FnOnce(&Party) -> Option<NumberFacts>) -> Box<str> {
        let text = typed::text(raw);
        // Shorter than any number outside that is dialled without a code, or no number at all.
        let is_number = text.len() > LONGEST_EXTENSION
            && text.bytes().enumerate().all(|(place, byte)| byte.is_ascii_digit() || place == 0 && byte == b'+');
        if !is_number {
            return text;
        }
        let party = self.read(&text);
        reading(&party).map_or(text, |facts| facts.e164.to_string().into())
    }

    /// The two ends of a call that begins, with the readings that routing looks at.
    ///
    /// Live calls and explanations both come through here, so they see the same.
    pub fn ends(&self, plan: &RoutingPlan, direction: Direction, from: &str, to: &str) -> (Party, Party) {
        (self.caller(direction, from), self.dialled(plan, direction, to))
    }

    /// Callers from outside are compared with own and blocked numbers; inside, the text says who it is.
    fn caller(&self, direction: Direction, raw: &str) -> Party {
        let mut party = text_only(raw);
        if direction.is_from_outside() {
            party.international = international(&party.text).map(only_compared);
            party.national = self.national(&party.text).map(|(_, e164)| only_compared(e164));
        }
        party
    }

    fn dialled(&self, plan: &RoutingPlan, direction: Direction, raw: &str) -> Party {
        let mut party = text_only(raw);
        let extension = party.extension().and_then(|number| plan.extension_by_number(number));
        if extension.is_some() && !direction.is_from_outside() {
            return party;
        }
        let own = international(&party.text).filter(|number| plan.own_number(*number).is_some());
        if own.is_some() {
            party.international = own.map(only_compared);
            return party;
        }
        let number = typed::behind_code(&party.text);
        party.national = self.national(number).map(|(number, e164)| self.judge(&number, e164));
        // Whoever dials a number that exists in the country means that one; the other reading can only be our own.
        let known = party.national.is_some_and(|facts| facts.valid);
        let judge = |number| if known { only_compared(number) } else { self.read_e164(number) };
        party.international = international(number).map(judge);
        party
    }

    /// A text without `+`, as it is dialled in the country.
    fn national(&self, text: &str) -> Option<(PhoneNumber, E164)> {
        let home = self.home.filter(|_| text.starts_with(|first: char| first.is_ascii_digit()))?;
        let number = PHONE_NUMBER_UTIL.parse(text, Some(home)).ok()?;
        let e164 = e164_of(&number)?;
        Some((number, e164))
    }

    /// A text with `+`. What does not belong behind it, as the zero in `+44 (0)20 …`, is dropped where the number
    /// exists without it.
    fn read_e164(&self, number: E164) -> NumberFacts {
        let read = PHONE_NUMBER_UTIL.parse(number.to_string(), None).ok();
        let known = read.and_then(|read| e164_of(&read).map(|e164| self.judge(&read, e164)));
        known.unwrap_or(NumberFacts { e164: number, region: None, kind: NumberKind::Ordinary, valid: false })
    }

    fn judge(&self, number: &PhoneNumber, e164: E164) -> NumberFacts {
        // A number that is of no type by its region's plan is not valid; the library's own question for validity asks
        // for the type again.
        let of_type = PHONE_NUMBER_UTIL.get_number_type(number);
        let country = self.region_of(number).filter(|region| *region != Region::World);
        NumberFacts {
            e164,
            region: country.and_then(|country| country.as_region_str().parse().ok()),
            kind: kind_of(number, of_type),
            valid: of_type != PhoneNumberType::Unknown,
        }
    }

    /// Where a number belongs. Countries that share a calling code also share numbers, such as the toll-free ones of
    /// North America: what can be a number at home is one.
    fn region_of(&self, number: &PhoneNumber) -> Option<Region> {
        let region = PHONE_NUMBER_UTIL.get_region_for_number(number);
        let at_home = self.home.filter(|home| {
            Some(*home) != region
                && PHONE_NUMBER_UTIL.get_country_code_for_region(*home) == Some(number.country_code)
                && PHONE_NUMBER_UTIL.is_valid_number_for_region(number, *home)
        });
        at_home.or(region)
    }
}

impl Numbering for PhoneNumbers {
    fn facts(&self, number: E164) -> NumberFacts {
        let facts = self.read_e164(number);
        // Asked about exactly this number: one that exists only without one of its digits does not exist.
        NumberFacts { e164: number, valid: facts.valid && facts.e164 == number, ..facts }
    }
}

/// An end of a call that goes on: everything about its number was decided at the start.
pub fn text_only(raw: &str) -> Party {
    Party { text: typed::text(raw), ..Party::default() }
}

/// A number that routing compares and does not judge.
const fn only_compared(e164: E164) -> NumberFacts {
    NumberFacts { e164, region: None, kind: NumberKind::Ordinary, valid: true }
}

/// The short way: `+` and 7 to 15 digits is E.164, and so are the digits alone.
fn international(text: &str) -> Option<E164> {
    if text.starts_with('+') {
        return text.parse().ok();
    }
    let possible = (7..=15).contains(&text.len()) && text.starts_with(|first: char| first.is_ascii_digit());
    possible.then(|| format!("+{text}").parse().ok()).flatten()
}

fn e164_of(number: &PhoneNumber) -> Option<E164> {
    format!("+{}{}", number.country_code, get_national_significant_number_owned(number)).parse().ok()
}

/// Satellite networks have calling codes instead of a country: 870 Inmarsat, 881 and 882 the others. 883 is a network
/// of networks and costs as much.
const SATELLITE: std::ops::RangeInclusive<i32> = 881..=883;

fn kind_of(number: &PhoneNumber, of_type: PhoneNumberType) -> NumberKind {
    if number.country_code == 870 || SATELLITE.contains(&number.country_code) {
        return NumberKind::Satellite;
    }
    match of_type {
        PhoneNumberType::TollFree => NumberKind::TollFree,
        PhoneNumberType::PremiumRate => NumberKind::Premium,
        PhoneNumberType::SharedCost => NumberKind::SharedCost,
        _ => NumberKind::Ordinary,
    }
}
