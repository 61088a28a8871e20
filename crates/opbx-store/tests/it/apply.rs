//! A file makes an organization what it says, and says what it did.

use opbx_store::{Change, Changes, Constraint, Error, ObjectKind, Scope};

use crate::bench::{Bench, at, on_both};
use crate::changing::author;
use crate::furnished::{ALL, apply, furnish, parse, print, text};

on_both! {
    a_file_is_applied_once;
    what_a_file_does_not_name_stays_unless_pruned;
    missing_secrets_keep_their_value;
    rules_stand_in_the_order_of_the_file;
    a_dry_run_changes_nothing;
    what_is_refused_changes_nothing;
    everything_can_be_pruned;
    files_are_applied_side_by_side;
}

const SOME: Scope = Scope { organization: false, prune: false, dry_run: false };

async fn a_file_is_applied_once(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let before = tenant.load_plan().await.unwrap().0;
    let report = apply(&tenant, &text('a'), ALL).await;
    assert_eq!(report.revision.get(), before.get() + 1);
    assert_eq!(report.count(Change::Created), 12 + 1 + 1 + 1 + 1 + 1 + 3 + 4 + 1 + 2 + 2 + 3);
    assert_eq!((report.count(Change::Updated), report.count(Change::Removed)), (1, 0), "the organization itself");

    let again = apply(&tenant, &text('a'), ALL).await;
    assert_eq!((again.changes, again.revision), (vec![], report.revision));

    let changed = text('a').replace("ring 20s\n", "ring 25s\n").replace("1001 1002 1003", "1003 1001");
    let report = apply(&tenant, &changed, ALL).await;
    let what: Vec<_> = report.changes.iter().map(|it| (it.change, it.kind, it.key.as_str())).collect();
    assert_eq!(
        what,
        [(Change::Updated, ObjectKind::Extension, "1002"), (Change::Updated, ObjectKind::RingGroup, "Sales")]
    );
    assert_eq!(print(&tenant.load_plan().await.unwrap().1), print(&parse(&changed)));
}

async fn what_a_file_does_not_name_stays_unless_pruned(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let (_, before) = tenant.load_plan().await.unwrap();
    let text = "organization \"Elsewhere\" DE Europe/Berlin\nextension 2001 \"Nora\"\n  busy -> extension 2002\nextension 2002 \"Otto\"\n";
    let report = apply(&tenant, text, SOME).await;
    assert_eq!((report.changes.len(), report.count(Change::Created)), (2, 2));
    let (_, plan) = tenant.load_plan().await.unwrap();
    assert_eq!(plan.organization, before.organization);
    assert_eq!(plan.extensions.len(), before.extensions.len() + 2);
    assert_eq!(plan.ivr_menus, before.ivr_menus);

    let report = apply(&tenant, text, ALL).await;
    assert_eq!(report.count(Change::Created), 0);
    assert_eq!(print(&tenant.load_plan().await.unwrap().1), print(&parse(text)));
}

async fn missing_secrets_keep_their_value(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let (_, before) = tenant.load_plan().await.unwrap();
    let silent: String =
        text('a').lines().filter(|line| !line.starts_with("pin")).map(|line| format!("{line}\n")).collect();
    let report = apply(&tenant, &silent.replace("up to 25", "up to 26"), ALL).await;
    assert_eq!(report.changes.len(), 1);
    let (_, after) = tenant.load_plan().await.unwrap();
    assert_eq!(after.conference_rooms[0].pin, before.conference_rooms[0].pin);
    assert_eq!(after.conference_rooms[0].host_pin, before.conference_rooms[0].host_pin);
    assert_eq!(after.voicemail_boxes, before.voicemail_boxes);
}

async fn rules_stand_in_the_order_of_the_file(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let text =
        "organization \"Acme\" US America/New_York\nrule \"World\" trunk w2\nrule \"Canada\" countries CA trunk ca\n";
    apply(&tenant, text, SOME).await;
    let (_, plan) = tenant.load_plan().await.unwrap();
    let mut rules: Vec<_> = plan.outbound_rules.iter().map(|rule| (rule.position, rule.name.as_str())).collect();
    rules.sort();
    assert_eq!(rules, [(0, "World"), (1, "Canada"), (2, "New York"), (3, "United States")]);
    assert_eq!(apply(&tenant, text, SOME).await.changes, []);
}

async fn a_dry_run_changes_nothing(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let before = tenant.load_plan().await.unwrap();
    let report = apply(&tenant, &text('a'), Scope { dry_run: true, ..ALL }).await;
    assert_eq!(report.count(Change::Created), 32);
    assert_eq!(tenant.load_plan().await.unwrap(), before);
    assert_eq!(apply(&tenant, &text('a'), ALL).await.count(Change::Created), 32);
}

async fn what_is_refused_changes_nothing(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    furnish(&a, 'a').await;
    let before = b.load_plan().await.unwrap();
    // The other organization has these phone numbers.
    let source = parse(&text('a'));
    let refused = b
        .apply(Changes { source: &source, scope: ALL, author: &author(), settings: |_| serde_json::Value::Null }, at(2))
        .await
        .unwrap_err();
    assert!(refused.is_conflict(Constraint::PhoneNumber), "{refused:?}");
    assert_eq!(b.load_plan().await.unwrap(), before);

    // A reference that leads nowhere in the file must not find another object by its number.
    let mut source = parse(&text('b'));
    source.ring_groups[0].members[0].extension_id = opbx_core::id::ExtensionId::new(4_000);
    let refused = b
        .apply(Changes { source: &source, scope: ALL, author: &author(), settings: |_| serde_json::Value::Null }, at(2))
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Conflict(Constraint::Reference)), "{refused:?}");
    assert_eq!(b.load_plan().await.unwrap(), before);
}

async fn everything_can_be_pruned(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let text = "organization \"Acme Dental\" US America/New_York\n";
    let report = apply(&tenant, text, ALL).await;
    assert_eq!(report.count(Change::Removed), 32);
    assert_eq!(print(&tenant.load_plan().await.unwrap().1), print(&parse(text)));
}

async fn files_are_applied_side_by_side(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    let (of_a, of_b) = (text('a'), text('b'));
    let empty = "organization \"Acme\" US America/New_York\n";
    for _ in 0..3 {
        // Two organizations at once, and one of them twice: whoever comes second finds everything as it should be.
        let (first, second, _) = tokio::join!(apply(&a, &of_a, ALL), apply(&a, &of_a, ALL), apply(&b, &of_b, ALL));
        let mut counts = [first.count(Change::Created), second.count(Change::Created)];
        counts.sort_unstable();
        assert_eq!(counts, [0, 32]);
        assert_eq!(print(&a.load_plan().await.unwrap().1), print(&parse(&of_a)));
        assert_eq!(print(&b.load_plan().await.unwrap().1), print(&parse(&of_b)));
        tokio::join!(apply(&a, empty, ALL), apply(&b, empty, ALL));
    }
}
