//! Whole calls against the real program, placed by the stand-in of the platform; each goes as `opbx explain` says.

use crate::program::{KEY, Place, Serving};
use cloudonix_sim::{Call, Callee, Exchange, People, Settings, Transcript};

/// A phone system with every kind of destination, none of which asks the clock anything but the year.
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
pins Board 2468 host 13579
box Sales
prompt Closed say "We are closed."
assistant Ava service "retell" +12125550177
  else -> extension 1002

number +12125550100 "Main line" -> menu Front
number +12125550101 "Nobody" -> busy
block +1900 "premium"

rule "United States" countries US, trunk us
"#;

/// A call, what its people do, and the same for `opbx explain`.
struct Journey {
    from: &'static str,
    to: &'static str,
    people: People,
    digits: Option<&'static str>,
    results: &'static str,
}

fn journeys() -> Vec<(&'static str, Journey)> {
    let call = |from, to, people, digits, results| Journey { from, to, people, digits, results };
    let people = People::new;
    vec![
        (
            "extension",
            call("1002", "1001", people().callee("1001", Callee::answers_after(3).talks(20)), None, "completed"),
        ),
        (
            "ring group, to its fallback",
            call("1001", "2000", people().callee("1002", Callee::busy()), None, "busy,no-answer,busy,no-answer"),
        ),
        (
            "menu, silence and a wrong key before the right one",
            call(
                "+14155550123",
                "+12125550100",
                people().stays_silent().presses("9").presses("2").callee("1001", Callee::answers_after(1).talks(5)),
                Some(",9,2"),
                "completed",
            ),
        ),
        (
            "menu, an extension dialled",
            call(
                "+14155550123",
                "+12125550100",
                people().presses("1003").callee("carol@example.com", Callee::declines_after(4)),
                Some("1003"),
                "busy",
            ),
        ),
        ("business hours, announcement, busy", call("1002", "2002", people(), None, "")),
        ("conference room", call("1002", "2003", people().presses("1").presses("2468"), Some("1,2468"), "")),
        ("voicemail", call("1002", "2004", people(), None, "")),
        (
            "AI assistant out of reach",
            call("1001", "2005", people().callee("+12125550177", Callee::unreachable()), None, "failed,no-answer"),
        ),
        ("announcement", call("1002", "2006", people(), None, "")),
        (
            "forward",
            call("1002", "2007", people().callee("+14155550123", Callee::answers_after(2).talks(9)), None, "completed"),
        ),
        ("outbound", call("1001", "(212) 555-0177", people().callee("+12125550177", Callee::busy()), None, "busy")),
        ("busy", call("+14155550123", "+12125550101", people(), None, "")),
        ("blocked", call("+19005550123", "+12125550100", people(), None, "")),
        ("not in service", call("+14155550123", "+12125550199", people(), None, "")),
    ]
}

#[test]
fn a_live_call_goes_as_it_is_explained_for_every_kind_of_destination() {
    let place = Place::new("journeys");
    place.write("plan.opbx", PLAN);
    let serving = Serving::start(&place, &format!("--domain acme.cloudonix.net --webhook-key {KEY}"));
    let mut told = String::new();
    for (seed, (title, journey)) in (1..).zip(journeys()) {
        let mut words = vec!["explain", "--plan", "plan.opbx", "--json", "--from", journey.from, "--to", journey.to];
        if let Some(digits) = journey.digits {
            words.extend(["--digits", digits]);
        }
        if !journey.results.is_empty() {
            words.extend(["--dial-results", journey.results]);
        }
        let explained = place.run_words(&words);
        assert_eq!((explained.code, explained.errors.as_str()), (Some(0), ""), "{title}");
        let explained: serde_json::Value = serde_json::from_str(&explained.output).unwrap();
        let expected: Vec<String> =
            explained["documents"].as_array().unwrap().iter().map(|xml| plain(xml.as_str().unwrap())).collect();

        let transcript = placed(&serving, &journey, seed);
        let got: Vec<String> = transcript.documents().map(plain).collect();
        assert_eq!(got, expected, "{title}\n{transcript}");
        told.push_str(&format!("── {title}\n{}\n", without_tokens(&transcript.to_string())));
    }
    insta::assert_snapshot!(told);
}

fn placed(serving: &Serving, journey: &Journey, seed: u64) -> Transcript {
    let settings = Settings {
        bearer: Some(KEY.into()),
        ..Settings::new(format!("http://{}/api/voice/route", serving.address), "acme.cloudonix.net", seed)
    };
    let exchange = Exchange::new(settings).unwrap();
    let call = if journey.from.starts_with('+') {
        Call::inbound(journey.from, journey.to)
    } else {
        Call::subscriber(journey.from, journey.to)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(exchange.place(call, journey.people.clone()))
}

/// A document without the form it is written in, and without addresses, which are signed only in a live one.
fn plain(xml: &str) -> String {
    let compact: String = xml.lines().map(str::trim).collect();
    let mut plain = String::new();
    let mut rest = compact.as_str();
    let marks = ["/api/voice/continue/", "/continue/", "/api/webhooks/cloudonix/recording/", "/recording/"];
    while let Some((place, mark)) = marks.iter().filter_map(|mark| Some((rest.find(mark)?, mark))).min() {
        let (before, after) = rest.split_at(place);
        plain.push_str(before);
        plain.push('…');
        let after = after.get(mark.len()..).unwrap();
        rest = after.find(['"', '<']).map_or("", |end| after.split_at(end).1);
    }
    plain.push_str(rest);
    plain
}

/// A transcript without what differs from run to run.
fn without_tokens(transcript: &str) -> String {
    let line = |line: &str| match line.split_once("/api/voice/continue/") {
        Some((before, after)) => {
            let rest = after.split_once(' ').map_or(String::new(), |(_, rest)| format!(" {rest}"));
            format!("{before}/api/voice/continue/…{rest}\n")
        }
        None => format!("{line}\n"),
    };
    transcript.lines().map(line).collect()
}
