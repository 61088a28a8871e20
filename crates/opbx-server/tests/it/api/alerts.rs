//! What people hear of by mail without asking: calls that nobody took, emergency calls, a disk that is nearly full.

use super::company::{Answer, Company};
use crate::office::{posted, said_in};
use crate::smtp::{Mail, MailServer, Protected};
use axum::http::StatusCode;
use jiff::SignedDuration;
use opbx_core::call_log::{
    CallKeys, DialKey, DialStart, Fact, Parties, PhoneKind, RoutedStep, RungPhone, Via, ViaKind,
};
use opbx_core::call_log::{Named, StateReport};
use opbx_core::call_state::{CallDirection, PlatformStatus, StatusEvent};
use opbx_core::id::{ExtensionId, PhoneNumberId};
use opbx_server::mail::MailSettings;
use opbx_store::{Delivery, JobQuery};
use serde_json::{Value, json};

fn by(server: &MailServer) -> MailSettings {
    MailSettings {
        smtp: format!("smtps://pbx:secret@localhost:{}", server.address.port()).parse().unwrap(),
        from: "OPBX <pbx@example.com>".parse().unwrap(),
        roots: vec![server.certificate.clone()],
    }
}

fn says(mail: &Mail, words: &[&str]) {
    for words in words {
        assert!(mail.text.contains(words), "{words}\n{}", mail.text);
    }
}

fn goes_to(mail: &Mail, address: &str) {
    assert!(mail.envelope.iter().any(|line| line.contains(address)), "{mail:?}");
}

async fn alice(company: &Company, fields: Value) -> u64 {
    let mut body = json!({ "extension_number": "1001", "name": "Alice Ray", "type": "user" });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    company.post("/extensions", &body).await.data()["id"].as_u64().unwrap()
}

async fn dialled(company: &Company, session: &str, number: &str) -> Answer {
    let mut said = said_in(session, "1001", number, "subscriber");
    said["Domain"] = "acme.cloudonix.example".into();
    company.send(posted("/api/voice/route", "the-webhook-key-of-acme", &said)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owners_hear_of_an_emergency_call_at_once_and_once_an_hour() {
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let company = Company::with_mail(Some(by(&server))).await;
    alice(&company, json!({})).await;
    assert_eq!(dialled(&company, "one", "911").await.status, StatusCode::OK);
    let told = server.mail().await;
    goes_to(&told, &format!("owner@{}.example", company.organization));
    says(
        &told,
        &[
            "Subject: Emergency call to 911 at acme",
            "Hello The owner,",
            "By: 1001 Alice Ray",
            "When: 2026-03-09 10:00 (EDT)",
        ],
    );
    // The second one in this hour brings no second letter, and the first one in the next hour does.
    dialled(&company, "two", "911").await;
    company.wait(SignedDuration::from_hours(1));
    company.patch("/organization", &json!({ "language": "es" })).await.data();
    dialled(&company, "three", "911").await;
    let told = server.mail().await;
    says(&told, &["Hola, The owner:", "2026-03-09 11:00 (EDT)", "1001 Alice Ray"]);
    let letters = JobQuery { state: None, kind: Some("alert_letter".to_owned()), most: 9 };
    assert_eq!(company.store.platform().jobs(&letters).await.unwrap().len(), 2);
    assert!(server.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owners_hear_of_a_disk_that_is_nearly_full() {
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let company = Company::on_a_full_disk(by(&server)).await;
    let mut told = [server.mail().await, server.mail().await];
    told.sort_by_key(|mail| mail.text.contains("the server of other"));
    goes_to(&told[0], &format!("owner@{}.example", company.organization));
    for (mail, organization) in told.iter().zip(["acme", "other"]) {
        says(
            mail,
            &["Subject: OPBX: the disk of the server is nearly full", &format!("the server of {organization} keeps")],
        );
    }
    assert!(server.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_an_extension_names_hears_of_a_call_that_nobody_took() {
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let company = Company::with_mail(Some(by(&server))).await;
    let extension = alice(&company, json!({ "missed_call_email": "desk@acme.example" })).await;
    missed(&company, "one", "+12025550173", extension).await;
    company.wait(SignedDuration::from_secs(30));
    let told = server.mail().await;
    goes_to(&told, "desk@acme.example");
    says(
        &told,
        &[
            "Subject: Missed call from +12025550173 for 1001",
            "Nobody at acme took a call.",
            "Called: +12125550100",
            "Rang: 1001",
            "When: 2026-03-09 10:00 (EDT)",
            "The caller left no message.",
        ],
    );

    // One that shows no number and leaves a message, in the language of the organization.
    company.patch("/organization", &json!({ "language": "es" })).await.data();
    missed(&company, "two", "anonymous", extension).await;
    let mailbox = company.post("/voicemail-boxes", &json!({ "name": "Sales" })).await.data()["id"].clone();
    super::voicemail::leave(&company, &mailbox, "http://169.254.169.254/1.wav", "two").await;
    company.wait(SignedDuration::from_secs(30));
    let told = server.mail().await;
    says(&told, &["De: un número oculto", "Ha sonado: 1001", "Han dejado un mensaje en el buzón de voz."]);
    assert!(server.is_empty());
}

/// A call from outside rings an extension, and nobody takes it.
async fn missed(company: &Company, session: &str, from: &str, extension: u64) {
    let (keys, at) = (CallKeys::of_session(session), company.now());
    let parties = Parties {
        from: Some(from.into()),
        to: Some("+12125550100".into()),
        caller_name: None,
        direction: Some(CallDirection::Inbound),
    };
    let phone = RungPhone {
        kind: PhoneKind::Extension,
        extension: Some(ExtensionId::new(extension)),
        number: "1001".into(),
        name: Some("Alice Ray".into()),
    };
    let via = Via { kind: ViaKind::Direct, ring_group: None, name: None };
    let started = Some((DialKey("a".into()), DialStart { at, via, phones: vec![phone] }));
    let number = Some(Named { id: PhoneNumberId::new(1), text: "+12125550100".into() });
    let step = RoutedStep {
        keys: keys.clone(),
        at,
        parties: parties.clone(),
        phone_number: number,
        caller: None,
        ended: None,
        started,
    };
    let status = PlatformStatus::parse("noanswer");
    let status = StatusEvent { status, at, started_at: None, answered_at: None, ended_at: None };
    let ended = StateReport { keys, received_at: at, status, parties };
    let facts = [Fact::Step(step), Fact::Report(ended)];
    let deliveries = facts.map(|fact| Delivery { organization: company.organization, key: None, fact });
    let applied = company.store.platform().apply_facts(&deliveries, at).await.unwrap();
    assert_eq!(applied.changes.len(), 1);
}
