//! What leads to an object is found, and it is what stands in the way of removing it.

use opbx_store::{Constraint, ObjectKind, Reference};

use crate::bench::{Bench, at, on_both};
use crate::changing::Changing;
use crate::furnished::{ALL, apply, furnish, text};

on_both! {
    what_leads_to_an_object_is_found;
    an_object_goes_exactly_when_nothing_leads_to_it;
}

fn told(found: &[Reference]) -> Vec<(&str, &str)> {
    found.iter().map(|reference| (reference.kind.word(), reference.place.as_str())).collect()
}

async fn what_leads_to_an_object_is_found(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    // The other organization has equal names and leads to its own.
    furnish(&b, 'b').await;
    let notice = text('a').replace("  failsafe", "  recording notice Sorry\n  failsafe");
    let nora = "extension 1004 \"Nora\"\n  always -> forward 1002\n  caller number +12125550100\n";
    let more = format!("{notice}{nora}");
    apply(&a, &more, ALL).await;
    let (_, plan) = a.load_plan().await.unwrap();
    let extension = |number: &str| {
        plan.extensions.iter().find(|row| row.number.to_string() == number).map(|row| row.id.get()).unwrap()
    };
    let found = a.references(ObjectKind::Extension, extension("1002")).await.unwrap();
    assert_eq!(
        told(&found),
        [
            ("extension", "forward_busy"),
            ("extension", "forward_always"),
            ("ring_group", "members"),
            ("ivr_menu", "failover"),
            ("ivr_menu", "option:0"),
            ("ai_assistant", "fallback"),
        ]
    );
    let found = a.references(ObjectKind::PhoneNumber, plan.phone_numbers[0].id.get()).await.unwrap();
    assert_eq!(
        told(&found),
        [("organization", "emergency_caller_id"), ("extension", "caller_id"), ("outbound_rule", "caller_id"),]
    );
    let found = a.references(ObjectKind::IvrMenu, plan.ivr_menus[0].id.get()).await.unwrap();
    assert_eq!(told(&found), [("extension", "leads_to"), ("business_hours", "open")], "itself does not count");
    let found = a.references(ObjectKind::HolidayList, plan.holiday_lists[0].id.get()).await.unwrap();
    assert_eq!(told(&found), [("business_hours", "holiday_list_ids")]);
    let sorry = plan.prompts.iter().find(|prompt| prompt.name.as_str() == "Sorry").unwrap();
    let found = a.references(ObjectKind::Prompt, sorry.id.get()).await.unwrap();
    let wanted = [("organization", "recording_notice"), ("ivr_menu", "failover"), ("ivr_menu", "invalid_prompt")];
    assert_eq!(told(&found), wanted);
    assert_eq!(b.references(ObjectKind::Prompt, sorry.id.get()).await.unwrap(), []);
}

async fn an_object_goes_exactly_when_nothing_leads_to_it(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let (_, plan) = tenant.load_plan().await.unwrap();
    let mut objects: Vec<(ObjectKind, u64)> = Vec::new();
    objects.extend(plan.extensions.iter().map(|row| (ObjectKind::Extension, row.id.get())));
    objects.extend(plan.prompts.iter().map(|row| (ObjectKind::Prompt, row.id.get())));
    objects.extend(plan.voicemail_boxes.iter().map(|row| (ObjectKind::VoicemailBox, row.id.get())));
    objects.extend(plan.ring_groups.iter().map(|row| (ObjectKind::RingGroup, row.id.get())));
    objects.extend(plan.ivr_menus.iter().map(|row| (ObjectKind::IvrMenu, row.id.get())));
    objects.extend(plan.business_hours.iter().map(|row| (ObjectKind::BusinessHours, row.id.get())));
    objects.extend(plan.holiday_lists.iter().map(|row| (ObjectKind::HolidayList, row.id.get())));
    objects.extend(plan.conference_rooms.iter().map(|row| (ObjectKind::ConferenceRoom, row.id.get())));
    objects.extend(plan.ai_assistants.iter().map(|row| (ObjectKind::AiAssistant, row.id.get())));
    objects.extend(plan.phone_numbers.iter().map(|row| (ObjectKind::PhoneNumber, row.id.get())));
    objects.extend(plan.outbound_rules.iter().map(|row| (ObjectKind::OutboundRule, row.id.get())));
    objects.extend(plan.blocked_callers.iter().map(|row| (ObjectKind::BlockedCaller, row.id.get())));
    let (mut gone, mut kept) = (0, 0);
    for (kind, id) in objects {
        let found = tenant.references(kind, id).await.unwrap();
        match tenant.remove(kind, id, at(2)).await {
            Ok(_) => {
                gone += 1;
                assert_eq!(found, [], "{kind:?} {id}");
            }
            Err(refused) => {
                kept += 1;
                assert!(refused.is_conflict(Constraint::InUse), "{kind:?} {id}: {refused:?}");
                assert!(!found.is_empty(), "{kind:?} {id}");
            }
        }
    }
    assert!(gone > 5 && kept > 5, "{gone} {kept}");
}
