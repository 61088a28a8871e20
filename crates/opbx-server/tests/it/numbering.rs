//! A table of numbers as they are typed, and two questions that it cannot ask.

use opbx_core::call::Direction;
use opbx_core::language;
use opbx_core::number::{NumberFacts, NumberKind, Numbering};
use opbx_core::plan::compile;
use opbx_server::clock::zones;
use opbx_server::numbering::PhoneNumbers;
use std::fmt::Write;

const TABLE: &str = include_str!("numbers.txt");

fn told(facts: Option<NumberFacts>) -> String {
    let Some(facts) = facts else { return "-".to_owned() };
    let region = facts.region.map_or_else(|| "--".to_owned(), |region| region.to_string());
    let invalid = if facts.valid { "" } else { " invalid" };
    format!("{} {region} {}{invalid}", facts.e164, facts.kind.word())
}

#[test]
fn every_line_of_the_table_is_read_as_it_says() {
    let mut wrong = String::new();
    let mut lines = 0;
    for line in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [country, typed, ..] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        let party = PhoneNumbers::of(country.parse().unwrap()).read(typed);
        let read =
            format!("{country} | {typed} | {} | {} | {}", party.text, told(party.national), told(party.international));
        if read != line {
            writeln!(wrong, "expected {line}\n    read {read}").unwrap();
        }
        lines += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(lines > 300, "{lines}");
}

#[test]
fn a_number_is_judged_as_it_stands() {
    let numbers = PhoneNumbers::of("US".parse().unwrap());
    let facts = |number: &str| numbers.facts(number.parse().unwrap());
    assert_eq!(told(Some(facts("+442071838750"))), "+442071838750 GB ordinary");
    assert_eq!(told(Some(facts("+4402071838750"))), "+4402071838750 GB ordinary invalid");
    assert_eq!(facts("+8816512345678").kind, NumberKind::Satellite);
    // What North America shares belongs to whoever dials it there.
    let canadian = PhoneNumbers::of("CA".parse().unwrap());
    assert_eq!(told(Some(canadian.facts("+18005550199".parse().unwrap()))), "+18005550199 CA toll-free");
    assert_eq!(told(Some(canadian.facts("+12025550173".parse().unwrap()))), "+12025550173 US ordinary");
}

#[test]
fn a_call_has_the_readings_that_routing_looks_at() {
    let zones = zones();
    let plan = "organization Acme US America/New_York\nextension 1001 Alice\nnumber +12125550100 -> extension 1001\n";
    let numbers = PhoneNumbers::of("US".parse().unwrap());
    let (plan, _) = compile(language::parse(plan, &zones).unwrap().source, &zones, &numbers);
    let ends = |direction, from, to| numbers.ends(&plan, direction, from, to);
    let numbers_of =
        |party: &opbx_core::call::Party| party.readings().map(|facts| facts.e164.to_string()).collect::<Vec<_>>();

    let (from, to) = ends(Direction::Inbound, "4155550123", "2125550100");
    assert_eq!(numbers_of(&from), ["+4155550123", "+14155550123"]);
    assert_eq!(numbers_of(&to), ["+2125550100", "+12125550100"]);
    let (from, to) = ends(Direction::Inbound, "+1 (415) 555-0123", "12125550100");
    assert_eq!((&*from.text, &*to.text), ("+14155550123", "12125550100"));
    assert_eq!((numbers_of(&from), numbers_of(&to)), (vec!["+14155550123".into()], vec!["+12125550100".into()]));
    let (from, to) = ends(Direction::Subscriber, "1001", "(202) 555-0173");
    assert!(numbers_of(&from).is_empty());
    assert_eq!(told(to.dialled()), "+12025550173 US ordinary");
    let (_, to) = ends(Direction::Subscriber, "1001", "1001");
    assert!(numbers_of(&to).is_empty());
}
