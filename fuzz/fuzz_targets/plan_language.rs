//! Any text is read or refused, in time that grows with its length; what is read is printed and read back the same.
#![no_main]

use jiff::tz::TimeZoneDatabase;
use libfuzzer_sys::fuzz_target;
use opbx_core::language::{format, parse, print};
use std::sync::LazyLock;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

fuzz_target!(|text: &str| {
    let Ok(document) = parse(text, &ZONES) else {
        assert!(format(text, &ZONES).is_err());
        return;
    };
    let printed = print(&document.source, &ZONES);
    let again = parse(&printed, &ZONES).expect("what is printed is read");
    assert_eq!(print(&again.source, &ZONES), printed);
    assert_eq!(format(&printed, &ZONES).as_deref(), Ok(printed.as_str()));
    let formatted = format(text, &ZONES).expect("what is read is formatted");
    assert_eq!(format(&formatted, &ZONES).as_deref(), Ok(formatted.as_str()));
});
