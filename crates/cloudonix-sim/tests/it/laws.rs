//! What holds for every application and every caller.

use cloudonix_sim::{Call, Callee, Event, Exchange, People, Room, Settings, Switches, Transcript};
use cxml::Key;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::server::{Reply, Server};

/// Addresses: mostly those of the application, and some that lead nowhere.
fn address() -> impl Strategy<Value = &'static str> {
    const NOWHERE: &[&str] =
        &["cx://hosted/a/b", "http://[", "//", "mailto:a", "http://elsewhere.invalid/", "x:", "..", "?"];
    prop_oneof![8 => select(&["/voice", "/1", "2", "/3?a=1&amp;a=%zz", "?x=é"][..]), 1 => select(NOWHERE)]
}

/// Numbers, and some of those nobody thought of.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0_u32..12, 1 => select(&[60, 3600, u32::MAX][..])]
}

/// Attributes of which each is there or not.
fn attributes(all: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    let maybe = |one: BoxedStrategy<String>| prop_oneof![Just(String::new()), one].boxed();
    all.into_iter().map(maybe).collect::<Vec<_>>().prop_map(|all| all.join(" ")).boxed()
}

fn numeric(name: &'static str) -> BoxedStrategy<String> {
    number().prop_map(move |value| format!("{name}='{value}'")).boxed()
}

fn link(name: &'static str) -> BoxedStrategy<String> {
    address().prop_map(move |value| format!("{name}='{value}'")).boxed()
}

fn one_of(name: &'static str, values: &'static [&'static str]) -> BoxedStrategy<String> {
    select(values).prop_map(move |value| format!("{name}='{value}'")).boxed()
}

const BOOL: &[&str] = &["true", "false"];

fn prompt() -> BoxedStrategy<String> {
    let said = vec![numeric("loop"), link("statusCallback"), one_of("answer", BOOL)];
    let played = vec![numeric("loop"), one_of("answer", BOOL)];
    prop_oneof![
        (attributes(said), "[a-zé .]{0,40}").prop_map(|(a, text)| format!("<Say {a}>{text}<break time='1s'/></Say>")),
        (attributes(played), address()).prop_map(|(a, url)| format!("<Play {a}>{url}</Play>")),
        attributes(vec![numeric("loop")]).prop_map(|a| format!("<Play digits='1w#' {a}/>")),
        prop_oneof![Just("0.25".to_owned()), number().prop_map(|n| n.to_string())]
            .prop_map(|length| format!("<Pause length='{length}'/>")),
    ]
    .boxed()
}

fn verb() -> BoxedStrategy<String> {
    let gather = attributes(vec![
        link("action"),
        numeric("maxTimeout"),
        numeric("timeout"),
        numeric("maxDuration"),
        numeric("numDigits"),
        one_of("input", &["dtmf", "speech", "dtmf speech"]),
        one_of("finishOnKey", &["", "#", "1"]),
        one_of("interruptible", BOOL),
        one_of("actionOnEmptyResult", BOOL),
        one_of("method", &["GET", "POST"]),
    ]);
    let record = attributes(vec![
        link("action"),
        numeric("timeout"),
        numeric("maxLength"),
        one_of("finishOnKey", &["", "#", "1"]),
        one_of("trim", &["do-not-trim", "trim-silence"]),
        link("recordingStatusCallback"),
        one_of("recordingStatusCallbackEvent", &["in-progress", "completed", "absent"]),
    ]);
    let dial = attributes(vec![
        link("action"),
        numeric("timeout"),
        numeric("timeLimit"),
        one_of("hangupOnStar", BOOL),
        one_of("record", &["record-from-answer", "record-from-ringing"]),
        link("recordingStatusCallback"),
    ]);
    let noun = prop_oneof![
        3 => Just("<Number>1001</Number><Number>1002</Number><Sip>sip:1003@acme.example</Sip>"),
        1 => Just("<Conference endConferenceOnExit='true' statusCallback='/3' statusCallbackEvent='join,end'>A</Conference>"),
        1 => Just("<Conference startConferenceOnEnter='required' record='record-from-start'/>"),
        1 => Just("<Service provider='vapi'>7</Service>"),
    ];
    let stream = "<Stream url='wss://a.example' name='a' statusCallback='/1'/>";
    prop_oneof![
        4 => prompt(),
        4 => (gather, vec(prompt(), 0..3)).prop_map(|(a, prompts)| format!("<Gather {a}>{}</Gather>", prompts.concat())),
        3 => (record, vec(prompt(), 0..2)).prop_map(|(a, prompts)| format!("<Record {a}>{}</Record>", prompts.concat())),
        4 => (dial, noun).prop_map(|(a, noun)| format!("<Dial {a}>{noun}</Dial>")),
        2 => address().prop_map(|url| format!("<Redirect>{url}</Redirect>")),
        1 => select(&["<Hangup/>", "<Reject/>", "<Coach>t</Coach>", "<Converse statusCallback='/1'/>"][..]).prop_map(str::to_owned),
        1 => link("action").prop_map(move |a| format!("<Connect {a}>{stream}</Connect>")),
        1 => Just(format!("<Start>{stream}</Start><Stop><Stream name='a'/></Stop>")),
    ]
    .boxed()
}

/// What an application answers: mostly documents, and sometimes anything.
fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => vec(verb(), 0..5).prop_map(|verbs| format!("<Response>{}</Response>", verbs.concat())),
        1 => any::<String>(),
        1 => any::<String>().prop_map(|inside| format!("<Response>{inside}</Response>")),
    ]
}

fn callee() -> impl Strategy<Value = Callee> {
    prop_oneof![
        Just(Callee::no_answer()),
        Just(Callee::busy()),
        Just(Callee::unreachable()),
        number().prop_map(Callee::declines_after),
        (number(), number()).prop_map(|(after, talk)| Callee::answers_after(after).talks(talk)),
        (number(), number()).prop_map(|(after, talk)| Callee::answers_after(after).talks_until_caller_hangs_up(talk)),
        (number(), number())
            .prop_map(|(after, talk)| Callee::answers_after(after).talks_until_caller_presses(talk, Key::STAR)),
    ]
}

type Turn = fn(People, u32) -> People;

/// What a caller may do, with a number that means something different each time.
const TURNS: &[Turn] = &[
    |people, _| people.presses("1"),
    |people, _| people.presses("12#*"),
    |people, _| people.stays_silent(),
    |people, _| people.says("hello there"),
    |people, n| people.presses_after(n, "21"),
    |people, n| people.presses_slowly("123", n),
    |people, n| people.speaks(n),
    |people, n| people.speaks_and_presses(n, Key::HASH),
    |people, n| people.speaks_and_hangs_up(n),
    |people, n| people.hangs_up_after(n),
    |people, n| people.hangs_up_at(n),
    |people, n| people.gives_up_ringing_after(n),
    |people, n| people.streams_last(n),
    |people, n| people.room("A", Room::ends_after(n)),
    |people, n| people.room("default", Room::star_after(n).starts_after(2)),
];

fn people() -> impl Strategy<Value = People> {
    (vec((select(TURNS), number()), 2..10), vec(callee(), 4)).prop_map(|(turns, callees)| {
        let mut people = turns.into_iter().fold(People::new(), |people, (turn, n)| turn(people, n));
        for (name, callee) in ["1001", "1002", "1003", "7"].into_iter().zip(callees) {
            people = people.callee(name, callee);
        }
        people
    })
}

fn switches() -> impl Strategy<Value = Switches> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(late, media, details, tolerant)| Switches {
        max_stages: 25,
        action_after_hangup: late,
        media_answers: media,
        dial_details: details,
        accept_error_status: tolerant,
        ..Switches::default()
    })
}

/// The same call twice, to an application with these bodies.
fn twice(bodies: &[String], people: &People, switches: &Switches) -> [Transcript; 2] {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start().await;
        for (path, body) in ["/voice", "/1", "/2", "/3"].into_iter().zip(bodies) {
            server.on(path, Reply::xml(body.clone()));
        }
        let place = async || {
            let settings = Settings {
                switches: switches.clone(),
                ..Settings::new(format!("{}/voice", server.origin), "acme.example", 0)
            };
            Exchange::new(settings).unwrap().place(Call::inbound("+14155550123", "100"), people.clone()).await
        };
        [place().await, place().await]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_call_ends_and_is_the_same_again(bodies in vec(body(), 4), people in people(), switches in switches()) {
        let [transcript, again] = twice(&bodies, &people, &switches);
        prop_assert_eq!(&transcript, &again);
        let ends = transcript.events().filter(|event| matches!(event, Event::Ends(_))).count();
        prop_assert_eq!(ends, 1);
        prop_assert!(matches!(transcript.lines.last().map(|line| &line.event), Some(Event::Ends(_))));
        prop_assert!(transcript.lines.is_sorted_by_key(|line| line.at), "{}", transcript);
        prop_assert!(transcript.documents().count() <= 25);
        let end = &transcript.end;
        prop_assert!(end.billed <= end.duration.begun_seconds());
        prop_assert!(end.answered || end.billed == 0);
        prop_assert!(end.duration.begun_seconds() <= u64::from(u32::MAX));
        prop_assert_eq!(transcript.to_string().lines().count(), transcript.lines.len(), "a line for each event");
        prop_assert!(serde_json::to_string(&transcript).is_ok());
    }
}
