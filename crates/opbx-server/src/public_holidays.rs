//! Public holidays by country and region: days to choose from for a holiday list.
//!
//! The table is a data file, written by `cargo xtask data` and compiled in: some 350 KB, of which a question reads the
//! lines of one country. It is read where it stands; nothing of it is kept in memory a second time.

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The years that the table knows.
pub(crate) const YEARS: RangeInclusive<i16> = 2025..=2035;

const TABLE: &str = include_str!("../data/public_holidays.tsv");

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unknown {
    /// The table has no such country.
    Country,
    /// The country has no such region.
    Region,
    /// The table does not know that year.
    Year,
}

/// A country of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Country {
    /// Its ISO 3166 code.
    pub(crate) code: &'static str,
    /// Its lines.
    lines: &'static str,
}

/// All countries, by code.
pub(crate) fn countries() -> impl Iterator<Item = Country> {
    let mut rest = TABLE;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            if is_country(line) {
                let end = next_country(rest);
                let lines = rest.get(..end).unwrap_or_default();
                rest = rest.get(end..).unwrap_or_default();
                return Some(Country { code: line, lines });
            }
        }
    })
}

fn is_country(line: &str) -> bool {
    line.len() == 2 && line.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Where the next country begins.
fn next_country(lines: &str) -> usize {
    let mut place = 0;
    for line in lines.split_inclusive('\n') {
        if is_country(line.trim_end()) {
            return place;
        }
        place += line.len();
    }
    place
}

/// The public holidays of a year, by date; of the whole country, or of a region by its ISO 3166-2 code without the
/// country (`CA` for `US-CA`).
///
/// # Errors
///
/// [`Unknown`].
pub(crate) fn public_holidays(
    country: &str,
    region: Option<&str>,
    year: i16,
) -> Result<BTreeMap<Date, &'static str>, Unknown> {
    let country = countries().find(|known| known.code == country).ok_or(Unknown::Country)?;
    if !YEARS.contains(&year) {
        return Err(Unknown::Year);
    }
    let mut days = BTreeMap::new();
    let national = country.lines.lines().take_while(|line| !line.starts_with(':'));
    for line in national {
        days.extend(days_of(line, year));
    }
    let Some(region) = region else { return Ok(days) };
    let mut own = country.lines.lines().skip_while(|line| !names_region(line, region));
    own.next().ok_or(Unknown::Region)?;
    for line in own.take_while(|line| !line.starts_with(':')) {
        if let Some(line) = line.strip_prefix('+') {
            days.extend(days_of(line, year));
        } else if let Some(line) = line.strip_prefix('-') {
            for (date, _) in days_of(line, year) {
                days.remove(&date);
            }
        }
    }
    Ok(days)
}

/// Whether a line begins the regions of which this is one.
fn names_region(line: &str, region: &str) -> bool {
    line.strip_prefix(':').is_some_and(|regions| regions.split(',').any(|known| known == region))
}

/// The dates of a line in a year, each with the name.
fn days_of(line: &'static str, year: i16) -> impl Iterator<Item = (Date, &'static str)> {
    let (name, dates) = line.split_once('\t').unwrap_or((line, ""));
    let place = usize::try_from(year - YEARS.start()).unwrap_or(usize::MAX);
    // One word for all years, or one for each.
    let of_year = if dates.contains(' ') { dates.split(' ').nth(place) } else { Some(dates) };
    let dates = of_year.unwrap_or_default().split('+');
    dates.filter_map(move |date| Some((date_of(year, date)?, name)))
}

/// `MMDD`; `-` is none.
fn date_of(year: i16, text: &str) -> Option<Date> {
    let (month, day) = text.split_at_checked(2)?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

impl Country {
    /// Its regions by their codes without the country, in order.
    pub(crate) fn regions(&self) -> Vec<&'static str> {
        let groups = self.lines.lines().filter_map(|line| line.strip_prefix(':'));
        let mut regions: Vec<&str> = groups.flat_map(|group| group.split(',')).collect();
        regions.sort_unstable();
        regions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(country: &str, region: Option<&str>, date: &str) -> Option<&'static str> {
        let date: Date = date.parse().unwrap();
        public_holidays(country, region, date.year()).unwrap().get(&date).copied()
    }

    #[test]
    fn well_known_days() {
        for (country, region, date, name) in [
            ("US", None, "2026-11-26", "Thanksgiving Day"),
            ("US", None, "2027-11-25", "Thanksgiving Day"),
            ("US", None, "2026-07-03", "Independence Day (observed)"),
            ("US", Some("TX"), "2030-03-02", "Texas Independence Day"),
            ("DE", None, "2026-04-03", "Good Friday"),
            ("DE", None, "2035-03-26", "Easter Monday"),
            ("GB", Some("ENG"), "2026-04-06", "Easter Monday"),
            ("GB", Some("SCT"), "2026-11-30", "Saint Andrew's Day"),
            ("GB", Some("NIR"), "2027-03-17", "Saint Patrick's Day"),
            ("FR", None, "2033-05-26", "Ascension Day"),
            ("GR", None, "2026-04-13", "Easter Monday"),
            ("JP", None, "2028-01-01", "New Year's Day"),
        ] {
            assert_eq!(names(country, region, date), Some(name), "{country} {region:?} {date}");
        }
        // A region lacks what only others have, and the country what only regions have.
        assert_eq!(names("GB", Some("SCT"), "2026-04-06"), None);
        assert_eq!(names("GB", None, "2026-11-30"), None);
        assert_eq!(names("DE", None, "2026-10-31"), None);
        assert!(names("DE", Some("BB"), "2026-10-31").is_some());
    }

    #[test]
    fn days_of_the_moon() {
        for (country, date, part) in [
            ("CN", "2026-02-17", "Chinese New Year"),
            ("KR", "2027-02-07", "Korean New Year"),
            ("IL", "2026-09-12", "Rosh Hashanah"),
            ("TR", "2026-03-20", "Eid al-Fitr"),
            ("AE", "2026-05-27", "Eid al-Adha"),
            ("SG", "2028-01-26", "Chinese New Year"),
        ] {
            let name = names(country, None, date).unwrap_or_else(|| panic!("{country} {date}"));
            assert!(name.contains(part), "{country} {date}: {name}");
        }
    }

    #[test]
    fn a_region_can_have_fewer_days_than_its_country() {
        let mut fewer = Vec::new();
        for country in countries() {
            let national = public_holidays(country.code, None, 2026).unwrap();
            for region in country.regions() {
                let own = public_holidays(country.code, Some(region), 2026).unwrap();
                if national.keys().any(|date| !own.contains_key(date)) {
                    fewer.push(format!("{}-{region}", country.code));
                }
            }
        }
        assert!(!fewer.is_empty());
    }

    #[test]
    fn what_is_not_in_the_table_is_unknown() {
        assert_eq!(public_holidays("ZZ", None, 2026), Err(Unknown::Country));
        assert_eq!(public_holidays("us", None, 2026), Err(Unknown::Country));
        assert_eq!(public_holidays("", None, 2026), Err(Unknown::Country));
        assert_eq!(public_holidays("US", Some("ZZ"), 2026), Err(Unknown::Region));
        assert_eq!(public_holidays("US", Some(""), 2026), Err(Unknown::Region));
        assert_eq!(public_holidays("US", None, 2024), Err(Unknown::Year));
        assert_eq!(public_holidays("US", None, 2036), Err(Unknown::Year));
    }

    /// Every line is read: one that cannot be is a day that nobody sees.
    #[test]
    fn the_table_has_its_form() {
        let known: Vec<Country> = countries().collect();
        assert!(known.len() >= 240, "{}", known.len());
        assert!(known.is_sorted_by_key(|country| country.code));
        for code in [
            "US", "CA", "MX", "GB", "IE", "DE", "AT", "CH", "FR", "ES", "IT", "PT", "NL", "BE", "IL", "ZA", "AU", "NZ",
            "IN", "SG", "JP", "KR", "CN", "BR", "AR", "AE", "SA", "TR", "PL", "CZ", "SE", "NO", "DK", "FI", "UA",
        ] {
            assert!(known.iter().any(|country| country.code == code), "{code}");
        }
        for line in TABLE.lines().filter(|line| !line.starts_with(['#', ':']) && !is_country(line)) {
            let (name, dates) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
            assert!((1..=255).contains(&name.trim_start_matches(['+', '-']).chars().count()), "{line}");
            assert!([1, 11].contains(&dates.split(' ').count()), "{line}");
            for date in dates.split([' ', '+']).filter(|date| *date != "-") {
                let leap = date_of(2028, date);
                assert!(date.len() == 4 && leap.is_some(), "{line}");
            }
            assert!(YEARS.clone().any(|year| days_of(line, year).next().is_some()), "{line}");
        }
        for year in YEARS {
            assert!(public_holidays("US", None, year).unwrap().len() >= 11, "{year}");
        }
    }
}
