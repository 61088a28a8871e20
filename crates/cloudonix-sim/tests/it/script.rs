//! People from text.

use cloudonix_sim::{Callee, FORMS, People, Room};
use cxml::Key;

#[test]
fn a_script_is_the_people_it_tells_of() {
    let script = "
        # The caller, in order.
        presses 12#; presses 1 after 2; presses 123 every 4
        stays silent
        says sales, and be quick
        speaks 5; speaks 6 and hangs up; speaks 7 and presses #
        hangs up after 8; hangs up at 90; gives up ringing after 10
        1001 answers after 3
        1001 answers after 4, talks 40
        1002 answers after 5, talks 50 until the caller hangs up
        1003 answers after 6, talks 60 until the caller presses *
        1004 does not answer
        1005 is busy
        carol@example.com declines after 7
        +12125550177 is unreachable
        everyone else answers after 1, talks 2
        room Board left after 70; room Lobby ends after 80; room Full is full
    ";
    let hash = Key::new('#').unwrap();
    let people = People::new()
        .presses("12#")
        .presses_after(2, "1")
        .presses_slowly("123", 4)
        .stays_silent()
        .says("sales, and be quick")
        .speaks(5)
        .speaks_and_hangs_up(6)
        .speaks_and_presses(7, hash)
        .hangs_up_after(8)
        .hangs_up_at(90)
        .gives_up_ringing_after(10)
        .callee("1001", Callee::answers_after(3))
        .callee("1001", Callee::answers_after(4).talks(40))
        .callee("1002", Callee::answers_after(5).talks_until_caller_hangs_up(50))
        .callee("1003", Callee::answers_after(6).talks_until_caller_presses(60, Key::new('*').unwrap()))
        .callee("1004", Callee::no_answer())
        .callee("1005", Callee::busy())
        .callee("carol@example.com", Callee::declines_after(7))
        .callee("+12125550177", Callee::unreachable())
        .everyone_else(Callee::answers_after(1).talks(2))
        .room("Board", Room::left_after(70))
        .room("Lobby", Room::ends_after(80))
        .room("Full", Room::full());
    assert_eq!(script.parse(), Ok(people));
    assert_eq!("".parse(), Ok(People::new()));
}

#[test]
fn what_is_no_sentence_is_named() {
    for sentence in [
        "1001 sings",
        "1001",
        "presses",
        "presses 12x",
        "presses 1 after soon",
        "says",
        "speaks and hangs up",
        "speaks 5 and presses 12",
        "1001 answers after -1",
        "1001 answers after 3, talks 4 until midnight",
        "everyone else",
    ] {
        let fault = format!("presses 1; {sentence}; stays silent").parse::<People>().unwrap_err().to_string();
        assert!(fault.starts_with(&format!("“{sentence}” is nothing that people do here.")), "{fault}");
    }
}

#[test]
fn every_form_that_is_shown_is_understood() {
    let forms = FORMS.lines().map(|line| line.split("  ").next().unwrap().trim());
    for form in forms.filter(|form| !form.contains('…')) {
        let sentence = form.replace("NUMBER", "1001").replace("NAME", "Board").replace("WORDS", "hello");
        let sentence = sentence.replace("KEYS", "12").replace("KEY", "#");
        let sentence: Vec<&str> =
            sentence.split(' ').map(|word| if ["N", "M"].contains(&word) { "3" } else { word }).collect();
        let sentence = sentence.join(" ").replace("N,", "3,");
        assert!(sentence.parse::<People>().is_ok(), "{sentence}");
    }
}
