//! Messages, greetings and recordings of conversations: told of in any order and again, they are there once.

use jiff::Timestamp;
use opbx_core::call::{BoxContents, RecordedAudio};
use opbx_core::decision::{Effect, Recorded};
use opbx_core::id::{MessageId, VoicemailBoxId};
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{
    AuditQuery, CallContext, Constraint, DeliveryKey, Error, JobQuery, Performed, RECORDING_FETCH, RecordingOutcome,
    RecordingReport, Sought, TenantStore,
};

use crate::bench::{Bench, at, on_both};
use crate::changing::author;
use crate::furnished::furnish;

on_both! {
    a_message_is_there_once_whoever_tells_of_it_first;
    a_message_is_heard_kept_and_deleted_and_stays_deleted;
    a_box_with_a_message_stays;
    five_wrong_pins_in_a_row_lock_for_a_quarter_of_an_hour;
    what_is_gone_counts_as_performed;
}

pub(crate) fn key(name: &str) -> DeliveryKey {
    let mut key = [0; 32];
    key.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    DeliveryKey(key)
}

pub(crate) fn call(session: &str, minute: i64) -> CallContext {
    CallContext {
        call_id: session.into(),
        from: "+12025550173".into(),
        caller_name: Some("Carol".into()),
        at: at(minute),
    }
}

pub(crate) fn save(voicemail_box: VoicemailBoxId, url: &str, seconds: Option<u32>) -> Effect {
    Effect::SaveMessage { voicemail_box, audio: RecordedAudio { url: url.into(), seconds } }
}

pub(crate) fn report(what: Recorded, session: &str, url: &str, seconds: Option<u32>) -> RecordingReport {
    let outcome = RecordingOutcome::Completed { url: url.into(), seconds };
    RecordingReport { what, dial: None, call: call(session, 2), outcome }
}

pub(crate) async fn perform(tenant: &TenantStore, name: &str, effect: &Effect, call: &CallContext) -> Performed {
    tenant.perform_once(key(name), effect, call, author(), call.at).await.unwrap()
}

async fn told(tenant: &TenantStore, name: &str, report: &RecordingReport) -> Performed {
    tenant.recording_reported(Some(key(name)), report, author(), at(2)).await.unwrap()
}

pub(crate) async fn a_box(tenant: &TenantStore) -> VoicemailBoxId {
    tenant.load_plan().await.unwrap().1.voicemail_boxes[0].id
}

async fn contents(tenant: &TenantStore, of: VoicemailBoxId, now: Timestamp) -> BoxContents {
    tenant.box_contents(of, now).await.unwrap()
}

pub(crate) async fn sought(bench: &Bench) -> Vec<Sought> {
    let query = JobQuery { kind: Some(RECORDING_FETCH.to_owned()), state: None, most: 100 };
    let mut jobs = bench.store.platform().jobs(&query).await.unwrap();
    jobs.sort_by_key(|job| job.id);
    jobs.iter().map(|job| Sought::of_payload(&job.payload).unwrap()).collect()
}

async fn a_message_is_there_once_whoever_tells_of_it_first(bench: &Bench) {
    let (tenant, other) = (bench.organization('a').await, bench.organization('b').await);
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    let url = "https://cdn.cloudonix.io/r/1.wav";
    // The step first, then the callback, and both again.
    let first = perform(&tenant, "step", &save(of, url, None), &call("one", 1)).await;
    let id = first.message.unwrap();
    assert!(first.is_first && first.revision.is_none());
    assert_eq!(perform(&tenant, "step", &save(of, url, None), &call("one", 1)).await, Performed::default());
    let again = perform(&tenant, "step on another server", &save(of, url, None), &call("one", 1)).await;
    assert_eq!((again.is_first, again.message), (true, None));
    let callback = report(Recorded::Message(of), "one", url, Some(7));
    assert_eq!(told(&tenant, "callback", &callback).await.message, None);
    assert_eq!(told(&tenant, "callback", &callback).await, Performed::default());
    // The callback first.
    let callback = report(Recorded::Message(of), "two", "https://cdn.cloudonix.io/r/2.wav", Some(9));
    let second = told(&tenant, "another", &callback).await.message.unwrap();
    let late = perform(&tenant, "late", &save(of, "https://cdn.cloudonix.io/r/2.wav", None), &call("two", 1)).await;
    assert_eq!(late.message, None);
    assert_eq!(sought(bench).await, [Sought::Message(id), Sought::Message(second)]);

    let message = tenant.edit(author(), at(3)).await.unwrap().message(id).await.unwrap();
    assert_eq!((message.call_id.as_str(), message.from_number.as_str()), ("one", "+12025550173"));
    assert_eq!((message.received_at, message.seconds, message.url.as_deref()), (at(1), Some(7), Some(url)));
    assert_eq!((message.audio.word(), message.heard_at, message.saved), ("receiving", None, false));
    let there = contents(&tenant, of, at(3)).await;
    assert_eq!(
        there.messages.iter().map(|message| (message.id, message.new)).collect::<Vec<_>>(),
        [(id, true), (second, true)]
    );
    assert_eq!(contents(&other, of, at(3)).await, BoxContents::default(), "not of another organization");
    // Nothing to fetch is no message.
    for outcome in [RecordingOutcome::InProgress, RecordingOutcome::Absent, RecordingOutcome::Failed] {
        let nothing = RecordingReport { outcome, ..report(Recorded::Message(of), "three", url, None) };
        assert_eq!(tenant.recording_reported(None, &nothing, author(), at(2)).await.unwrap().message, None);
    }
    assert_eq!(contents(&tenant, of, at(3)).await.messages.len(), 2);
    // An address that nobody could have: the message is there all the same.
    let endless = format!("https://cdn.cloudonix.io/{}", "r".repeat(2_000));
    let lost = perform(&tenant, "endless", &save(of, &endless, None), &call("four", 4)).await.message.unwrap();
    assert_eq!(tenant.edit(author(), at(5)).await.unwrap().message(lost).await.unwrap().audio.word(), "failed");
    assert_eq!(sought(bench).await.len(), 2);
    // What the callback knows better is tried.
    told(&tenant, "better", &report(Recorded::Message(of), "four", url, None)).await;
    assert_eq!(sought(bench).await.last(), Some(&Sought::Message(lost)));
}

async fn a_message_is_heard_kept_and_deleted_and_stays_deleted(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    let left = save(of, "https://cdn.cloudonix.io/r/1.wav", None);
    let message = perform(&tenant, "left", &left, &call("one", 1)).await.message.unwrap();
    let owner = call("owner", 3);
    perform(&tenant, "heard", &Effect::MessageHeard { voicemail_box: of, message }, &owner).await;
    assert!(contents(&tenant, of, at(3)).await.messages.iter().all(|message| !message.new));
    perform(&tenant, "kept", &Effect::KeepMessage { voicemail_box: of, message }, &owner).await;
    perform(&tenant, "heard again", &Effect::MessageHeard { voicemail_box: of, message }, &call("owner", 9)).await;
    let kept = tenant.edit(author(), at(9)).await.unwrap().message(message).await.unwrap();
    assert_eq!((kept.heard_at, kept.saved), (Some(at(3)), true));
    perform(&tenant, "heard later", &Effect::MessageHeard { voicemail_box: of, message }, &call("owner", 13)).await;
    perform(&tenant, "deleted", &Effect::DeleteMessage { voicemail_box: of, message }, &owner).await;
    assert_eq!(contents(&tenant, of, at(4)).await.messages, []);
    // The callback comes late.
    let late = report(Recorded::Message(of), "one", "https://cdn.cloudonix.io/r/1.wav", None);
    assert_eq!(told(&tenant, "late", &late).await.message, None);
    assert_eq!(contents(&tenant, of, at(4)).await.messages, []);
    let log = tenant.audit_log(&AuditQuery { limit: 9, ..AuditQuery::default() }).await.unwrap().items;
    let told: Vec<_> = log.iter().map(|entry| (entry.action.as_str(), entry.object_type.as_str())).take(4).collect();
    let of_message = |action| (action, "voicemail_message");
    assert_eq!(told[..3], ["deleted", "played", "played"].map(of_message));
    assert_ne!(told[3].0, "played", "twice within ten minutes is once");
}

async fn a_box_with_a_message_stays(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    let left = save(of, "https://cdn.cloudonix.io/r/1.wav", None);
    let message = perform(&tenant, "left", &left, &call("one", 1)).await.message.unwrap();
    let mut edit = tenant.edit(author(), at(2)).await.unwrap();
    let stored = edit.find::<VoicemailBox>(of.get()).await.unwrap();
    edit.strip(&stored).await.unwrap();
    assert_eq!(edit.messages_in(of, 5).await.unwrap(), [(message, "+12025550173".to_owned())]);
    let refused = edit.remove(&stored).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::InUse), "{refused:?}");
}

async fn five_wrong_pins_in_a_row_lock_for_a_quarter_of_an_hour(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let voicemail_box = a_box(&tenant).await;
    let (wrong, right) = (Effect::WrongPin { voicemail_box }, Effect::RightPin { voicemail_box });
    let locked = async |minute| contents(&tenant, voicemail_box, at(minute)).await.locked;
    for (count, effect) in [&wrong, &wrong, &wrong, &wrong, &right, &wrong, &wrong, &wrong, &wrong].iter().enumerate() {
        perform(&tenant, &format!("pin {count}"), effect, &call("one", 1)).await;
        perform(&tenant, &format!("pin {count}"), effect, &call("one", 1)).await;
        assert!(!locked(1).await, "{count}");
    }
    perform(&tenant, "the fifth", &wrong, &call("one", 2)).await;
    assert!(locked(2).await && locked(16).await);
    assert!(!locked(17).await);
    // Afterwards it begins anew.
    perform(&tenant, "the first", &wrong, &call("two", 18)).await;
    assert!(!locked(18).await);
    let log = tenant.audit_log(&AuditQuery { limit: 1, ..AuditQuery::default() }).await.unwrap().items;
    assert_eq!((log[0].action.as_str(), log[0].object_id), ("locked", Some(voicemail_box.get())));
}

async fn what_is_gone_counts_as_performed(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let (voicemail_box, message) = (VoicemailBoxId::new(99), MessageId::new(99));
    let audio = RecordedAudio { url: "https://cdn.cloudonix.io/r/1.wav".into(), seconds: None };
    let extension = opbx_core::id::ExtensionId::new(99);
    for (count, effect) in [
        Effect::SaveMessage { voicemail_box, audio: audio.clone() },
        Effect::SetGreeting { voicemail_box, audio },
        Effect::SetPin { voicemail_box, pin: "975310".parse().unwrap() },
        Effect::MessageHeard { voicemail_box, message },
        Effect::KeepMessage { voicemail_box, message },
        Effect::DeleteMessage { voicemail_box, message },
        Effect::WrongPin { voicemail_box },
        Effect::RightPin { voicemail_box },
        Effect::DoNotDisturb { extension, on: true },
        Effect::ForwardAlways { extension, to: None },
    ]
    .iter()
    .enumerate()
    {
        let name = format!("gone {count}");
        let performed = perform(&tenant, &name, effect, &call("one", 1)).await;
        assert_eq!(performed, Performed { is_first: true, ..Performed::default() }, "{effect:?}");
        assert_eq!(perform(&tenant, &name, effect, &call("one", 1)).await, Performed::default(), "{effect:?}");
    }
    assert_eq!(sought(bench).await, []);
    let nobody = opbx_store::Tenant::inside(opbx_core::id::OrganizationId::new(99), opbx_store::Reason::Webhook);
    let nobody = bench.store.tenant(&nobody);
    let effect = Effect::RightPin { voicemail_box };
    assert_eq!(perform(&nobody, "gone", &effect, &call("one", 1)).await, Performed::default());
    assert!(matches!(nobody.load_plan().await, Err(Error::NotFound)));
}
