//! Findings in sentences.

use super::*;
use crate::lint::{Fault, Way};
use std::collections::{BTreeSet, HashSet};

fn gaps(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_language_fills_the_same_gaps_and_every_code_is_its_own() {
    let mut codes = HashSet::new();
    for fault in Fault::ALL {
        assert!(codes.insert(fault.code()), "{}", fault.code());
        assert_eq!(gaps(fault.text(Language::English)), gaps(fault.text(Language::Spanish)), "{}", fault.code());
    }
    let mut codes = HashSet::new();
    for way in Way::ALL {
        assert!(codes.insert(way.code()), "{}", way.code());
        assert_eq!(gaps(way.text(Language::English)), gaps(way.text(Language::Spanish)), "{}", way.code());
    }
}

#[test]
fn a_sentence_stands_for_itself() {
    let sketch = Sketch::new()
        .organization(|row| row.emergency_caller_id = Some(parsed("+12125550199")))
        .extension(1, |row| row.forward_busy = Some(forward("+442071234567")))
        .extension(2, |row| row.number = parsed("911"))
        .extension(3, |row| row.forward_always = Some(extension(3)))
        .menu(1, &[("1", room(9))], |row| row.failover = play(9, Some(extension(1))))
        .group(1, &[], |row| row.fallback = group(1))
        .number(1, menu(1), plain)
        .number(2, Destination::Hangup, plain);
    assert_eq!(
        sketch.sentences(Language::English),
        [
            "room “#9” does not exist, and menu “M1” needs it on the keys 1",
            "forward +442071234567 of extension “E1” would be refused: this extension may not dial outside (+442071234567)",
            "911, the number of extension “E2”, is an emergency number in US: it never reaches the extension",
            "a call can go round from extension “E3” back to it without a key pressed, until it is cut off",
            "+12125550199, shown on emergency calls, is no number of organization “Acme”: nobody can call back",
            "prompt “#9” does not exist, and menu “M1” needs it when its turns are used up",
            "number +12125550102 is active and hangs up on every caller",
            "no call comes to group “G1”: nothing leads there",
            "no member of group “G1” can ring: its fallback takes every call",
            "a call can go round from group “G1” back to it without a key pressed, until it is cut off",
        ]
    );
    let spanish = sketch.sentences(Language::Spanish);
    assert_eq!(spanish[0], "sala “#9” no existe, y menú “M1” lo necesita con las teclas 1");
    assert_eq!(
        spanish[1],
        "desvío +442071234567 de extensión “E1” se rechazaría: esta extensión no puede llamar al exterior \
         (+442071234567)"
    );
}
