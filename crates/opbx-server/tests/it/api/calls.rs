//! The call log: what it holds, page by page and place by place; what goes on, and what was missed.

use super::company::{Answer, Company};
use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use opbx_core::call::DialResult;
use opbx_core::call_log::{
    CallKeys, DialEnd, DialKey, DialStart, Fact, FinalRecord, Named, Parties, PhoneKind, RoutedStep, RungPhone,
    StateReport, Via, ViaKind,
};
use opbx_core::call_state::{CallDirection, CallRecord, Disposition, PlatformStatus, SessionTimes, StatusEvent};
use opbx_core::id::{ExtensionId, PhoneNumberId, RingGroupId};
use opbx_store::Delivery;
use serde_json::{Value, json};

pub(super) const CALLER: &str = "+14155550123";
pub(super) const OURS: &str = "+12125550100";

/// A call as the tests tell of it.
#[derive(Clone, Copy)]
pub(super) struct Told<'t> {
    pub(super) session: &'t str,
    pub(super) from: &'t str,
    pub(super) to: &'t str,
    pub(super) name: Option<&'t str>,
    pub(super) direction: CallDirection,
    /// How it ended.
    pub(super) word: &'t str,
    /// When it began.
    pub(super) at: &'t str,
    pub(super) duration: u32,
}

impl<'t> Told<'t> {
    /// A call from outside that somebody answered.
    pub(super) const fn new(session: &'t str, at: &'t str) -> Self {
        let direction = CallDirection::Inbound;
        Self { session, from: CALLER, to: OURS, name: None, direction, word: "ANSWER", at, duration: 60 }
    }

    pub(super) fn parties(&self) -> Parties {
        Parties {
            from: Some(self.from.into()),
            to: Some(self.to.into()),
            caller_name: self.name.map(Into::into),
            direction: Some(self.direction),
        }
    }

    /// Its record.
    pub(super) fn record(&self) -> Fact {
        let at: Timestamp = self.at.parse().unwrap();
        let end = at + SignedDuration::from_secs(self.duration.into());
        let disposition = Disposition::from_platform(self.word);
        let answered_at = (disposition == Disposition::Answered).then_some(at);
        let times = SessionTimes { started_at: Some(at), answered_at, ended_at: Some(end) };
        let (duration, billsec) = (Some(self.duration), answered_at.map(|_| self.duration));
        let record = CallRecord { timestamp: end, disposition, session: Some(times), duration, billsec };
        Fact::Record(FinalRecord {
            keys: CallKeys::of_session(self.session),
            received_at: end,
            record,
            parties: self.parties(),
            cost: Some(12_500),
            recording_url: None,
            payload: r#"{"disposition":"ANSWER","from":"+14155550123"}"#.into(),
        })
    }

    /// What is told of it while it goes on.
    pub(super) fn report(&self, word: &str, seconds: i64) -> Fact {
        let at = self.at.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds);
        let status = PlatformStatus::parse(word);
        let status = StatusEvent { status, at, started_at: None, answered_at: None, ended_at: None };
        let keys = CallKeys::of_session(self.session);
        Fact::Report(StateReport { keys, received_at: at, status, parties: self.parties() })
    }

    /// That a ring group rang an extension, and how that came out.
    pub(super) fn dial(&self, group: u64, number: u64, extension: u64, result: DialResult) -> [Fact; 2] {
        let at = self.at.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(1);
        let (kind, name) = (PhoneKind::Extension, Some("Alice Ray".into()));
        let phone = RungPhone { kind, extension: Some(ExtensionId::new(extension)), number: "1001".into(), name };
        let (kind, ring_group) = (ViaKind::RingGroup, Some(RingGroupId::new(group)));
        let start = DialStart { at, via: Via { kind, ring_group, name: Some("Sales".into()) }, phones: vec![phone] };
        let step = RoutedStep {
            keys: CallKeys::of_session(self.session),
            at,
            parties: self.parties(),
            phone_number: Some(Named { id: PhoneNumberId::new(number), text: self.to.into() }),
            caller: None,
            ended: None,
            started: Some((DialKey("one".into()), start)),
        };
        let at = at + SignedDuration::from_secs(20);
        let end = DialEnd { at, result, talked: None, taken_by: None };
        let ended = RoutedStep { started: None, ended: Some((DialKey("one".into()), end)), at, ..step.clone() };
        [Fact::Step(step), Fact::Step(ended)]
    }
}

impl Company {
    /// Lets facts be known.
    pub(super) async fn told(&self, facts: impl IntoIterator<Item = Fact>) {
        let of = |fact| Delivery { organization: self.organization, key: None, fact };
        let batch: Vec<Delivery> = facts.into_iter().map(of).collect();
        self.store.platform().apply_facts(&batch, self.now()).await.unwrap();
    }

    /// The calls that an address lists, by what the platform calls them.
    pub(super) async fn calls(&self, path: &str) -> Vec<String> {
        names(&self.get(path).await)
    }
}

pub(super) fn names(answer: &Answer) -> Vec<String> {
    let calls = answer.data().as_array().unwrap().iter();
    calls.map(|call| call["call_id"].as_str().unwrap().to_owned()).collect()
}

/// Minutes into a morning.
fn minute(minute: u32) -> String {
    format!("2026-03-09T13:{minute:02}:00Z")
}

#[tokio::test]
async fn a_call_is_shown_with_all_its_fields() {
    let company = Company::new().await;
    let alice = json!({ "extension_number": "1001", "name": "Alice Ray", "type": "user" });
    let alice = company.post("/extensions", &alice).await.data()["id"].as_u64().unwrap();
    let call = Told { name: Some("Ann Winter"), ..Told::new("one", "2026-03-09T13:00:00Z") };
    company.told(call.dial(7, 7, alice, DialResult::Answered)).await;
    company.told([call.record()]).await;
    let answer = company.get("/call-logs").await;
    insta::assert_json_snapshot!("log", answer.body);
    assert_eq!(company.get("/call-logs/1").await.data()["legs"], answer.data()[0]["legs"]);
}

#[tokio::test]
async fn calls_are_filtered() {
    let company = Company::new().await;
    let alice = json!({ "extension_number": "1001", "name": "Alice Ray", "type": "user" });
    let alice = company.post("/extensions", &alice).await.data()["id"].as_u64().unwrap();
    let group = json!({ "name": "Sales", "strategy": "simultaneous", "members": [{ "extension_id": alice }] });
    let group = company.post("/ring-groups", &group).await.data()["id"].as_u64().unwrap();
    let number = json!({ "phone_number": OURS, "destination": { "type": "ring_group", "id": group } });
    let number = company.post("/phone-numbers", &number).await.data()["id"].as_u64().unwrap();
    let at: Vec<String> = (0..4).map(minute).collect();
    let taken = Told { name: Some("Ann Winter"), ..Told::new("taken", &at[0]) };
    let out = Told { from: "1001", to: "+4930123456", direction: CallDirection::Outbound, ..Told::new("out", &at[1]) };
    let out = Told { word: "BUSY", duration: 5, ..out };
    let inside = Told { from: "1001", to: "1002", direction: CallDirection::Internal, ..Told::new("inside", &at[2]) };
    let inside = Told { word: "NOANSWER", ..inside };
    let live = Told { from: "+14155550177", ..Told::new("live", &at[3]) };
    company.told(taken.dial(group, number, alice, DialResult::Answered)).await;
    company.told([taken.record(), out.record(), inside.record(), live.report("ringing", 0)]).await;
    for (query, wanted) in [
        ("", &["live", "inside", "out", "taken"][..]),
        ("status=busy", &["out"]),
        ("status=ringing", &["live"]),
        ("direction=inbound", &["live", "taken"]),
        ("disposition=NO%20ANSWER", &["inside"]),
        ("from_number=%2B1415555", &["live", "taken"]),
        ("from_number=+1415555", &["live", "taken"]),
        ("from_number=%2B14155550123", &["taken"]),
        ("from_number=%2B415", &[]),
        ("from_number=0123", &["taken"]),
        ("from_number=(415)%20555-01", &["live", "taken"]),
        ("to_number=3012", &["out"]),
        ("to_number=550100", &["live", "taken"]),
        ("to_number=100&direction=internal", &["inside"]),
        (&format!("extension_id={alice}"), &["taken"]),
        (&format!("ring_group_id={group}"), &["taken"]),
        (&format!("phone_number_id={number}"), &["taken"]),
        ("extension_id=999999", &[]),
        ("from_date=2026-03-09T13:01:00Z&to_date=2026-03-09T13:03:00Z", &["inside", "out"]),
        ("min_duration=6", &["inside", "taken"]),
        ("min_duration=5&direction=outbound", &["out"]),
        ("search=taken", &["taken"]),
        ("search=take", &[]),
        ("search=winter", &["taken"]),
        ("search=+49301", &["out"]),
        ("search=", &["live", "inside", "out", "taken"]),
        ("status=&direction=&unknown=1", &["live", "inside", "out", "taken"]),
    ] {
        assert_eq!(company.calls(&format!("/call-logs?{query}")).await, wanted, "{query}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_name() {
    let company = Company::new().await;
    for (name, value) in [
        ("status", "over"),
        ("direction", "up"),
        ("disposition", "answered"),
        ("from_number", "12"),
        ("to_number", "Ann"),
        ("extension_id", "0"),
        ("ring_group_id", "x"),
        ("phone_number_id", "9223372036854775808"),
        ("from_date", "yesterday"),
        ("to_date", "2026-02-30"),
        ("min_duration", "-1"),
        ("cursor", "x"),
    ] {
        for path in ["/call-logs", "/call-logs/missed"] {
            let answer = company.get(&format!("{path}?{name}={value}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
            assert!(answer.body["detail"].as_str().unwrap().contains(name), "{answer:?}");
        }
    }
    for query in ["cursor=&sort_by=duration", "cursor=&sort_order=asc"] {
        assert_eq!(company.get(&format!("/call-logs?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_day_is_one_of_the_organization_also_when_its_clocks_change() {
    let company = Company::new().await;
    // In New York the eighth of March begins at five, and has twenty-three hours.
    let edges = [
        ("a", "2026-03-08T04:59:59.999Z"),
        ("b", "2026-03-08T05:00:00Z"),
        ("c", "2026-03-09T03:59:59.999Z"),
        ("d", "2026-03-09T04:00:00Z"),
    ];
    company.told(edges.map(|(name, at)| Told::new(name, at).record())).await;
    assert_eq!(company.calls("/call-logs?from_date=2026-03-08&to_date=2026-03-08").await, ["c", "b"]);
    assert_eq!(company.calls("/call-logs?from_date=2026-03-09").await, ["d"]);
    assert_eq!(company.calls("/call-logs?to_date=2026-03-07").await, ["a"]);
    assert_eq!(company.calls("/call-logs?from_date=2026-03-09&to_date=2026-03-08").await, [""; 0]);
    company.patch("/organization", &json!({ "timezone": "UTC" })).await.data();
    assert_eq!(company.calls("/call-logs?from_date=2026-03-08&to_date=2026-03-08").await, ["b", "a"]);
}

#[tokio::test]
async fn pages_and_places_tell_the_same_log() {
    let company = Company::new().await;
    let at: Vec<String> = (0..12).map(|number| minute(number / 3)).collect();
    let sessions: Vec<String> = (0..12).map(|number| format!("{number:02}")).collect();
    company.told(sessions.iter().zip(&at).map(|(session, at)| Told::new(session, at).record())).await;
    let first = company.get("/call-logs?per_page=5").await;
    let meta = &first.body["meta"];
    assert_eq!(names(&first), ["11", "10", "09", "08", "07"]);
    let place = (&meta["current_page"], &meta["per_page"], &meta["total"], &meta["last_page"]);
    assert_eq!(place, (&json!(1), &json!(5), &json!(12), &json!(3)));
    assert_eq!((&meta["from"], &meta["to"], &meta["total_capped"]), (&json!(1), &json!(5), &json!(false)));
    let cursor = meta["next_cursor"].as_str().unwrap().to_owned();
    let second = names(&company.get("/call-logs?per_page=5&page=2").await);
    // What is added meanwhile is before the place, even at the same time.
    let newer = [Told::new("newer", &minute(30)).record(), Told::new("equal", &at[7]).record()];
    company.told(newer).await;
    let behind = company.get(&format!("/call-logs?per_page=5&cursor={cursor}")).await;
    assert_eq!(names(&behind), second);
    let meta = &behind.body["meta"];
    assert_eq!((&meta["total"], &meta["current_page"], &meta["per_page"]), (&Value::Null, &Value::Null, &json!(5)));
    let cursor = meta["next_cursor"].as_str().unwrap();
    let last = company.get(&format!("/call-logs?per_page=5&cursor={cursor}")).await;
    assert_eq!(
        (names(&last).as_slice(), &last.body["meta"]["next_cursor"]),
        (&["01".into(), "00".into()][..], &Value::Null)
    );
    assert_eq!(company.calls("/call-logs?cursor=&per_page=2").await, ["newer", "11"]);
    let past = company.get("/call-logs?page=99").await;
    assert_eq!(
        (names(&past).len(), &past.body["meta"]["total"], &past.body["meta"]["from"]),
        (0, &json!(14), &Value::Null)
    );
}

#[tokio::test]
async fn calls_are_put_in_any_order() {
    let company = Company::new().await;
    let (one, two, three) = (minute(1), minute(2), minute(3));
    let long = Told { duration: 90, from: "+19995550000", ..Told::new("long", &one) };
    let busy = Told { word: "BUSY", duration: 3, ..Told::new("busy", &two) };
    let last = Told { duration: 9, ..Told::new("last", &three) };
    company.told([long.record(), busy.record(), last.record()]).await;
    for (query, wanted) in [
        ("sort_by=duration", ["busy", "last", "long"]),
        ("sort_by=duration&sort_order=desc", ["long", "last", "busy"]),
        ("sort_by=billsec", ["busy", "last", "long"]),
        ("sort_by=from_number&sort_order=desc", ["long", "last", "busy"]),
        ("sort_by=status", ["busy", "long", "last"]),
        ("sort_by=stale", ["long", "busy", "last"]),
        ("sort_by=cost&sort_order=desc", ["last", "busy", "long"]),
        ("sort_by=initiated_at", ["long", "busy", "last"]),
        ("sort_by=initiated_at&sort_order=desc", ["last", "busy", "long"]),
        ("sort_order=asc", ["long", "busy", "last"]),
        ("sort_by=payload&sort_order=sideways", ["last", "busy", "long"]),
    ] {
        assert_eq!(company.calls(&format!("/call-logs?{query}")).await, wanted, "{query}");
    }
    let paged = company.get("/call-logs?sort_by=duration&per_page=2&page=2").await;
    assert_eq!((names(&paged), &paged.body["meta"]["next_cursor"]), (vec!["long".to_owned()], &Value::Null));
}

#[tokio::test]
async fn calls_that_go_on_are_listed_until_they_fall_silent() {
    let company = Company::new().await;
    let (quiet, heard) = (Told::new("quiet", "2026-03-09T09:59:00Z"), Told::new("heard", "2026-03-09T12:00:00Z"));
    company.told([quiet.report("ringing", 30), heard.report("connected", 9)]).await;
    company.told([Told::new("over", "2026-03-09T13:00:00Z").record()]).await;
    let active = company.ask("reporter", Method::GET, "/call-logs/active", None).await;
    assert_eq!(names(&active), ["heard"]);
    assert_eq!((&active.data()[0]["stale"], &active.body["meta"]["total"]), (&json!(false), &json!(1)));
    let log = company.get("/call-logs?sort_by=stale&sort_order=desc").await;
    assert_eq!((log.data()[0]["call_id"].as_str(), &log.data()[0]["stale"]), (Some("quiet"), &json!(true)));
    company.wait(SignedDuration::from_hours(3));
    assert_eq!(company.calls("/call-logs/active").await, [""; 0]);
}

#[tokio::test]
async fn a_missed_call_is_closed_by_a_conversation() {
    let company = Company::new().await;
    let (one, two, later) = (minute(1), minute(2), minute(30));
    let first = Told { word: "NOANSWER", ..Told::new("first", &one) };
    let second = Told { word: "CANCEL", from: "+13105550111", ..Told::new("second", &two) };
    company.told([first.record(), second.record(), Told::new("taken", &one).record()]).await;
    let missed = async || company.calls("/call-logs/missed").await;
    assert_eq!(missed().await, ["second", "first"]);
    assert_eq!(company.calls("/call-logs/missed?from_number=310").await, ["second"]);
    let back = Told { from: "1001", to: CALLER, direction: CallDirection::Outbound, ..Told::new("back", &later) };
    company.told([Told { word: "BUSY", session: "vain", ..back }.record()]).await;
    assert_eq!(missed().await, ["second", "first"], "without success");
    company.told([back.record()]).await;
    assert_eq!(missed().await, ["second"]);
    company.told([Told { word: "ANSWER", session: "again", at: &later, ..second }.record()]).await;
    assert_eq!(missed().await, [""; 0]);
}

#[tokio::test]
async fn a_missed_call_is_settled_by_hand() {
    let company = Company::new().await;
    let missed = Told { word: "NOANSWER", ..Told::new("missed", "2026-03-09T13:00:00Z") };
    let taken = Told { from: "+13235550100", ..Told::new("taken", "2026-03-09T13:10:00Z") };
    company.told([missed.record(), taken.record()]).await;
    company.told([Told { from: "+13105550111", session: "other", ..missed }.record()]).await;
    let of =
        async |name: &str| company.get(&format!("/call-logs?search={name}")).await.data()[0]["id"].as_u64().unwrap();
    let (id, taken) = (of("missed").await, of("taken").await);
    let settle = async |who: &str, id: u64, body: Value| {
        company.ask(who, Method::PATCH, &format!("/call-logs/{id}"), Some(&body)).await
    };
    assert_eq!(settle("reporter", id, json!({ "returned": true })).await.status, StatusCode::FORBIDDEN);
    assert_eq!(settle("agent", id, json!({ "returned": true })).await.data()["call_id"], "missed");
    assert_eq!(company.calls("/call-logs/missed").await, ["other"]);
    settle("agent", id, json!({ "returned": true })).await.data();
    let entries = company.get("/audit-log?object_type=call").await;
    assert_eq!(entries.data().as_array().unwrap().len(), 1, "{entries:?}");
    assert_eq!(
        (&entries.data()[0]["after"], &entries.data()[0]["object"]["id"]),
        (&json!({ "returned": true }), &json!(id))
    );
    settle("owner", id, json!({ "returned": false })).await.data();
    assert_eq!(company.calls("/call-logs/missed").await, ["other", "missed"]);
    for body in
        [json!({}), json!({ "returned": "yes" }), json!({ "returned": true, "status": "busy" }), json!({ "x": 1 })]
    {
        settle("owner", id, body).await.errors();
    }
    assert!(settle("owner", taken, json!({ "returned": true })).await.errors()["returned"].is_array());
    for id in [id, taken] {
        for method in [Method::GET, Method::PATCH] {
            let body = (method == Method::PATCH).then(|| json!({ "returned": true }));
            let answer = company.ask("stranger", method, &format!("/call-logs/{id}"), body.as_ref()).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
    }
    assert_eq!(company.get("/call-logs/nothing").await.status, StatusCode::NOT_FOUND);
}
