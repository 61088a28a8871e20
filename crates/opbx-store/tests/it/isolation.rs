//! Nothing crosses from one organization into another, whoever tries.

use opbx_core::destination::Destination;
use opbx_core::extension::Extension;
use opbx_core::id::{ExtensionId, OrganizationId, PhoneNumberId};
use opbx_core::phone_number::PhoneNumber;
use opbx_store::{Constraint, Error, ObjectKind, PlanObject, Reason, Tenant};
use test_servers::mariadb;

use crate::bench::{Bench, at, on_both};
use crate::changing::{Changing, author};
use crate::furnished::furnish;

on_both! {
    equal_numbers_live_side_by_side;
    the_database_refuses_links_into_another_organization;
    rows_of_another_organization_are_not_found;
    an_organization_that_does_not_exist_is_not_found;
}

fn extension(number: &str) -> Extension {
    Extension::new(ExtensionId::new(0), number.parse().unwrap(), "Someone".parse().unwrap())
}

async fn equal_numbers_live_side_by_side(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    furnish(&a, 'a').await;
    furnish(&b, 'b').await;
    let ids = async |tenant: &opbx_store::TenantStore| -> Vec<u64> {
        tenant.load_plan().await.unwrap().1.extensions.iter().map(|row| row.id.get()).collect()
    };
    let (of_a, of_b) = (ids(&a).await, ids(&b).await);
    assert_eq!(of_a.len(), of_b.len());
    assert!(of_a.iter().all(|id| !of_b.contains(id)));
    // A phone number exists once in the installation, whoever has it.
    let taken = a.load_plan().await.unwrap().1.phone_numbers[0].number;
    let number = PhoneNumber::new(PhoneNumberId::new(0), taken, Destination::Hangup);
    let refused = b.create(PlanObject::PhoneNumber(number), at(2)).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::PhoneNumber), "{refused:?}");
}

async fn the_database_refuses_links_into_another_organization(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    furnish(&a, 'a').await;
    furnish(&b, 'b').await;
    let (revision, theirs) = (b.load_plan().await.unwrap().0, a.load_plan().await.unwrap().1);

    // A place that leads to each kind of object of theirs.
    let places = [
        Destination::Extension { id: theirs.extensions[0].id },
        Destination::RingGroup { id: theirs.ring_groups[0].id },
        Destination::IvrMenu { id: theirs.ivr_menus[0].id },
        Destination::BusinessHours { id: theirs.business_hours[0].id },
        Destination::ConferenceRoom { id: theirs.conference_rooms[0].id },
        Destination::Voicemail { id: theirs.voicemail_boxes[0].id },
        Destination::AiAssistant { id: theirs.ai_assistants[0].id },
        Destination::Announcement { prompt_id: theirs.prompts[0].id, then: None },
    ];
    for place in places {
        let mut row = extension("3001");
        row.forward_busy = Some(place.clone());
        let refused = b.create(PlanObject::Extension(row), at(2)).await.unwrap_err();
        assert!(refused.is_conflict(Constraint::Reference), "{place:?}: {refused:?}");
    }
    // A column, and a part.
    let mut row = extension("3001");
    row.caller_id = Some(theirs.phone_numbers[0].id);
    let refused = b.create(PlanObject::Extension(row), at(2)).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::Reference), "{refused:?}");
    let mut group = b.load_plan().await.unwrap().1.ring_groups[0].clone();
    group.members[0].extension_id = theirs.extensions[0].id;
    let refused = b.update(&PlanObject::RingGroup(group), None, at(2)).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::Reference), "{refused:?}");

    assert_eq!(b.load_plan().await.unwrap().0, revision, "what was refused has changed nothing");
    past_our_code(bench, theirs.extensions[0].id.get());
}

/// Said to the server by its own client: it is the database that refuses, not only our code.
fn past_our_code(bench: &Bench, extension: u64) {
    if bench.store.location().file().is_some() {
        return;
    }
    let shown = bench.store.location().to_string();
    let database = shown.rsplit('/').next().unwrap();
    let sql = format!(
        "SELECT COUNT(*) FROM destinations d JOIN extensions e ON e.id = d.extension_id \
         WHERE d.organization_id <> e.organization_id AND e.id = {extension}"
    );
    assert_eq!(mariadb::server().sql(database, &sql), "0");
    let sql = format!(
        "INSERT IGNORE INTO destinations (organization_id, owner_kind, owner_id, slot, step, kind, extension_id) \
         VALUES (2, 'extension', 1, 'forward_busy', 9, 'extension', {extension}); SELECT ROW_COUNT()"
    );
    assert_eq!(mariadb::server().sql(database, &sql), "0");
}

async fn rows_of_another_organization_are_not_found(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    furnish(&a, 'a').await;
    let (_, theirs) = a.load_plan().await.unwrap();
    let row = theirs.extensions[0].clone();
    assert!(matches!(b.update(&PlanObject::Extension(row.clone()), None, at(2)).await, Err(Error::NotFound)));
    assert!(matches!(b.remove(ObjectKind::Extension, row.id.get(), at(2)).await, Err(Error::NotFound)));
    let effect = opbx_core::decision::Effect::DoNotDisturb { extension: row.id, on: true };
    assert!(matches!(b.perform(&effect, author(), at(2)).await, Err(Error::NotFound)));
    let (_, ours) = b.load_plan().await.unwrap();
    assert_eq!(ours.extensions, []);
    assert_eq!(a.load_plan().await.unwrap().1, theirs);
}

async fn an_organization_that_does_not_exist_is_not_found(bench: &Bench) {
    let nobody = bench.store.tenant(&Tenant::inside(OrganizationId::new(99), Reason::Webhook));
    assert!(matches!(nobody.load_plan().await, Err(Error::NotFound)));
    let made = nobody.create(PlanObject::Extension(extension("3001")), at(2)).await;
    assert!(matches!(made, Err(Error::NotFound)));
}
