//! How letters tell of callers and of times.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use opbx_core::notice::Language;

/// The number, and the name that was shown with it. Both come from strangers: what is no letter, digit or sign in them is a blank.
pub(super) fn caller(number: &str, name: Option<&str>, language: Language) -> String {
    let name = name.filter(|name| !name.is_empty() && *name != number);
    let told = match (name, number, language) {
        (Some(name), "", _) => name.to_owned(),
        (Some(name), number, _) => format!("{name} ({number})"),
        (None, "", Language::English) => "a withheld number".to_owned(),
        (None, "", Language::Spanish) => "un número oculto".to_owned(),
        (None, number, _) => number.to_owned(),
    };
    told.replace(char::is_control, " ")
}

/// When something was, by the clock of the organization.
pub(super) fn at(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M (%Z)").to_string()
}
