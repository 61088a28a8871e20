//! Whole calls against the real program over its database, one for each kind of destination, by an extension and by a number; each
//! goes as `opbx explain` says.

use crate::agreement::{Journey, without_tokens};
use crate::installation::{exchange, furnished, serve};
use crate::program::{KEY, Place, Serving};
use serde_json::Value;
use std::collections::BTreeSet;

/// A phone system with every kind of destination, none of which asks the clock anything.
const PLAN: &str = r#"organization "Every Kind" US America/New_York

extension 1001 "Alice Ray"
  outbound international
  voicemail
  unanswered -> group Sales
extension 1002 "Bob Hale"
extension 1003 "Carol Diaz" sip carol@example.com
extension 2000 "Sales" -> group Sales
extension 2001 "Menu" -> menu Front
extension 2002 "Hours" -> hours Always
extension 2003 "Room" -> room Board
extension 2004 "Box" -> voicemail Sales
extension 2005 "Robot" -> assistant Ava
extension 2006 "Closed" -> play Closed
extension 2007 "Mobile"
  outbound national
  -> forward +14155550123

hours Always
  mon-sun 00:00-24:00
  open -> play Closed then busy
  closed -> hangup

group Sales in order 10s, 2 rounds
  1002 1003
  else -> voicemail Sales

menu Front
  say "For sales press 1, for Alice press 2."
  1 "Sales" -> group Sales
  2 "Alice" -> extension 1001
  dial extensions
  else -> extension 1002

room Board
box Sales
prompt Closed say "We are closed."
assistant Ava service "retell" +12125550177
  else -> extension 1002

number +12125550100 "Menu" -> menu Front
number +12125550101 "Busy" -> busy
number +12125550102 "Nobody" -> hangup
number +12125550103 "Mobile" -> forward +14155550199
number +12125550104 "Alice" -> extension 1001
number +12125550105 "Sales" -> group Sales
number +12125550106 "Hours" -> hours Always
number +12125550107 "Room" -> room Board
number +12125550108 "Box" -> voicemail Sales
number +12125550109 "Robot" -> assistant Ava
number +12125550110 "Closed" -> play Closed
number +12125550111 "Closed, then Bob" -> play Closed then extension 1002
number +12125550112 "Bob" -> forward 1002
number +12125550113 "Address" -> forward sip:dave@example.com
block +1900 "premium"

rule "United States" countries US, trunk us
"#;

const OUTSIDE: &str = "+14155550123";

/// Everything that a destination can be, as the API spells it.
const KINDS: [&str; 11] = [
    "extension",
    "ring_group",
    "ivr_menu",
    "business_hours",
    "conference_room",
    "voicemail",
    "ai_assistant",
    "forward",
    "announcement",
    "hangup",
    "busy",
];

const BY_EXTENSION: &[Journey] = &[
    Journey::new("a person answers", "1002", "1001").people("1001 answers after 3, talks 20").results("completed"),
    Journey::new("a person does not, then a group, then a box", "1003", "1001")
        .people("stays silent; speaks 5 and hangs up")
        .results("no-answer,no-answer,no-answer"),
    Journey::new("a phone at an address", "1002", "1003")
        .people("carol@example.com answers after 2, talks 4 until the caller hangs up"),
    Journey::new("a group to its fallback", "1001", "2000")
        .people("1002 is busy")
        .results("busy,no-answer,busy,no-answer"),
    Journey::new("a menu, never a key", "1001", "2001")
        .people("1002 answers after 1, talks 5")
        .digits(",,")
        .results("completed"),
    Journey::new("hours, an announcement, busy", "1002", "2002"),
    Journey::new("a conference room", "1002", "2003").people("room org1-room1 left after 60"),
    Journey::new("a box, silence", "1002", "2004"),
    Journey::new("a box, a message", "1002", "2004").people("stays silent; speaks 8 and hangs up"),
    Journey::new("an assistant out of reach", "1001", "2005")
        .people("+12125550177 is unreachable")
        .results("failed,no-answer"),
    Journey::new("an announcement", "1002", "2006"),
    Journey::new("a forward", "1002", "2007").people("+14155550123 answers after 2, talks 9").results("completed"),
    Journey::new("a number outside", "1001", "(212) 555-0177").people("+12125550177 is busy").results("busy"),
];

const BY_NUMBER: &[Journey] = &[
    Journey::new("a menu: silence and a wrong key before the right one", OUTSIDE, "+12125550100")
        .people("stays silent; presses 9; presses 2; 1001 answers after 1, talks 5")
        .digits(",9,2")
        .results("completed"),
    Journey::new("a menu: an extension dialled", OUTSIDE, "+12125550100")
        .people("presses 1003; carol@example.com declines after 4")
        .digits("1003")
        .results("busy"),
    Journey::new("busy", OUTSIDE, "+12125550101"),
    Journey::new("hangup", OUTSIDE, "+12125550102"),
    Journey::new("a forward outside", OUTSIDE, "+12125550103")
        .people("+14155550199 does not answer")
        .results("no-answer"),
    Journey::new("an extension", OUTSIDE, "+12125550104").people("1001 answers after 3, talks 20").results("completed"),
    Journey::new("a group: the second phone", OUTSIDE, "+12125550105")
        .people("1002 declines after 2; carol@example.com answers after 1, talks 6")
        .results("busy,completed"),
    Journey::new("hours", OUTSIDE, "+12125550106"),
    Journey::new("a conference room", OUTSIDE, "+12125550107")
        .people("room org1-room1 ends after 30")
        .results("completed"),
    Journey::new("a box", OUTSIDE, "+12125550108").people("stays silent; speaks 12 and presses #"),
    Journey::new("an assistant", OUTSIDE, "+12125550109")
        .people("+12125550177 answers after 1, talks 25")
        .results("completed"),
    Journey::new("an announcement", OUTSIDE, "+12125550110"),
    Journey::new("an announcement, then an extension", OUTSIDE, "+12125550111")
        .people("1002 answers after 1, talks 3")
        .results("completed"),
    Journey::new("a forward inside", OUTSIDE, "+12125550112").people("1002 is busy").results("busy"),
    Journey::new("a forward to an address", OUTSIDE, "+12125550113")
        .people("dave@example.com answers after 1, talks 3")
        .results("completed"),
    Journey::new("blocked", "+19005550123", "+12125550100"),
    Journey::new("not in service", OUTSIDE, "+12125550199"),
];

#[test]
fn a_live_call_goes_as_it_is_explained_for_every_kind_of_destination() {
    let place = furnished("journeys", PLAN);
    let serving = serve(&place, "");
    let exchange = exchange(&serving, 1);
    let mut kinds = BTreeSet::new();
    for (snapshot, journeys) in [("by_extension", BY_EXTENSION), ("by_number", BY_NUMBER)] {
        let mut told = String::new();
        for journey in journeys {
            let (explained, transcript) = journey.agrees(&place, &["--org", "acme"], &serving, &exchange);
            kinds.extend(kinds_of(&explained));
            told.push_str(&format!("── {}\n{}\n", journey.title, without_tokens(&transcript)));
        }
        insta::assert_snapshot!(snapshot, told);
    }
    let missing: Vec<_> = KINDS.iter().filter(|kind| !kinds.contains(**kind)).collect();
    assert!(missing.is_empty(), "no journey leads to {missing:?}");
}

/// The kinds of destinations that a call comes to.
fn kinds_of(explained: &Value) -> Vec<String> {
    let nodes = explained["trace"].as_array().unwrap().iter().map(|step| &step["node"]["type"]);
    let ends =
        explained["decisions"].as_array().unwrap().iter().map(|decision| &decision["outcome"]["destination"]["type"]);
    nodes.chain(ends).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A plan file can say PINs, which no file brings into the database.
#[test]
fn a_room_with_a_pin_goes_as_it_is_explained_of_a_plan_file() {
    let place = Place::new("journeys-plan");
    place.write("plan.opbx", &PLAN.replace("\nroom Board\n", "\nroom Board\npins Board 2468 host 13579\n"));
    let serving = Serving::start(&place, &format!("--domain acme.cloudonix.net --webhook-key {KEY}"));
    let journey = Journey::new("a PIN", "1002", "2003").people("presses 1; presses 2468").digits("1,2468");
    let (_, transcript) = journey.agrees(&place, &["--plan", "plan.opbx"], &serving, &exchange(&serving, 1));
    assert!(transcript.to_string().contains("joins the conference org1-room1\n"), "{transcript}");
}
