//! The sample of the design, word for word.

use super::{format, parse, told, zones};

const SAMPLE: &str = include_str!("sample.opbx");

#[test]
fn the_sample_is_read_and_printed() {
    let document = parse(SAMPLE).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let printed = super::super::print(&document.source, &zones());
    insta::assert_snapshot!(printed);
    let again = parse(&printed).unwrap_or_else(|problems| panic!("{}\n{printed}", told(&problems)));
    assert_eq!(again.source, document.source);
}

#[test]
fn the_sample_is_formatted_with_its_comments() {
    let formatted = format(SAMPLE);
    insta::assert_snapshot!(formatted);
    assert_eq!(format(&formatted), formatted);
}
