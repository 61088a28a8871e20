//! Countries and time zones in a body: only those that there are.

use super::Fields;
use crate::clock::is_zone;
use crate::field_errors::FieldError;
use opbx_core::region::CountryCode;
use opbx_core::text::ZoneName;

impl Fields<'_> {
    /// A country.
    pub(crate) fn country(&self, name: &str) -> Option<CountryCode> {
        let country: CountryCode = self.spelled(name)?;
        if country.is_assigned() { Some(country) } else { self.wrong(name, no_country()) }
    }

    /// A list of countries.
    pub(crate) fn countries(&self, name: &str, longest: usize) -> Option<Vec<CountryCode>> {
        let countries: Vec<CountryCode> = self.spelled_list(name, longest)?;
        let mut are_right = true;
        for (place, _) in countries.iter().enumerate().filter(|(_, country)| !country.is_assigned()) {
            self.wrong::<()>(&format!("{name}.{place}"), no_country());
            are_right = false;
        }
        are_right.then_some(countries)
    }

    /// A time zone.
    pub(crate) fn zone(&self, name: &str) -> Option<ZoneName> {
        let zone: ZoneName = self.spelled(name)?;
        let wrong = || self.wrong(name, FieldError::invalid("a time zone like America/New_York"));
        if is_zone(zone.as_str()) { Some(zone) } else { wrong() }
    }

    /// The same, or null.
    pub(crate) fn maybe_zone(&self, name: &str) -> Option<Option<ZoneName>> {
        self.maybe(name, |fields| fields.zone(name))
    }
}

fn no_country() -> FieldError {
    FieldError::invalid("the ISO 3166 code of a country, like US")
}
