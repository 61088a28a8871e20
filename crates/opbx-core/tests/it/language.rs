//! The laws of the plan language.

use crate::support::dice::Dice;
use crate::support::plans::plan_source;
use jiff::tz::TimeZoneDatabase;
use opbx_core::language::{Problem, format, parse, print};
use opbx_core::plan::PlanSource;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::LazyLock;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

fn told(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> PlanSource {
    parse(text, &ZONES).unwrap_or_else(|problems| panic!("{}\n{text}", told(&problems))).source
}

fn formatted(text: &str) -> String {
    format(text, &ZONES).unwrap_or_else(|problems| panic!("{}\n{text}", told(&problems)))
}

/// The text with comments strewn in, and how many there are.
fn with_comments(text: &str, dice: &mut Dice) -> (String, usize) {
    let (mut out, mut count) = (String::new(), 0);
    for line in text.lines() {
        while dice.roll(6) == 1 {
            count += 1;
            out.push_str(&format!("  # remark {count}.\n"));
        }
        if dice.roll(8) == 1 {
            out.push('\n');
        }
        out.push_str(line);
        if !line.is_empty() && dice.roll(4) == 1 {
            count += 1;
            out.push_str(&format!("  # remark {count}."));
        }
        out.push('\n');
    }
    (out, count)
}

/// The text with a few changes that a hand might make, most of them wrong.
fn damaged(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=dice.roll(4) {
        let place = dice.between(0, u32::try_from(lines.len() - 1).unwrap()) as usize;
        let line = lines[place].clone();
        let mut letters: Vec<char> = line.chars().collect();
        let at = dice.between(0, u32::try_from(letters.len()).unwrap()) as usize;
        match dice.roll(6) {
            0 => lines.insert(place, line),
            1 => lines[place] = line.split(' ').rev().collect::<Vec<_>>().join(" "),
            2 => letters.truncate(at),
            3 => {
                letters
                    .insert(at, dice.pick(&['"', '#', ' ', ',', '\\', '9', 'x', '\u{feff}', '\u{0}', 'é', '-', ':']));
            }
            4 if at < letters.len() => _ = letters.remove(at),
            _ => lines.swap(place, 0),
        }
        if !letters.is_empty() && letters != lines[place].chars().collect::<Vec<_>>() && dice.chance() {
            lines[place] = letters.into_iter().collect();
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back(plan in plan_source()) {
        let text = print(&plan, &ZONES);
        let again = read(&text);
        prop_assert_eq!(&again, &plan, "{}", text);
        prop_assert_eq!(print(&again, &ZONES), text);
    }

    #[test]
    fn what_is_printed_is_formatted(plan in plan_source()) {
        let text = print(&plan, &ZONES);
        prop_assert_eq!(formatted(&text), text);
    }

    #[test]
    fn comments_survive_and_change_nothing(plan in plan_source(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (text, count) = with_comments(&print(&plan, &ZONES), &mut Dice::new(bytes));
        let once = formatted(&text);
        for remark in 1..=count {
            prop_assert_eq!(once.matches(&format!("# remark {remark}.")).count(), 1, "{}\n{}", remark, once);
        }
        prop_assert_eq!(read(&once), plan);
        prop_assert_eq!(formatted(&once), once);
    }

    #[test]
    fn the_order_of_kinds_is_free(plan in plan_source(), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let text = print(&plan, &ZONES);
        let mut objects: Vec<String> = Vec::new();
        for line in text.lines() {
            match objects.last_mut() {
                Some(object) if line.starts_with(' ') => *object += &format!("\n{line}"),
                _ => objects.push(line.to_owned()),
            }
        }
        let mut dice = Dice::new(bytes);
        let mut place: HashMap<String, usize> = HashMap::new();
        objects.sort_by_cached_key(|object| {
            let kind = object.split(' ').next().unwrap_or_default().to_owned();
            *place.entry(kind).or_insert_with(|| dice.roll(100))
        });
        let shuffled = objects.join("\n");
        prop_assert_eq!(read(&shuffled), plan);
        prop_assert_eq!(formatted(&shuffled), text);
    }

    #[test]
    fn a_damaged_text_is_read_or_refused_but_never_a_panic(
        plan in plan_source(),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let text = damaged(&print(&plan, &ZONES), &mut Dice::new(bytes));
        match format(&text, &ZONES) {
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                let places: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column)).collect();
                prop_assert!(places.is_sorted(), "{}", told(&problems));
            }
            Ok(once) => {
                prop_assert_eq!(print(&read(&once), &ZONES), print(&read(&text), &ZONES));
                prop_assert_eq!(formatted(&once), once);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,300}") {
        let _ = format(&text, &ZONES);
    }

    #[test]
    fn any_words_are_read_or_refused(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
        let _ = format(&words.concat(), &ZONES);
    }
}

/// Pieces of lines, such that a few of them in a row may mean something.
const WORDS: &[&str] = &[
    "\n",
    "\n  ",
    " ",
    ", ",
    " -> ",
    "\"",
    "\"x\"",
    "#",
    "organization \"A\" US UTC\n",
    "\nextension 1001 \"A\"",
    "\ngroup G all at once\n  1001\n",
    "\nmenu M\n  say \"x\"\n",
    "\nhours H",
    "\nbox B",
    "\nroom R",
    "\nprompt P uploaded",
    "\nnumber +12125550100",
    "\nrule R",
    "\nblock +1",
    "\ncall +1 -> +2",
    "\npin B 1234",
    "\npins R 1234",
    "voicemail ",
    " play P then ",
    " hangup",
    " group G",
    "1 -> busy",
    "mon-fri 09:00-17:00",
    "2026-12-24 closed",
    "until 2026-01-01",
    "limits: 1 at once, ",
    "keys ",
    "1-2 digits",
    "20s",
    "+1",
    "else ",
    "\u{feff}",
    "\r\n",
    "é",
];
