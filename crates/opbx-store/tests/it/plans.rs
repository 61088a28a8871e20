//! What was written is what is loaded, in a number of queries that does not grow.

use opbx_core::ai_assistant::{Connection, Credentials};
use opbx_core::secret::Password;
use opbx_store::{Changes, PlanObject};

use crate::bench::{Bench, at, on_both};
use crate::changing::{Changing, author};
use crate::furnished::{ALL, apply, furnish, parse, print, text};

on_both! {
    a_plan_loads_as_it_was_written;
    secrets_come_back_and_are_not_in_the_rows;
    the_number_of_queries_is_fixed;
    names_differ_by_case_and_accent;
}

async fn a_plan_loads_as_it_was_written(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    let wanted = [furnish(&a, 'a').await, furnish(&b, 'b').await];
    for (tenant, wanted) in [&a, &b].into_iter().zip(wanted) {
        let (_, loaded) = tenant.load_plan().await.unwrap();
        // By what people say: the printed plans are equal, word for word.
        assert_eq!(print(&loaded), print(&wanted));
        // And as values: applied to itself, the loaded plan changes nothing.
        let report = tenant
            .apply(
                Changes { source: &loaded, scope: ALL, author: &author(), settings: |_| serde_json::Value::Null },
                at(2),
            )
            .await
            .unwrap();
        assert_eq!(report.changes, []);
        let (_, again) = tenant.load_plan().await.unwrap();
        assert_eq!(again, loaded);
        assert_eq!(loaded.extensions.len(), wanted.extensions.len());
    }
}

async fn secrets_come_back_and_are_not_in_the_rows(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let (_, mut plan) = tenant.load_plan().await.unwrap();
    let assistant = &mut plan.ai_assistants[0];
    let Connection::Service { credentials, .. } = &mut assistant.connection else { panic!("a service") };
    let password = Some(Password::new("correct horse battery".to_owned()));
    *credentials = Some(Credentials { username: "ava".parse().unwrap(), password });
    tenant.update(&PlanObject::AiAssistant(assistant.clone()), None, at(2)).await.unwrap();

    let (_, loaded) = tenant.load_plan().await.unwrap();
    assert_eq!(loaded, plan);
    let room = &loaded.conference_rooms[0];
    assert_eq!(room.pin.as_ref().unwrap().reveal(), "2468");
    assert_eq!(room.host_pin.as_ref().unwrap().reveal(), "13579");
    let reception = loaded.voicemail_boxes.iter().find(|found| found.name.as_str() == "Reception").unwrap();
    assert_eq!(reception.pin.as_ref().unwrap().reveal(), "4321");

    // Nothing of them is in the database: nor of the webhook key.
    if let Some(file) = bench.store.location().file() {
        let mut bytes = std::fs::read(file).unwrap();
        bytes.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
        for secret in ["correct horse battery", "13579", "webhook-key-of-a", "the-cdr-secret-of-a"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
}

async fn the_number_of_queries_is_fixed(bench: &Bench) {
    let (small, large) = (bench.organization('a').await, bench.organization('b').await);
    let mut more = text('b');
    for number in 2000..2100 {
        more.push_str(&format!("extension {number} \"Person {number}\"\n  voicemail\n  busy -> extension 1001\n"));
    }
    apply(&large, &more, ALL).await;

    let mut counts = Vec::new();
    for tenant in [&small, &large] {
        let before = bench.store.statements();
        tenant.load_plan().await.unwrap();
        counts.push(bench.store.statements() - before);
    }
    assert_eq!(counts, [29, 29]);
}

async fn names_differ_by_case_and_accent(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let text = "organization \"Acme\" US America/New_York\nbox Sales\nbox sales\nbox \"Säles\"\n";
    apply(&tenant, text, ALL).await;
    let (_, loaded) = tenant.load_plan().await.unwrap();
    assert_eq!(print(&loaded), print(&parse(text)));
}
