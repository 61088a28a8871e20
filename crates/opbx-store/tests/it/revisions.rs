//! A change raises the revision once; what fails raises it not at all; of two who want the same, one wins.

use opbx_core::destination::Destination;
use opbx_core::extension::Extension;
use opbx_core::id::{ExtensionId, PhoneNumberId, RingGroupId};
use opbx_core::phone_number::PhoneNumber;
use opbx_store::{Constraint, Error, ObjectKind, PlanObject};

use crate::bench::{Bench, at, on_both};
use crate::changing::Changing;
use crate::furnished::furnish;

on_both! {
    every_change_raises_the_revision_once;
    a_stale_revision_is_refused;
    what_is_in_use_stays;
    of_many_with_one_number_one_wins;
    changes_of_one_organization_wait_for_each_other;
    organizations_do_not_stand_in_each_others_way;
}

fn extension(number: &str) -> PlanObject {
    PlanObject::Extension(Extension::new(ExtensionId::new(0), number.parse().unwrap(), "Someone".parse().unwrap()))
}

/// The same extension with another name.
fn renamed(object: &PlanObject, name: &str) -> PlanObject {
    let PlanObject::Extension(extension) = object else { panic!("an extension") };
    PlanObject::Extension(Extension { name: name.parse().unwrap(), ..extension.clone() })
}

async fn every_change_raises_the_revision_once(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    let first = a.load_plan().await.unwrap().0.get();
    let untouched = b.load_plan().await.unwrap().0;

    let (made, revision) = a.create(extension("1001"), at(1)).await.unwrap();
    assert_eq!(revision.get(), first + 1);
    assert_eq!(a.update(&renamed(&made, "Anna"), None, at(2)).await.unwrap().get(), first + 2);
    // A failure takes everything back, the revision too.
    let twice = a.create(extension("1001"), at(3)).await.unwrap_err();
    assert!(twice.is_conflict(Constraint::ExtensionNumber), "{twice:?}");
    let nowhere = PhoneNumber::new(
        PhoneNumberId::new(0),
        "+12125550100".parse().unwrap(),
        Destination::RingGroup { id: RingGroupId::new(77) },
    );
    let nowhere = a.create(PlanObject::PhoneNumber(nowhere), at(3)).await.unwrap_err();
    assert!(nowhere.is_conflict(Constraint::Reference), "{nowhere:?}");
    let (revision, plan) = a.load_plan().await.unwrap();
    assert_eq!((revision.get(), plan.phone_numbers.len()), (first + 2, 0));

    assert_eq!(a.remove(ObjectKind::Extension, made.id(), at(4)).await.unwrap().get(), first + 3);
    assert!(matches!(a.remove(ObjectKind::Extension, made.id(), at(4)).await, Err(Error::NotFound)));
    assert_eq!(a.load_plan().await.unwrap().0.get(), first + 3);
    assert_eq!(b.load_plan().await.unwrap().0, untouched);
}

async fn a_stale_revision_is_refused(bench: &Bench) {
    let a = bench.organization('a').await;
    let (made, _) = a.create(extension("1001"), at(1)).await.unwrap();
    let revision = a.update(&renamed(&made, "Anna"), Some(1), at(2)).await.unwrap();
    assert!(matches!(a.update(&renamed(&made, "Bert"), Some(1), at(3)).await, Err(Error::Stale)));
    assert_eq!(a.load_plan().await.unwrap().0, revision);
    a.update(&renamed(&made, "Cora"), Some(2), at(4)).await.unwrap();
}

async fn what_is_in_use_stays(bench: &Bench) {
    let a = bench.organization('a').await;
    furnish(&a, 'a').await;
    let (revision, plan) = a.load_plan().await.unwrap();
    for (kind, id) in [
        (ObjectKind::RingGroup, plan.ring_groups[0].id.get()),
        (ObjectKind::IvrMenu, plan.ivr_menus[0].id.get()),
        (ObjectKind::HolidayList, plan.holiday_lists[0].id.get()),
        (ObjectKind::Prompt, plan.prompts[0].id.get()),
        (ObjectKind::PhoneNumber, plan.phone_numbers[0].id.get()),
        (ObjectKind::Extension, plan.extensions[0].id.get()),
    ] {
        let refused = a.remove(kind, id, at(2)).await.unwrap_err();
        assert!(refused.is_conflict(Constraint::InUse), "{kind:?}: {refused:?}");
    }
    assert_eq!(a.load_plan().await.unwrap(), (revision, plan), "nothing of what was refused is gone");
}

async fn of_many_with_one_number_one_wins(bench: &Bench) {
    let a = bench.organization('a').await;
    let first = a.load_plan().await.unwrap().0.get();
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let a = a.clone();
        tries.spawn(async move { a.create(extension("1001"), at(1)).await });
    }
    let outcomes = tries.join_all().await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let lost = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    let lost = lost.filter(|fault| fault.is_conflict(Constraint::ExtensionNumber)).count();
    assert_eq!((won, lost), (1, 11), "{outcomes:?}");
    let (revision, plan) = a.load_plan().await.unwrap();
    assert_eq!((revision.get(), plan.extensions.len()), (first + 1, 1));
}

async fn changes_of_one_organization_wait_for_each_other(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    let first = a.load_plan().await.unwrap().0.get();
    let mut tries = tokio::task::JoinSet::new();
    for number in 1000..1040 {
        let tenant = if number % 2 == 0 { a.clone() } else { b.clone() };
        tries.spawn(async move { tenant.create(extension(&number.to_string()), at(1)).await });
    }
    for outcome in tries.join_all().await {
        outcome.unwrap();
    }
    for tenant in [&a, &b] {
        let (revision, plan) = tenant.load_plan().await.unwrap();
        assert_eq!((revision.get(), plan.extensions.len()), (first + 20, 20));
    }
}

/// With its usual isolation, MySQL locks the gap where a row is not, and two new organizations share the gap behind the last
/// row: each would wait for the other.
async fn organizations_do_not_stand_in_each_others_way(bench: &Bench) {
    let mut tenants = Vec::new();
    for letter in 'a'..='h' {
        tenants.push(bench.organization(letter).await);
    }
    let mut tries = tokio::task::JoinSet::new();
    for number in 1000..1010 {
        for tenant in tenants.clone() {
            let mut row =
                Extension::new(ExtensionId::new(0), number.to_string().parse().unwrap(), "Someone".parse().unwrap());
            row.forward_busy = Some(Destination::Busy);
            tries.spawn(async move { tenant.create(PlanObject::Extension(row), at(1)).await });
        }
    }
    for outcome in tries.join_all().await {
        outcome.unwrap();
    }
}
