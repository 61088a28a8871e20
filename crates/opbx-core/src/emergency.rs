//! The numbers that must always go out: emergency numbers by country.
//!
//! The table is a data file, written by `cargo xtask data` from the short-number metadata of libphonenumber and compiled
//! in. It is asked for every dialled number before any rule of the organization is: no outbound rule, credit or schedule
//! stands before an emergency call.
//!
//! [`UNIVERSAL`] counts in every country, also in one that the table does not know: phones are programmed with these two
//! abroad, and a wrong guess costs an unneeded ring where a refusal can cost a life.
//!
//! Only the exact number is an emergency number. `1123` may be an extension, so a longer number that merely begins with
//! one is left to the plan.

use std::sync::OnceLock;

/// Emergency numbers in every country.
pub const UNIVERSAL: [&str; 2] = ["112", "911"];

const TABLE: &str = include_str!("../data/emergency_numbers.tsv");

/// One line of the table. Regions are sorted by code, numbers as text.
struct Region {
    code: [u8; 2],
    numbers: Vec<&'static str>,
}

/// Is `digits` an emergency number in `country` (an ISO 3166 code of two letters, in either case)?
///
/// ```
/// use opbx_core::emergency::is_emergency;
///
/// assert!(is_emergency("GB", "999"));
/// assert!(!is_emergency("US", "999"));
/// assert!(is_emergency("US", "112")); // everywhere
/// ```
#[must_use]
pub fn is_emergency(country: &str, digits: &str) -> bool {
    UNIVERSAL.contains(&digits) || numbers_of(country).binary_search(&digits).is_ok()
}

/// The emergency numbers of `country`, [`UNIVERSAL`] first, each once. A country that the table does not know has the
/// universal ones.
pub fn emergency_numbers(country: &str) -> impl Iterator<Item = &'static str> + use<> {
    let national = numbers_of(country).iter().copied().filter(|number| !UNIVERSAL.contains(number));
    UNIVERSAL.into_iter().chain(national)
}

fn numbers_of(country: &str) -> &'static [&'static str] {
    let [first, second] = country.as_bytes() else { return &[] };
    let code = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    let regions = regions();
    match regions.binary_search_by_key(&code, |region| region.code) {
        Ok(found) => &regions[found].numbers,
        Err(_) => &[],
    }
}

fn regions() -> &'static [Region] {
    static REGIONS: OnceLock<Vec<Region>> = OnceLock::new();
    REGIONS.get_or_init(|| TABLE.lines().filter_map(read_line).collect())
}

/// A line that is a comment or not of the table's form reads as nothing; the tests hold the file to its form.
fn read_line(line: &'static str) -> Option<Region> {
    let (code, numbers) = line.split_once('\t')?;
    let code = code.as_bytes().try_into().ok()?;
    let numbers = if numbers == "-" { Vec::new() } else { numbers.split(',').collect() };
    Some(Region { code, numbers })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn national(country: &str) -> Vec<&'static str> {
        numbers_of(country).to_vec()
    }

    #[test]
    fn well_known_countries() {
        assert_eq!(national("US"), ["112", "911"]);
        assert_eq!(national("GB"), ["112", "999"]);
        assert_eq!(national("DE"), ["110", "112"]);
        assert_eq!(national("FR"), ["112", "15", "17", "18"]);
        assert_eq!(national("IL"), ["100", "101", "102", "112"]);
        assert_eq!(national("AU"), ["000", "106", "112"]);
        assert_eq!(national("ZA"), ["10111", "10177", "112"]);
    }

    #[test]
    fn numbers_of_other_countries_do_not_count() {
        assert!(is_emergency("GB", "999"));
        assert!(!is_emergency("US", "999"));
        assert!(!is_emergency("DE", "15"));
    }

    #[test]
    fn universal_numbers_count_everywhere() {
        for country in ["US", "DE", "GN", "ZZ", "", "Germany", "é"] {
            assert!(is_emergency(country, "112"), "{country}");
            assert!(is_emergency(country, "911"), "{country}");
        }
        assert_eq!(emergency_numbers("ZZ").collect::<Vec<_>>(), UNIVERSAL);
        assert_eq!(emergency_numbers("DE").collect::<Vec<_>>(), ["112", "911", "110"]);
    }

    #[test]
    fn only_the_exact_number_counts() {
        for digits in ["", "1", "11", "1123", "0112", "+112", "112 ", "9112"] {
            assert!(!is_emergency("DE", digits), "{digits:?}");
        }
    }

    #[test]
    fn the_case_of_the_country_does_not_matter() {
        assert!(is_emergency("gb", "999"));
        assert!(is_emergency("Gb", "999"));
    }

    #[test]
    fn every_number_of_the_table_is_found() {
        for region in regions() {
            let code = std::str::from_utf8(&region.code).expect("ASCII");
            assert!(region.numbers.iter().all(|number| is_emergency(code, number)), "{code}");
            assert!(emergency_numbers(code).all(|number| is_emergency(code, number)), "{code}");
        }
    }

    #[test]
    fn the_table_is_well_formed() {
        let rows: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows.len(), regions().len(), "a line was not read");
        assert_eq!(rows.len(), 241);
        assert!(regions().is_sorted_by(|a, b| a.code < b.code), "regions are sorted and unique");
        for region in regions() {
            assert!(region.code.iter().all(u8::is_ascii_uppercase), "{:?}", region.code);
            assert!(region.numbers.is_sorted_by(|a, b| a < b), "{:?}", region.code);
            for number in &region.numbers {
                assert!((2..=6).contains(&number.len()), "{number}");
                assert!(number.bytes().all(|digit| digit.is_ascii_digit()), "{number}");
            }
        }
    }

    /// The metadata knows nothing of Guinea; a second empty region means that the source or the generator changed.
    #[test]
    fn one_region_has_no_numbers() {
        let empty: Vec<[u8; 2]> =
            regions().iter().filter(|region| region.numbers.is_empty()).map(|region| region.code).collect();
        assert_eq!(empty, [*b"GN"]);
    }
}
