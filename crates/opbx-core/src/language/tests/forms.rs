//! What may be written in several ways, and the one way it is printed.

use super::{format, parse, told};

const PRELUDE: &str = "organization \"A\" US America/New_York\n\nextension 1001 \"A\"\nextension 1002 \"B\"\n";

/// Formats an object behind the prelude.
#[track_caller]
fn printed(object: &str) -> String {
    let text = format(&format!("{PRELUDE}\n{object}\n"));
    text.strip_prefix(PRELUDE).map_or_else(|| text.clone(), |rest| rest.trim().to_owned())
}

#[test]
fn the_reader_is_free_where_the_printer_is_not() {
    for (written, canonical) in [
        // Settings on any line, in any order, with or without commas.
        ("extension 1003 \"C\"\n  sip c@example.com\n  ring 1m", "extension 1003 \"C\" ring 60s, sip c@example.com"),
        ("extension 1003 C ring 20s do-not-disturb", "extension 1003 \"C\" do-not-disturb, ring 20s"),
        ("extension 1003 \"C\" -> forward 1001 inactive", "extension 1003 \"C\" inactive -> forward 1001"),
        (
            "extension 1003 \"C\" limits 1 at once, record off",
            "extension 1003 \"C\"\n  record off\n  limits: 1 at once",
        ),
        ("room R music, up to 50", "room R"),
        ("box B 120s, 100 messages, mail x@y with link", "box B mail x@y"),
        ("group \"G\" 1001, 1002, in order, 1 round", "group G in order\n  1001 1002"),
        ("group G in order 1001 priority 1, 1002 priority 2", "group G in order\n  1001 1002"),
        ("group G in order 1001 priority 3, 1002", "group G in order\n  1001 priority 3, 1002 priority 2"),
        ("group G all at once\n  1001\n  else -> hangup", "group G all at once\n  1001"),
        ("menu M say \"x\" 3 turns, 3 -> busy", "menu M\n  say \"x\"\n  3 -> busy"),
        (
            "menu M play P\n  1 -> busy\n  wait 5s, 4 turns\nprompt P uploaded",
            "menu M\n  play P\n  1 -> busy\n  4 turns\n\nprompt P uploaded",
        ),
        ("rule World 8-8 digits trunk w", "rule \"World\" trunk w, 8 digits"),
        ("rule \"Two\"\n  prefix +1\n  prefix +2 +3", "rule \"Two\" prefix +1 +2 +3"),
        ("block +1900 until 2027-01-01T00:00", "block +1900 until 2027-01-01"),
        ("block +1900 until 2027-01-01T05:00Z", "block +1900 until 2027-01-01"),
        ("number +12125550100 \"Main\"\n  -> extension 1001", "number +12125550100 \"Main\" -> extension 1001"),
        ("assistant Ava with user \"u\" else -> busy sip a@b", "assistant Ava sip a@b with user \"u\"\n  else -> busy"),
        ("call 1001 -> 1002 keys 1 2 silence\n  keys \"#\"", "call 1001 -> 1002\n  keys 1, 2, silence, \"#\""),
    ] {
        assert_eq!(printed(written), canonical, "{written}");
    }
}

#[test]
fn weekdays_add_up_and_neighbours_share_a_line() {
    let ends = "\n  open -> hangup\n  closed -> busy";
    for (written, canonical) in [
        ("\n  mon-fri 09:00-17:00\n  fri 22:00-02:00", "\n  mon-thu 09:00-17:00\n  fri 09:00-17:00 22:00-02:00"),
        ("\n  tue 13:00-14:00 09:00-12:00", "\n  tue 09:00-12:00 13:00-14:00"),
        ("\n  mon 09:00-17:00\n  tue 09:00-17:00", "\n  mon-tue 09:00-17:00"),
        ("\n  sat-sun off", ""),
        ("\n  sun off 09:00-12:00", "\n  sun off 09:00-12:00"),
        // The zone stands below the time that it decides.
        (
            "\n  forced open until 2026-06-01T09:00\n  zone Europe/London",
            " zone Europe/London\n  forced open until 2026-06-01T09:00",
        ),
    ] {
        let expected = match canonical.split_once("\n  forced") {
            Some((head, forced)) => format!("hours H{head}{ends}\n  forced{forced}"),
            None => format!("hours H{canonical}{ends}"),
        };
        assert_eq!(printed(&format!("hours H{written}{ends}")), expected, "{written}");
    }
}

#[test]
fn an_extension_gets_a_box_by_itself() {
    let boxes = |text: &str| {
        let document = parse(&format!("{PRELUDE}{text}\n")).unwrap_or_else(|problems| panic!("{}", told(&problems)));
        document
            .source
            .voicemail_boxes
            .iter()
            .map(|it| format!("{} {:?}", it.name, it.extension_id.map(crate::id::ExtensionId::get)))
            .collect::<Vec<_>>()
    };
    assert_eq!(boxes("extension 1003 \"C\" voicemail"), ["C Some(3)"]);
    assert_eq!(boxes("extension 1003 \"C\" voicemail\nbox D of extension 1003"), ["D Some(3)"]);
    assert_eq!(boxes("extension 1003 \"C\" voicemail\nbox C"), ["C None", "C 1003 Some(3)"]);
    assert_eq!(
        boxes("extension 1003 \"C\" voicemail\nextension 1004 \"C\" voicemail"),
        ["C Some(3)", "C 1004 Some(4)"]
    );
    assert_eq!(boxes("extension 1003 \"C\" always -> voicemail D\nbox D"), ["D None"]);
    // A line that says what happens anyway is dropped.
    assert_eq!(printed("extension 1003 \"C\" voicemail\nbox C of extension 1003"), "extension 1003 \"C\"\n  voicemail");
    assert_eq!(
        printed("extension 1003 \"C\" voicemail\nbox C of extension 1003  # hers"),
        "extension 1003 \"C\"\n  voicemail\n\nbox C of extension 1003  # hers"
    );
}

#[test]
fn comments_stay_where_they_belong() {
    let text = "\
# The plan of A.

# our own
organization \"A\" US UTC # behind
  # above a default
  ring 30s
  language en
extension 1001 \"A\"
    ring 20s # quick
  # whom
  # and why
  outbound national #no blank
\trecord off
# the end";
    let expected = "\
# The plan of A.

# our own
organization \"A\" US UTC  # behind
  # above a default
  ring 30s

extension 1001 \"A\" ring 20s  # quick
  # whom
  # and why
  outbound national  #no blank
  record off

# the end
";
    assert_eq!(format(text), expected);
    assert_eq!(format(expected), expected);
    assert_eq!(format(&text.replace('\n', "\r\n")), expected);
}

#[test]
fn secrets_stay_in_a_text_and_leave_no_other_trace() {
    let text = format!("{PRELUDE}\nroom R\nbox B\n\npins R 2468 host 13579  # for the test\npin B 4321\n");
    assert_eq!(format(&text), text);
    let document = parse(&text).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let lines: Vec<_> =
        document.secrets.iter().map(|secret| (secret.kind.word(), secret.of, secret.span.line)).collect();
    assert_eq!(lines, [("pins", 1, 9), ("pin", 1, 10)]);
    let printed = super::super::print(&document.source, &super::zones());
    assert!(!printed.contains("2468") && !printed.contains("4321"));
    assert!(!format!("{document:?}").contains("2468"));
}

#[test]
fn a_call_says_what_is_to_be_explained() {
    let text = format!(
        "{PRELUDE}\ncall anonymous -> +12125550100 at 2026-03-09T10:00\n  direction inbound\n  keys 1, silence\n  \
         results busy\n  turn 3\n  over limit a day\n  box with 1 new, 2 saved\n"
    );
    let document = parse(&text).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let [call] = document.calls.as_slice() else { panic!("one call") };
    assert_eq!((call.from.as_str(), call.to.as_str()), ("anonymous", "+12125550100"));
    assert_eq!(call.at.map(|at| at.to_string()).as_deref(), Some("2026-03-09T14:00:00Z"));
    assert_eq!(
        call.keys.iter().map(|keys| keys.as_ref().map(crate::keys::Keys::as_str)).collect::<Vec<_>>(),
        [Some("1"), None]
    );
    assert_eq!(call.answers.turn, Some(3));
    assert_eq!(call.answers.over, Some(crate::caps::Cap::PerDay));
    assert_eq!(call.answers.box_messages, Some((1, 2)));
    assert_eq!((call.span.line, call.span.column), (6, 1));
    assert_eq!(format(&text), text);
}

#[test]
fn the_organization_may_be_suspended() {
    let document =
        parse("organization \"A\" US UTC\n  mask numbers, suspended\n").unwrap_or_else(|_| panic!("it is read"));
    assert_eq!(document.suspended.map(|span| (span.line, span.column)), Some((2, 17)));
}

#[test]
fn a_plan_refers_to_what_is_missing_in_words_that_are_refused() {
    let mut source = parse(PRELUDE).unwrap_or_else(|_| panic!("it is read")).source;
    if let Some(extension) = source.extensions.first_mut() {
        extension.forward_busy =
            Some(crate::destination::Destination::RingGroup { id: crate::id::RingGroupId::new(9) });
    }
    let printed = super::super::print(&source, &super::zones());
    let problems = parse(&printed).err().unwrap_or_default();
    assert_eq!(told(&problems), "line 4, column 17: no group `missing group 9`");
}
