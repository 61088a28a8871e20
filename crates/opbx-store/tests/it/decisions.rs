//! What was decided for calls: kept in batches of many organizations, read inside one.

use opbx_core::id::OrganizationId;
use opbx_store::{Constraint, Error, Extent, KeptDecision, NewDecision};

use crate::bench::{Bench, at, on_both};
use crate::migration::sql;

on_both! {
    a_batch_of_many_organizations_is_kept_in_order;
    each_organization_sees_its_own;
    a_call_is_read_from_its_first_decision_to_its_last;
    a_batch_is_kept_whole_or_not_at_all;
    decisions_go_with_their_organization;
    what_is_long_or_strange_is_kept;
}

const ALL: Extent = Extent::Latest(1_000);

fn decision(organization: OrganizationId, call_id: &str) -> NewDecision<'_> {
    NewDecision {
        organization,
        call_id,
        at: at(3),
        place: "start",
        from: "+12125550100",
        to: "3000",
        outcome: "ring_group",
        micros: 312,
        document: "<Response/>",
        trace: "[]",
    }
}

fn calls(kept: &[KeptDecision]) -> Vec<&str> {
    kept.iter().map(|decision| decision.call_id.as_str()).collect()
}

async fn organization(bench: &Bench, letter: char) -> OrganizationId {
    bench.organization(letter).await.load_plan().await.unwrap().1.organization.id
}

async fn a_batch_of_many_organizations_is_kept_in_order(bench: &Bench) {
    let (a, b) = (organization(bench, 'a').await, organization(bench, 'b').await);
    // As many as need statements of every size.
    let names: Vec<String> = (0..149).map(|number| format!("call-{number}")).collect();
    let batch: Vec<_> = names.iter().zip([a, b].iter().cycle()).map(|(name, id)| decision(*id, name)).collect();
    let before = bench.store.statements();
    bench.store.platform().keep_decisions(&batch).await.unwrap();
    assert!(bench.store.statements() - before <= 9, "two of 64, two of 8, five of one");
    let kept = bench.store.platform().decisions(None, ALL).await.unwrap();
    assert_eq!(calls(&kept), names);
    assert!(kept.is_sorted_by(|one, other| one.id < other.id));
    let KeptDecision { id: _, organization, call_id, at: when, place, from, to, outcome, micros, document, trace } =
        kept[0].clone();
    assert_eq!((organization, call_id.as_str(), when, place.as_str()), (a, "call-0", at(3), "start"));
    assert_eq!((from.as_str(), to.as_str(), outcome.as_str()), ("+12125550100", "3000", "ring_group"));
    assert_eq!((micros, document.as_str(), trace.as_str()), (312, "<Response/>", "[]"));
    bench.store.platform().keep_decisions(&[]).await.unwrap();
}

async fn each_organization_sees_its_own(bench: &Bench) {
    let (a, b) = (organization(bench, 'a').await, organization(bench, 'b').await);
    let batch = [decision(a, "same"), decision(b, "same"), decision(a, "other")];
    bench.store.platform().keep_decisions(&batch).await.unwrap();
    for call in [None, Some("same"), Some("other")] {
        for extent in [ALL, Extent::After { id: 0, most: 10 }] {
            for (id, wanted) in [(a, if call.is_none() { 2 } else { 1 }), (b, usize::from(call != Some("other")))] {
                let kept = bench.inside(id).decisions(call, extent).await.unwrap();
                assert_eq!(kept.len(), wanted, "{call:?} {extent:?}");
                assert!(kept.iter().all(|decision| decision.organization == id));
            }
        }
    }
    assert_eq!(bench.inside(OrganizationId::new(99)).decisions(None, ALL).await.unwrap(), []);
}

async fn a_call_is_read_from_its_first_decision_to_its_last(bench: &Bench) {
    let id = organization(bench, 'a').await;
    let tenant = bench.inside(id);
    for place in ["start", "menu", "ring_group"] {
        let batch = [NewDecision { place, ..decision(id, "one") }, NewDecision { place, ..decision(id, "two") }];
        bench.store.platform().keep_decisions(&batch).await.unwrap();
    }
    let places = async |extent| -> Vec<String> {
        let kept = tenant.decisions(Some("one"), extent).await.unwrap();
        kept.into_iter().map(|decision| decision.place).collect()
    };
    assert_eq!(places(ALL).await, ["start", "menu", "ring_group"]);
    assert_eq!(places(Extent::Latest(2)).await, ["menu", "ring_group"]);
    let first = tenant.decisions(Some("one"), ALL).await.unwrap()[0].id;
    assert_eq!(places(Extent::After { id: first, most: 1 }).await, ["menu"]);
    assert_eq!(places(Extent::After { id: first, most: 9 }).await, ["menu", "ring_group"]);
    // Another spelling is another call.
    assert_eq!(tenant.decisions(Some("ONE"), ALL).await.unwrap(), []);
}

async fn a_batch_is_kept_whole_or_not_at_all(bench: &Bench) {
    let id = organization(bench, 'a').await;
    let batch = [decision(id, "one"), decision(OrganizationId::new(99), "of nobody")];
    let refused = bench.store.platform().keep_decisions(&batch).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::Reference), "{refused:?}");
    assert!(matches!(refused, Error::Conflict(_)));
    assert_eq!(bench.store.platform().decisions(None, ALL).await.unwrap(), []);
}

async fn decisions_go_with_their_organization(bench: &Bench) {
    let (a, b) = (organization(bench, 'a').await, organization(bench, 'b').await);
    bench.store.platform().keep_decisions(&[decision(a, "a"), decision(b, "b")]).await.unwrap();
    for table in
        ["audit_entries", "audit_heads", "users", "organization_limits", "organization_settings", "platform_settings"]
    {
        sql(bench, &format!("DELETE FROM {table} WHERE organization_id = {}", a.get())).await;
    }
    sql(bench, &format!("DELETE FROM organizations WHERE id = {}", a.get())).await;
    let kept = bench.store.platform().decisions(None, ALL).await.unwrap();
    assert_eq!(calls(&kept), ["b"]);
}

async fn what_is_long_or_strange_is_kept(bench: &Bench) {
    let id = organization(bench, 'a').await;
    let (long, document) = ("ñ".repeat(300), "<Say>😀</Say>".repeat(20_000));
    let batch = [NewDecision { from: &long, to: "😀\u{0}'\"\\", document: &document, ..decision(id, &long) }];
    bench.store.platform().keep_decisions(&batch).await.unwrap();
    let kept = bench.inside(id).decisions(Some(&long), ALL).await.unwrap();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((kept.from.as_str(), kept.to.as_str()), ("ñ".repeat(255).as_str(), "😀\u{0}'\"\\"));
    assert_eq!(kept.document, document);
}
