//! Reading calls: filters, search, pages, cursors, live ones, missed ones, and what became of what they name.

use jiff::Timestamp;
use opbx_core::call::DialResult;
use opbx_core::call_log::{Fact, FinalRecord, Parties, StateReport};
use opbx_core::call_state::{CallDirection, CallRecord, CallStatus, Disposition, Ending, SessionTimes};
use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_store::{
    CallField, CallOrder, CallPage, CallQuery, Error, KeptCall, NumberFilter, ObjectKind, PlanObject, Stretch,
    TenantStore,
};

use crate::bench::{Bench, at, on_both};
use crate::calls::{all, apply, dial_ended, dialled, inbound, organization, parties, record, report, t};
use crate::changing::{Changing, author};

on_both! {
    calls_are_filtered;
    calls_of_numbers_keep_the_order_of_the_log;
    calls_are_searched;
    a_cursor_is_stable_while_calls_are_added;
    pages_and_cursors_tell_the_same_log;
    live_calls_are_listed_until_they_fall_silent;
    a_missed_call_is_closed_by_a_conversation_in_either_order;
    a_missed_call_is_settled_by_hand;
    a_deleted_extension_leaves_its_text_and_no_identifier;
    calls_are_put_in_any_order;
    hidden_digits_are_not_found;
    a_call_can_be_shown_before_the_database_is_asked;
}

const WHOLE: Stretch = Stretch::Page { offset: 0, limit: 100 };

/// A call that was over at once.
fn call(session: &str, parties: Parties, word: &str, seconds: i64) -> Fact {
    let times = SessionTimes { started_at: Some(t(seconds)), answered_at: None, ended_at: Some(t(seconds)) };
    let record = FinalRecord { parties, ..record(session, word, seconds) };
    Fact::Record(FinalRecord { record: CallRecord { session: Some(times), ..record.record }, ..record })
}

async fn names(tenant: &TenantStore, query: &CallQuery) -> Vec<String> {
    let page = tenant.calls(query, WHOLE).await.unwrap();
    assert_eq!(page.total, Some(page.items.len() as u64));
    page.items.into_iter().map(|call| call.call_id).collect()
}

async fn calls_are_filtered(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    crate::furnished::furnish(&tenant, 'a').await;
    let plan = tenant.load_plan().await.unwrap().1;
    let (extension, group) = (plan.extensions[0].id.get(), plan.ring_groups[0].id.get());
    let out = parties("1001", "+4930123456", CallDirection::Outbound);
    let inside = parties("1001", "1002", CallDirection::Internal);
    let mut facts = vec![
        call("in", inbound(), "ANSWER", 10),
        call("out", out, "BUSY", 20),
        call("inside", inside, "NOANSWER", 30),
        dialled("live", "a", 40, group, &[extension]),
        Fact::Report(report("live", "ringing", 40)),
    ];
    if let Fact::Record(record) = &mut facts[1] {
        record.record.duration = Some(5);
    }
    apply(bench, id, facts).await;
    let none = CallQuery::default();
    let prefix = |text: &str| Some(NumberFilter::Prefix(text.into()));
    let part = |text: &str| Some(NumberFilter::Contains(text.into()));
    let cases: Vec<(CallQuery, &[&str])> = vec![
        (none.clone(), &["live", "inside", "out", "in"]),
        (CallQuery { status: Some(CallStatus::Ended(Ending::Busy)), ..none.clone() }, &["out"]),
        (CallQuery { direction: Some(CallDirection::Inbound), ..none.clone() }, &["live", "in"]),
        (CallQuery { disposition: Some(Disposition::NoAnswer), ..none.clone() }, &["inside"]),
        (CallQuery { from_number: prefix("+1212"), ..none.clone() }, &["live", "in"]),
        (CallQuery { from_number: prefix("+1213"), ..none.clone() }, &[]),
        (CallQuery { to_number: prefix("+4930123456"), ..none.clone() }, &["out"]),
        (CallQuery { to_number: part("3012"), ..none.clone() }, &["out"]),
        (CallQuery { from_number: part("001"), ..none.clone() }, &["inside", "out"]),
        (CallQuery { from_number: part("%"), ..none.clone() }, &[]),
        (CallQuery { extension: Some(extension), ..none.clone() }, &["live"]),
        (CallQuery { ring_group: Some(group), ..none.clone() }, &["live"]),
        (CallQuery { phone_number: Some(plan.phone_numbers[0].id.get()), ..none.clone() }, &["live"]),
        (CallQuery { extension: Some(9_999), ..none.clone() }, &[]),
        (CallQuery { from: Some(t(20)), before: Some(t(40)), ..none.clone() }, &["inside", "out"]),
        (CallQuery { min_duration: Some(6), ..none.clone() }, &["inside", "in"]),
        (CallQuery { min_duration: Some(5), direction: Some(CallDirection::Outbound), ..none }, &["out"]),
    ];
    for (query, wanted) in cases {
        assert_eq!(names(&tenant, &query).await, wanted, "{query:?}");
    }
}

/// However they are found: off the index of few numbers, along the log, or put in order because they are rare.
async fn calls_of_numbers_keep_the_order_of_the_log(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let of = |name: &str, from: String, second: i64| {
        call(name, parties(&from, "+12125550100", CallDirection::Inbound), "ANSWER", second)
    };
    // Forty numbers once each, and then three by turns for as long as nobody walks along for a page of three.
    let rare = (0..40).map(|number| of(&format!("rare {number}"), format!("+1415555{number:04}"), number));
    let often =
        (0..900).map(|number| of(&format!("often {number}"), format!("+131255500{:02}", number % 3), 100 + number));
    apply(bench, id, rare.chain(often).collect()).await;
    let all = tenant.calls_alone(&CallQuery::default(), None, 1_000).await.unwrap();
    let all: Vec<String> = all.into_iter().map(|call| call.call_id).collect();
    let wanted = |meant: &dyn Fn(&str) -> bool| -> Vec<String> {
        all.iter().filter(|name| meant(name)).take(20).cloned().collect()
    };
    let from = |filter: NumberFilter| CallQuery { from_number: Some(filter), ..CallQuery::default() };
    let search = |text: &str| CallQuery { search: Some(text.into()), ..CallQuery::default() };
    let third = |name: &str| name.strip_prefix("often ").is_some_and(|number| number.parse::<u32>().unwrap() % 3 == 2);
    let questions = [
        ("one", 300, from(NumberFilter::Prefix("+13125550002".into())), wanted(&third)),
        ("few", 900, from(NumberFilter::Prefix("+1312".into())), wanted(&|name| name.starts_with("often"))),
        ("often", 940, from(NumberFilter::Prefix("+1".into())), wanted(&|_| true)),
        ("rare", 40, from(NumberFilter::Prefix("+1415".into())), wanted(&|name| name.starts_with("rare"))),
        ("one, searched", 300, search("3125550002"), wanted(&third)),
        ("often, searched", 940, search("5550"), wanted(&|_| true)),
        ("rare, searched", 40, search("415555"), wanted(&|name| name.starts_with("rare"))),
        ("rare, a part", 40, from(NumberFilter::Contains("41555".into())), wanted(&|name| name.starts_with("rare"))),
    ];
    for (what, total, query, wanted) in questions {
        let mut seen = Vec::new();
        let mut cursor = None;
        while seen.len() < wanted.len() {
            let page = tenant.calls(&query, Stretch::After { cursor, limit: 3 }).await.unwrap();
            seen.extend(page.items.into_iter().map(|call| call.call_id));
            cursor = page.next;
            assert!(cursor.is_some(), "{what}: {seen:?}");
        }
        seen.truncate(wanted.len());
        assert_eq!(seen, wanted, "{what}, behind cursors");
        let page = tenant.calls(&query, Stretch::Page { offset: 4, limit: 3 }).await.unwrap();
        assert_eq!(page.total, Some(total), "{what}");
        let seen: Vec<String> = page.items.into_iter().map(|call| call.call_id).collect();
        assert_eq!(seen, wanted[4..7], "{what}, a page");
        let alone = tenant.calls_alone(&query, None, 5).await.unwrap();
        assert_eq!(alone.into_iter().map(|call| call.call_id).collect::<Vec<_>>(), wanted[..5], "{what}, alone");
    }
}

async fn calls_are_searched(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let ann = Parties { caller_name: Some("Ann Winter".into()), ..inbound() };
    let bob = parties("+14155550177", "+12125550100", CallDirection::Inbound);
    apply(bench, id, vec![call("first", ann, "ANSWER", 10), call("second", bob, "ANSWER", 20)]).await;
    let found =
        async |text: &str| names(&tenant, &CallQuery { search: Some(text.into()), ..CallQuery::default() }).await;
    assert_eq!(found("first").await, ["first"]);
    assert_eq!(found("firs").await, [""; 0], "what a call is known by is looked for as a whole");
    assert_eq!(found("wINTER").await, ["first"]);
    assert_eq!(found("415555").await, ["second"]);
    assert_eq!(found("5550100").await, ["second", "first"]);
    assert_eq!(found("").await, ["second", "first"]);
    assert_eq!(found("nobody").await, [""; 0]);
}

async fn a_cursor_is_stable_while_calls_are_added(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    // Three of each second: the identifier settles what is equal.
    let batch = (0..30).map(|number| call(&format!("{number:02}"), inbound(), "ANSWER", number / 3)).collect();
    apply(bench, id, batch).await;
    let mut wanted: Vec<String> = names(&tenant, &CallQuery::default()).await;
    assert_eq!((wanted.len(), wanted[0].as_str(), wanted[29].as_str()), (30, "29", "00"));
    let (mut cursor, mut seen, mut added) = (None, Vec::new(), 0);
    loop {
        let stretch = Stretch::After { cursor, limit: 7 };
        let page = tenant.calls(&CallQuery::default(), stretch).await.unwrap();
        assert_eq!(page.total, None);
        seen.extend(page.items.into_iter().map(|call| call.call_id));
        // Newer ones, and one that began at the very same time as the last that was seen.
        added += 1;
        let newer = call(&format!("newer {added}"), inbound(), "ANSWER", 100 + added);
        let equal = call(&format!("equal {added}"), inbound(), "ANSWER", 9);
        apply(bench, id, vec![newer, equal]).await;
        let Some(next) = page.next else { break };
        cursor = Some(next);
    }
    wanted.retain(|name| seen.contains(name));
    assert_eq!(seen, wanted, "none twice, none left out");
    assert_eq!(seen.len(), 30);
}

async fn pages_and_cursors_tell_the_same_log(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let batch = (0..11).map(|number| call(&number.to_string(), inbound(), "BUSY", number)).collect();
    apply(bench, id, batch).await;
    let query = CallQuery { disposition: Some(Disposition::Busy), ..CallQuery::default() };
    let page = async |stretch| -> CallPage { tenant.calls(&query, stretch).await.unwrap() };
    let first = page(Stretch::Page { offset: 0, limit: 4 }).await;
    assert_eq!((first.items.len(), first.total, first.is_capped), (4, Some(11), false));
    let second = page(Stretch::Page { offset: 4, limit: 4 }).await;
    let behind = page(Stretch::After { cursor: first.next, limit: 4 }).await;
    assert_eq!(second.items, behind.items);
    let last = page(Stretch::Page { offset: 8, limit: 4 }).await;
    assert_eq!((last.items.len(), last.next), (3, None));
    let past = page(Stretch::Page { offset: 40, limit: 4 }).await;
    assert_eq!((past.items.len(), past.total, past.next), (0, Some(11), None));
    let exact = page(Stretch::After { cursor: first.next, limit: 7 }).await;
    assert_eq!((exact.items.len(), exact.next), (7, None), "it ends with the last one");
}

async fn live_calls_are_listed_until_they_fall_silent(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let facts = vec![
        Fact::Report(report("quiet", "ringing", 1)),
        Fact::Report(report("heard", "connected", 60)),
        Fact::Report(report("over", "answer", 60)),
    ];
    apply(bench, id, facts).await;
    let live = async |since: Timestamp| -> Vec<String> {
        tenant.active_calls(since).await.unwrap().into_iter().map(|call| call.call_id).collect()
    };
    assert_eq!(live(at(-1)).await, ["heard", "quiet"]);
    assert_eq!(live(t(1)).await, ["heard"]);
    assert_eq!(live(t(60)).await, [""; 0]);
    let calls = all(&tenant).await;
    let stale: Vec<&str> = calls.iter().filter(|call| call.is_stale(t(1))).map(|call| call.call_id.as_str()).collect();
    assert_eq!(stale, ["quiet"]);
}

async fn missed(tenant: &TenantStore) -> Vec<String> {
    names(tenant, &CallQuery { unreturned: true, ..CallQuery::default() }).await
}

async fn a_missed_call_is_closed_by_a_conversation_in_either_order(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let other = parties("+14155550177", "+12125550100", CallDirection::Inbound);
    let withheld = parties("anonymous", "+12125550100", CallDirection::Inbound);
    let out = |to: &str| parties("1001", to, CallDirection::Outbound);
    apply(bench, id, vec![call("a", inbound(), "NOANSWER", 10), call("b", other.clone(), "CANCEL", 20)]).await;
    apply(bench, id, vec![call("c", withheld.clone(), "NOANSWER", 30)]).await;
    assert_eq!(missed(&tenant).await, ["c", "b", "a"]);
    // Before it, without success, or of a number that nobody knows: nothing changes.
    let vain = vec![
        call("d", out("+12125550123"), "ANSWER", 5),
        call("e", out("+12125550123"), "BUSY", 40),
        call("f", withheld, "ANSWER", 40),
    ];
    apply(bench, id, vain).await;
    assert_eq!(missed(&tenant).await, ["c", "b", "a"]);
    // Called back, however it was dialled; called again, and answered.
    apply(bench, id, vec![call("g", out("12125550123"), "ANSWER", 50)]).await;
    assert_eq!(missed(&tenant).await, ["c", "b"]);
    apply(bench, id, vec![call("h", other.clone(), "ANSWER", 60)]).await;
    assert_eq!(missed(&tenant).await, ["c"]);
    // What is heard of late was made up for already; what came after the last conversation was not.
    apply(bench, id, vec![call("i", other.clone(), "NOANSWER", 55), call("j", other, "NOANSWER", 65)]).await;
    assert_eq!(missed(&tenant).await, ["j", "c"]);
    // One that a box or a menu took was missed as well, and one that a person took was not.
    let boxed = vec![dialled("k", "a", 70, 7, &[1]), dial_ended("k", "a", 90, DialResult::NoAnswer)];
    let taken = vec![dialled("l", "a", 70, 7, &[1]), dial_ended("l", "a", 90, DialResult::Answered)];
    let stranger =
        |session: &str| call(session, parties("+13105550111", "+12125550100", CallDirection::Inbound), "ANSWER", 95);
    apply(bench, id, [boxed, vec![stranger("k")]].concat()).await;
    assert_eq!(missed(&tenant).await, ["k", "j", "c"]);
    apply(bench, id, [taken, vec![stranger("l")]].concat()).await;
    assert_eq!(missed(&tenant).await, ["k", "j", "c"], "it began at the same time, not later");
}

async fn a_missed_call_is_settled_by_hand(bench: &Bench) {
    let ((id, tenant), (_, other)) = (organization(bench, 'a').await, organization(bench, 'b').await);
    let taken = call("taken", inbound(), "ANSWER", 5);
    apply(bench, id, vec![call("a", inbound(), "NOANSWER", 10), taken]).await;
    let calls = all(&tenant).await;
    let settle = async |tenant: &TenantStore, id: u64, when: Option<Timestamp>| -> Result<(), Error> {
        let mut edit = tenant.edit(author(), at(9)).await?;
        edit.settle_missed_call(id, when).await?;
        edit.commit().await.map(drop)
    };
    settle(&tenant, calls[0].id, Some(at(9))).await.unwrap();
    assert_eq!(missed(&tenant).await, [""; 0]);
    assert_eq!(all(&tenant).await[0].returned_at, Some(at(9)));
    // What is heard of it later leaves that as it is.
    apply(bench, id, vec![Fact::Report(StateReport { ..report("a", "ringing", 3) })]).await;
    assert_eq!(all(&tenant).await[0].returned_at, Some(at(9)));
    settle(&tenant, calls[0].id, Some(at(10))).await.unwrap();
    settle(&tenant, calls[0].id, None).await.unwrap();
    assert_eq!(missed(&tenant).await, ["a"]);
    let query = opbx_store::AuditQuery { object_type: Some("call".into()), limit: 9, ..Default::default() };
    let entries = tenant.audit_log(&query).await.unwrap().items;
    assert_eq!(entries.len(), 2, "only what changed is told");
    assert_eq!(entries[1].after, Some(serde_json::json!({ "returned": true })));
    for (tenant, id) in [(&tenant, calls[1].id), (&other, calls[0].id)] {
        assert!(
            matches!(settle(tenant, id, Some(at(9))).await, Err(Error::NotFound)),
            "it was not missed, or is not theirs"
        );
    }
}

async fn a_deleted_extension_leaves_its_text_and_no_identifier(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let extension = Extension::new(ExtensionId::new(0), "1001".parse().unwrap(), "Alice Ray".parse().unwrap());
    let (made, _) = tenant.create(PlanObject::Extension(extension), at(1)).await.unwrap();
    let PlanObject::Extension(extension) = made else { panic!("{made:?}") };
    let own = extension.id.get();
    let facts = vec![dialled("one", "a", 1, 7, &[own]), dial_ended("one", "a", 9, DialResult::Answered)];
    apply(bench, id, [facts, vec![call("one", inbound(), "ANSWER", 9)]].concat()).await;
    let query = CallQuery { extension: Some(own), ..CallQuery::default() };
    let before = all(&tenant).await.remove(0);
    assert_eq!((before.extension_id, before.legs[0].extension_id), (Some(own), Some(own)));
    assert_eq!(before.ring_group_id, None, "there is no such group here");
    assert_eq!(names(&tenant, &query).await, ["one"]);
    tenant.remove(ObjectKind::Extension, own, at(2)).await.unwrap();
    let after = all(&tenant).await.remove(0);
    assert_eq!((after.extension_id, after.legs[0].extension_id), (None, None));
    assert_eq!(after.extension_number, before.extension_number);
    assert!(after.extension_number.is_some());
    assert_eq!(
        (after.legs[0].number.as_str(), after.legs[0].name.as_deref()),
        (before.legs[0].number.as_str(), Some("Alice Ray"))
    );
    assert_eq!(after.answered_by, before.answered_by);
    assert_eq!(names(&tenant, &query).await, [""; 0]);
    // What is still on its way names it, and is taken.
    assert_eq!(apply(bench, id, vec![dialled("late", "a", 3, 7, &[own])]).await.changes.len(), 1);
}

async fn calls_are_put_in_any_order(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let other = parties("+14155550177", "+12125550100", CallDirection::Inbound);
    let facts =
        vec![call("a", inbound(), "BUSY", 30), call("b", other, "ANSWER", 20), call("c", inbound(), "BUSY", 10)];
    apply(bench, id, facts).await;
    apply(bench, id, vec![Fact::Report(report("d", "ringing", 5))]).await;
    let page = async |field, descending, offset| -> Vec<String> {
        let query = CallQuery { order: Some(CallOrder { field, descending }), ..CallQuery::default() };
        let page = tenant.calls(&query, Stretch::Page { offset, limit: 3 }).await.unwrap();
        assert_eq!((page.total, page.next), (Some(4), None));
        page.items.into_iter().map(|call| call.call_id).collect()
    };
    assert_eq!(page(CallField::InitiatedAt, false, 0).await, ["d", "c", "b"]);
    assert_eq!(page(CallField::InitiatedAt, false, 3).await, ["a"]);
    assert_eq!(page(CallField::From, true, 0).await, ["b", "d", "c"], "the identifier settles what is equal");
    assert_eq!(page(CallField::Disposition, false, 0).await, ["d", "b", "a"], "what is empty comes first");
    assert_eq!(page(CallField::Stale { silent_since: t(5) }, true, 0).await, ["d", "c", "b"]);
    assert_eq!(page(CallField::Stale { silent_since: t(4) }, true, 0).await, ["d", "c", "b"]);
    assert_eq!(page(CallField::Id, true, 0).await, ["d", "c", "b"]);
    assert_eq!(page(CallField::CallId, true, 2).await, ["b", "a"]);
}

async fn hidden_digits_are_not_found(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let of = |from: &str, name: &str| Parties {
        caller_name: Some(name.into()),
        ..parties(from, "1001", CallDirection::Inbound)
    };
    let facts = vec![
        call("plain", of("+14155550123", "Ann Winter"), "ANSWER", 1),
        call("spaced", of("+1 415 555 0123", "4155550123 Ann"), "ANSWER", 2),
        call("address", of("sip:14155550123@198.51.100.7", "José"), "ANSWER", 3),
        call("short", of("10123", "Bob"), "ANSWER", 4),
        call("script", of("١٤١٥٥٥٥", "Zoe"), "ANSWER", 5),
    ];
    apply(bench, id, facts).await;
    let found = async |query: CallQuery| {
        let mut found = names(&tenant, &CallQuery { masked: true, ..query }).await;
        found.reverse();
        found
    };
    let from = async |filter| found(CallQuery { from_number: Some(filter), ..CallQuery::default() }).await;
    let part = async |text: &str| from(NumberFilter::Contains(text.into())).await;
    let prefix = async |text: &str| from(NumberFilter::Prefix(text.into())).await;
    let search = async |text: &str| found(CallQuery { search: Some(text.into()), ..CallQuery::default() }).await;
    assert_eq!(part("0123").await, ["short"], "an extension is shown whole");
    assert_eq!(part("55501").await, [""; 0]);
    assert_eq!(part("5550").await, ["plain"]);
    assert_eq!(part("141").await, ["plain", "address"], "of an address only its first digits");
    assert_eq!(part("1415").await, ["plain"]);
    assert_eq!(part("198").await, [""; 0]);
    assert_eq!(part("١٤").await, [""; 0]);
    assert_eq!(prefix("+14155550").await, ["plain"]);
    assert_eq!(prefix("+141555501").await, [""; 0]);
    assert_eq!(prefix("+14155550123").await, [""; 0]);
    assert_eq!(prefix("+1 41").await, ["spaced"]);
    assert_eq!(prefix("+1 415").await, [""; 0], "four digits are one too many");
    assert_eq!(search("ann").await, ["plain", "spaced"]);
    assert_eq!(search("JOS").await, ["address"]);
    assert_eq!(search("4155550123").await, [""; 0]);
    assert_eq!(search("sip:").await, ["address"]);
    assert_eq!(search("plain").await, ["plain"]);
}

async fn a_call_can_be_shown_before_the_database_is_asked(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    crate::furnished::furnish(&tenant, 'a').await;
    let plan = tenant.load_plan().await.unwrap().1;
    let (extension, group) = (plan.extensions[0].id.get(), plan.ring_groups[0].id.get());
    let long = Parties { caller_name: Some(format!(" {} ", "n".repeat(400)).into()), ..inbound() };
    let facts = vec![
        dialled("one", "a", 1, group, &[extension]),
        dial_ended("one", "a", 9, DialResult::Answered),
        call("one", long, "ANSWER", 9),
    ];
    let applied = apply(bench, id, facts).await;
    let [change] = applied.changes.as_slice() else { panic!("{applied:?}") };
    assert_eq!(all(&tenant).await, [KeptCall::of(Some(change.call), &change.after)]);
    assert_eq!(KeptCall::of(None, &change.after).id, 0);
}
