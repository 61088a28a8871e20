//! What a person is told, word for word.

use super::{parse, told};

const PRELUDE: &str = "organization \"A\" US America/New_York\nextension 1001 \"A\"\nextension 1002 \"B\" -> forward 1001\n\
                       group Sales all at once\n  1001\nmenu Front\n  say \"x\"\n  1 -> hangup\nprompt P uploaded\nroom R\n";

#[track_caller]
fn problems(text: &str) -> String {
    told(&parse(text).err().unwrap_or_default())
}

#[test]
fn each_mistake_has_its_sentence() {
    for (text, problem) in [
        // Names that dangle.
        ("number +12125550100 -> group Slaes", "line 11, column 30: no group `Slaes`; did you mean `Sales`?"),
        ("number +12125550100 -> group Front", "line 11, column 30: no group `Front`, but there is a menu `Front`"),
        ("number +12125550100 -> extension 1003", "line 11, column 34: no extension `1003`; did you mean `1001`?"),
        (
            "number +12125550100 -> voicemail",
            "line 11, column 33: expected the name of a voicemail box, found the end of the line",
        ),
        ("number +12125550100 -> play then hangup", "line 11, column 29: expected the name of a prompt, found `then`"),
        ("rule \"X\" caller number +12125550100", "line 11, column 24: no number `+12125550100`"),
        // Objects.
        (
            "grup X",
            "line 11, column 1: expected an object (a line of an object is indented), found `grup`; did you mean `group`?",
        ),
        ("\"x\"", "line 11, column 1: expected an object (a line of an object is indented), found `\"x\"`"),
        ("organization \"B\" US UTC", "line 11, column 1: a plan has one organization"),
        ("group \"Sales\" in order\n  1001", "line 11, column 7: group `Sales` is declared twice"),
        ("extension 1001 \"Z\"", "line 11, column 11: extension `1001` is declared twice"),
        ("extension 12 \"Z\"", "line 11, column 11: expected an extension number (3 to 5 digits), found `12`"),
        ("extension 1003", "line 11, column 15: expected the name of the extension, found the end of the line"),
        ("box else", "line 11, column 5: `else` is a word of the language; a name like it is written \"else\""),
        (
            "box 1st",
            "line 11, column 5: expected the name of the box (in quotes unless it is one plain word), found `1st`",
        ),
        (
            "number 2125550100 -> hangup",
            "line 11, column 8: expected a phone number like +12125550100 (+ and 7 to 15 digits), found `2125550100`",
        ),
        ("number +12125550100", "line 11, column 1: number +12125550100 leads nowhere: `-> …` is missing"),
        // Settings.
        (
            "extension 1003 \"C\"\n  rign 20s",
            "line 12, column 3: expected a setting of an extension, found `rign`; did you mean `ring`?",
        ),
        (
            "extension 1003 \"C\" ring 4s",
            "line 11, column 25: expected a time like 20s, from 5 to 300 seconds, found `4s`",
        ),
        (
            "extension 1003 \"C\" ring 20s,",
            "line 11, column 29: expected a setting of an extension, found the end of the line",
        ),
        ("extension 1003 \"C\" ring 20s ring 30s", "line 11, column 29: `ring` is said twice of one object"),
        (
            "extension 1003 \"C\" outbound nation",
            "line 11, column 29: expected `none`, `internal`, `national` or `international`, found `nation`; did you mean `national`?",
        ),
        (
            "extension 1003 \"C\" -> extension 1001",
            "line 11, column 20: an extension leads to a group, a menu, hours, a room, a voicemail, an assistant, `play` without `then`, or to another number or extension with `forward`",
        ),
        ("extension 1003 \"C\" sip c@d -> group Sales", "line 11, column 28: this is said twice of one object"),
        (
            "number +12125550100 -> grup Sales",
            "line 11, column 24: expected a destination, found `grup`; did you mean `group`?",
        ),
        ("room R2 up to 251", "line 11, column 15: expected a number of people from 2 to 250, found `251`"),
        ("prompt Q say Hello", "line 11, column 14: expected what is said in quotes, found `Hello`"),
        ("prompt Q say \"Hello", "line 11, column 14: this text has no closing quote"),
        ("prompt Q say \"a\\q\"", "line 11, column 16: expected one of \\\" \\\\ \\n \\r \\t \\u{…} after a backslash"),
        (
            "prompt Q say \"é\u{1}\"",
            "line 11, column 16: a control character stands in a text as an escape like \\n or \\u{1}, nowhere else",
        ),
        (
            "prompt Q url ftp://x",
            "line 11, column 14: expected an address like https://example.com/hello.mp3, found `ftp://x`",
        ),
        ("prompt Q", "line 11, column 1: prompt `Q` has no sound: `say \"…\"`, `uploaded` or `url …`"),
        // Groups.
        ("group G in order", "line 11, column 1: group `G` has no members"),
        (
            "group G 1001",
            "line 11, column 1: group `G` does not say how it rings: `all at once`, `round-robin` or `in order`",
        ),
        ("group G in order 1001 1001", "line 11, column 23: extension 1001 is a member twice"),
        ("group G in order 1002", "line 11, column 18: extension 1002 is nobody's phone: members of a group are"),
        ("group G in order 1001 priority 0", "line 11, column 32: expected a priority from 1 to 100, found `0`"),
        ("group G in order 1001, 10 rounds", "line 11, column 24: expected rounds from 1 to 9, found `10`"),
        // Menus.
        ("menu M say \"x\"", "line 11, column 1: menu `M` has no options"),
        ("menu M 1 -> hangup", "line 11, column 1: menu `M` does not say what callers hear: `say \"…\"` or `play …`"),
        (
            "menu M say \"x\"\n  1 -> hangup\n  12 -> busy",
            "line 13, column 3: key 1 begins key 12: nobody could reach both",
        ),
        (
            "menu M say \"x\"\n  12 -> hangup\n  1 -> busy",
            "line 13, column 3: key 1 begins key 12: nobody could reach both",
        ),
        ("menu M say \"x\"\n  1 -> hangup\n  1 -> busy", "line 13, column 3: key 1 is an option twice"),
        ("menu M say \"x\"\n  1# -> hangup", "line 12, column 3: keys that contain # are written in quotes: \"1#\""),
        (
            "menu M say \"x\"\n  12345 -> hangup",
            "line 12, column 3: expected one to four keys of 0-9 * #, found `12345`",
        ),
        (
            "menu M say \"x\"\n  1 -> hangup\n  dial extensions except 1001 1001",
            "line 13, column 31: extension 1001 is excepted twice",
        ),
        // Rooms and boxes: a PIN is not repeated.
        ("pins R 2468 host 2468", "line 11, column 13: the two PINs of a room must differ"),
        ("pins R 123", "line 11, column 8: expected a PIN of 4 to 10 digits"),
        ("pins R 2468\npins R 1357", "line 12, column 6: pins `R` is declared twice"),
        // Rules and the rest.
        ("rule \"X\" 15-8 digits", "line 11, column 10: no number has 15-8 digits: the smaller one stands first"),
        (
            "rule \"X\" 8-16 digits",
            "line 11, column 10: expected a number of digits from 1 to 15, like 10 or 8-15, found `8-16`",
        ),
        (
            "block +1900 until tomorrow",
            "line 11, column 19: expected a time like 2026-03-09T10:00 or a date like 2026-03-09, found `tomorrow`",
        ),
        ("assistant Ava", "line 11, column 1: assistant `Ava` is not connected: `service …`, `sip …` or `stream …`"),
        ("assistant Ava sip a@b parameter x \"y\"", "line 11, column 23: only a stream has parameters"),
        ("call +1", "line 11, column 8: expected `->`, found the end of the line"),
    ] {
        assert_eq!(problems(&format!("{PRELUDE}{text}\n")), problem, "{text}");
    }
}

#[test]
fn hours_say_what_cannot_be() {
    for (line, problem) in [
        ("mon 09:00-12:00 11:00-13:00", "line 12, column 3: 09:00-12:00 and 11:00-13:00 overlap"),
        ("mon-tue 09:00-12:00\n  tue 11:00-13:00", "line 13, column 3: 09:00-12:00 and 11:00-13:00 overlap"),
        ("mon 09:00-12:00\n  mon off", "line 13, column 3: a weekday cannot be both off and open"),
        ("mon", "line 12, column 6: expected opening times like 09:00-17:00, or `off`, found the end of the line"),
        (
            "mno 09:00-12:00",
            "line 12, column 3: expected a weekday, a date or a setting of hours, found `mno`; did you mean `mon`?",
        ),
        ("mon 09:00-25:00", "line 12, column 7: a time of day is written HH:MM, from 00:00 to 24:00"),
        ("mon 24:00-02:00", "line 12, column 7: 24:00 is allowed as an end only"),
        ("2026-02-30 closed", "line 12, column 3: expected a date of the calendar like 2026-12-24, found `2026-02-30`"),
        (
            "2026-02-28 closed 09:00-10:00",
            "line 12, column 21: expected a weekday, a date or a setting of hours, found `09:00-10:00`",
        ),
        (
            "2026-02-28",
            "line 12, column 13: expected `closed` or opening times like 09:00-12:00, found the end of the line",
        ),
        ("2026-02-28 closed\n  2026-02-28 closed", "line 13, column 3: 2026-02-28 is listed twice"),
        (
            "zone America/New_Yrok",
            "line 12, column 8: no time zone `America/New_Yrok`; did you mean `America/New_York`?",
        ),
        ("holidays X", "line 12, column 12: no holiday list `X`"),
    ] {
        let text = format!("{PRELUDE}hours H\n  {line}\n  open -> hangup\n  closed -> hangup\n");
        assert_eq!(problems(&text), problem, "{line}");
    }
    let text = format!("{PRELUDE}hours H open -> hangup\nholidays L\n  2026-01-01 closed -> hangup\n");
    let expected = "line 11, column 1: hours `H` lead nowhere when closed: `closed -> …` is missing\n\
                    line 13, column 21: a day of a holiday list leads nowhere: the schedules that follow the list decide";
    assert_eq!(problems(&text), expected);
}

#[test]
fn the_organization_is_checked_too() {
    for (text, problem) in [
        ("", "line 1, column 1: a plan has an organization, like `organization \"Acme\" US America/New_York`"),
        ("  ring 20s", "line 1, column 3: an indented line belongs to the object above it, and there is none"),
        ("organization \"A\" USA UTC", "line 1, column 18: expected a country code like US (two letters), found `USA`"),
        ("organization \"A\" US Mars/Olympus", "line 1, column 21: no time zone `Mars/Olympus`"),
        (
            "organization \"A\" US UTC\n  emergency caller +12125550100",
            "line 2, column 3: the emergency caller +12125550100 is no number of the organization",
        ),
        (
            "organization \"A\" US UTC\n  failsafe forward 1001",
            "line 2, column 20: expected a number like +12125550100 or a SIP address: without its plan nobody knows an extension, found `1001`",
        ),
        (
            "organization \"A\" US UTC\n  outbound limits: 5 at",
            "line 2, column 24: expected `once`, found the end of the line",
        ),
        (
            "organization \"A\" US UTC\n  time limit 30s",
            "line 2, column 14: expected a time like 20s, from 60 to 86400 seconds, found `30s`",
        ),
    ] {
        let told = problems(text);
        assert!(told.lines().any(|line| line == problem), "{text}: {told}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_their_order() {
    let text =
        "organization \"A\" US UTC\nextension 1001 \"A\" rign 5s\n  busy -> group G\n  outbound x\ngroup G2\n  1002\n";
    let expected = "\
line 2, column 20: expected a setting of an extension, found `rign`; did you mean `ring`?
line 3, column 17: no group `G`; did you mean `G2`?
line 4, column 12: expected `none`, `internal`, `national` or `international`, found `x`
line 6, column 3: no extension `1002`; did you mean `1001`?";
    assert_eq!(problems(text), expected);
}

#[test]
fn after_a_hundred_mistakes_the_rest_is_counted() {
    let text = format!("organization \"A\" US UTC\n{}", "x\n".repeat(5_000));
    let told = parse(&text).err().unwrap_or_default();
    assert_eq!(told.len(), 101);
    let last = told.last().map(ToString::to_string);
    assert_eq!(last.as_deref(), Some("line 101, column 1: and 4900 more problems from here on"));
}

#[test]
fn a_text_has_its_limits() {
    assert_eq!(problems(&"#".repeat(10_000_001)), "line 1, column 1: a plan of more than 10000000 bytes");
    let long = format!("{PRELUDE}prompt Q say \"{}\"\n", "x".repeat(70_000));
    assert_eq!(problems(&long), "line 11, column 1: a line of more than 65536 bytes");
    let text = format!("{PRELUDE}number +12125550100 -> {}\n", ["play P"; 21].join(" then "));
    assert_eq!(problems(&text), "line 11, column 24: more than 20 destinations in a row");
    let text = format!("{PRELUDE}number +12125550100 -> {} then hangup\n", ["play P"; 19].join(" then "));
    assert_eq!(problems(&text), "");
}
