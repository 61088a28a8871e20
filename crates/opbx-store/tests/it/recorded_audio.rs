//! The sound of what was recorded: kept, given up, made a greeting, let go.

use opbx_core::decision::{Effect, Recorded};
use opbx_core::prompt::{Prompt, PromptKind};
use opbx_core::sound::{AudioFile, AudioFormat, ContentDigest};
use opbx_core::voicemail_box::{EmailMode, VoicemailBox};
use opbx_core::{call::RecordedAudio, id::OrganizationId};
use opbx_store::{
    FILE_REMOVAL, Filter, FilterValue, JobQuery, Kept, KeptAudio, MESSAGE_LETTER, Query, RecordingOutcome,
    RecordingReport, Retention, Sought, TenantStore,
};
use serde_json::{Value, json};

use crate::bench::{Bench, at, on_both};
use crate::changing::author;
use crate::furnished::furnish;
use crate::recordings::{a_box, call, perform, report, save, sought};

on_both! {
    a_message_has_its_sound_and_a_letter_is_left_once;
    what_has_no_room_or_cannot_be_had_says_so;
    a_greeting_takes_effect_when_it_is_here_and_the_last_one_counts;
    a_conversation_is_recorded_once_however_it_is_told;
    messages_are_listed;
    what_is_too_old_goes_and_a_person_is_forgotten;
}

const DAY: i64 = 24 * 60;

fn file(name: u8, bytes: u64) -> AudioFile {
    let digest = ContentDigest::new([name; 32]);
    let key = format!("1/{name}").into();
    AudioFile { format: AudioFormat::Wav, bytes, milliseconds: Some(1_500), digest, key }
}

async fn keep(tenant: &TenantStore, sought: Sought, file: AudioFile) -> Kept {
    let mut edit = tenant.edit(author(), at(5)).await.unwrap();
    let kept = edit.keep_audio(sought, file).await.unwrap();
    edit.commit().await.unwrap();
    kept
}

async fn jobs(bench: &Bench, kind: &str) -> Vec<Value> {
    let query = JobQuery { kind: Some(kind.to_owned()), state: None, most: 100 };
    let mut jobs = bench.store.platform().jobs(&query).await.unwrap();
    jobs.sort_by_key(|job| job.id);
    jobs.into_iter().map(|job| job.payload).collect()
}

async fn change_box(tenant: &TenantStore, change: impl FnOnce(&mut VoicemailBox)) {
    let mut edit = tenant.edit(author(), at(1)).await.unwrap();
    let before = edit.find::<VoicemailBox>(a_box(tenant).await.get()).await.unwrap();
    let mut after = before.object.clone();
    change(&mut after);
    edit.update(&before, after).await.unwrap();
    edit.commit().await.unwrap();
}

async fn a_message_has_its_sound_and_a_letter_is_left_once(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    let url = "https://cdn.cloudonix.io/r/1.wav";
    let message = perform(&tenant, "left", &save(of, url, None), &call("one", 1)).await.message.unwrap();
    let sought = Sought::Message(message);
    assert_eq!(tenant.audio_sought(sought).await.unwrap().as_deref(), Some(url));
    // Nobody is to be told.
    change_box(&tenant, |it| (it.email, it.email_mode) = (None, EmailMode::Attach)).await;
    assert_eq!(keep(&tenant, sought, file(1, 9)).await, Kept::Stored);
    assert_eq!(jobs(bench, MESSAGE_LETTER).await, [] as [Value; 0]);
    assert_eq!(tenant.message(message).await.unwrap().audio, KeptAudio::Stored(file(1, 9)));
    assert_eq!(tenant.audio_sought(sought).await.unwrap(), None);
    // It is fetched a second time by a worker that was thought lost.
    assert_eq!(keep(&tenant, sought, file(2, 9)).await, Kept::NotWanted);
    assert!(tenant.audio_keys().await.unwrap().contains("1/1"));
    assert_eq!(bench.store.platform().audio_keys().await.unwrap(), ["1/1"]);
    assert_eq!(tenant.audio_bytes_beside(None).await.unwrap(), 9);

    change_box(&tenant, |it| it.email = Some("sales@acme.example".parse().unwrap())).await;
    let second = perform(&tenant, "second", &save(of, url, None), &call("two", 1)).await.message.unwrap();
    assert_eq!(keep(&tenant, Sought::Message(second), file(3, 9)).await, Kept::Stored);
    assert_eq!(jobs(bench, MESSAGE_LETTER).await, [json!({ "message_id": second.get() })]);

    perform(&tenant, "gone", &Effect::DeleteMessage { voicemail_box: of, message }, &call("owner", 6)).await;
    assert_eq!(jobs(bench, FILE_REMOVAL).await, [json!({ "keys": ["1/1"] })]);
    assert_eq!(tenant.audio_sought(sought).await.unwrap(), None);
    assert_eq!(keep(&tenant, sought, file(4, 9)).await, Kept::NotWanted);
    assert_eq!(tenant.audio_bytes_beside(None).await.unwrap(), 9);
}

async fn what_has_no_room_or_cannot_be_had_says_so(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    let mut edit = tenant.edit(author(), at(0)).await.unwrap();
    let before = edit.settings().await.unwrap();
    let mut after = before.object.clone();
    after.allowance.storage_mb = Some(1);
    edit.update_settings(&before, after, |_| Value::Null).await.unwrap();
    edit.commit().await.unwrap();
    let left = save(of, "https://cdn.cloudonix.io/r/1.wav", None);
    let first = perform(&tenant, "one", &left, &call("one", 1)).await.message.unwrap();
    let second = perform(&tenant, "two", &left, &call("two", 1)).await.message.unwrap();
    assert_eq!(keep(&tenant, Sought::Message(first), file(1, 600_000)).await, Kept::Stored);
    assert_eq!(keep(&tenant, Sought::Message(second), file(2, 600_000)).await, Kept::NoRoom);
    let audio = async || tenant.message(second).await.unwrap().audio;
    let error = "The organization has as much audio as it may have.".into();
    assert_eq!(audio().await, KeptAudio::Failed { error });
    let mut edit = tenant.edit(author(), at(5)).await.unwrap();
    edit.give_audio_up(Sought::Message(second), "The server there answered 404.").await.unwrap();
    edit.give_audio_up(Sought::Message(first), "It is here already.").await.unwrap();
    edit.commit().await.unwrap();
    assert_eq!(audio().await, KeptAudio::Failed { error: "The server there answered 404.".into() });
    assert_eq!(tenant.message(first).await.unwrap().audio.word(), "stored");
    // It may still come.
    assert!(tenant.audio_sought(Sought::Message(second)).await.unwrap().is_some());
    assert_eq!(keep(&tenant, Sought::Message(second), file(3, 400_000)).await, Kept::Stored);
}

async fn a_greeting_takes_effect_when_it_is_here_and_the_last_one_counts(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    change_box(&tenant, |it| it.greeting = None).await;
    let revision = tenant.load_plan().await.unwrap().0;
    let spoken = |url: &str| {
        let audio = RecordedAudio { url: format!("https://cdn.cloudonix.io/{url}").into(), seconds: Some(4) };
        Effect::SetGreeting { voicemail_box: of, audio }
    };
    perform(&tenant, "first", &spoken("1"), &call("owner", 1)).await;
    tenant
        .recording_reported(
            None,
            &report(Recorded::Greeting(of), "owner", "https://cdn.cloudonix.io/1", None),
            author(),
            at(2),
        )
        .await
        .unwrap();
    perform(&tenant, "second", &spoken("2"), &call("owner", 3)).await;
    let (first, second) = match sought(bench).await.as_slice() {
        [first, second] => (*first, *second),
        others => panic!("{others:?}"),
    };
    assert_eq!(tenant.load_plan().await.unwrap().0, revision, "nothing is heard of it yet");
    assert_eq!(tenant.audio_sought(first).await.unwrap(), None);
    assert_eq!(tenant.audio_sought(second).await.unwrap().as_deref(), Some("https://cdn.cloudonix.io/2"));
    assert_eq!(keep(&tenant, second, file(2, 9)).await, Kept::Stored);
    assert_eq!(keep(&tenant, first, file(1, 9)).await, Kept::NotWanted);
    let greeting = async || {
        let plan = tenant.load_plan().await.unwrap().1;
        let id = plan.voicemail_boxes.iter().find(|it| it.id == of).unwrap().greeting.unwrap();
        plan.prompts.into_iter().find(|prompt| prompt.id == id).unwrap()
    };
    let prompt = greeting().await;
    let name = tenant.find::<VoicemailBox>(of.get()).await.unwrap().object.name;
    assert_eq!((prompt.name.to_string(), &prompt.kind), (format!("Greeting of {name}"), &PromptKind::Upload));
    assert_eq!(prompt.sound.file(), Some(&file(2, 9)));
    assert!(tenant.load_plan().await.unwrap().0.get() > revision.get());

    // The next one takes its place in the library.
    perform(&tenant, "third", &spoken("3"), &call("owner", 6)).await;
    let third = *sought(bench).await.last().unwrap();
    assert_eq!(keep(&tenant, third, file(3, 9)).await, Kept::Stored);
    let replaced = greeting().await;
    assert_eq!((replaced.id, replaced.sound.file()), (prompt.id, Some(&file(3, 9))));
    assert_eq!(jobs(bench, FILE_REMOVAL).await, [json!({ "keys": ["1/2"] })]);

    // One that cannot be had leaves the former one.
    perform(&tenant, "fourth", &spoken("4"), &call("owner", 8)).await;
    let fourth = *sought(bench).await.last().unwrap();
    let mut edit = tenant.edit(author(), at(9)).await.unwrap();
    edit.give_audio_up(fourth, "It is not there.").await.unwrap();
    edit.commit().await.unwrap();
    assert_eq!(tenant.audio_sought(fourth).await.unwrap(), None);
    assert_eq!(greeting().await, replaced);
    // A prompt that something else plays too is not changed.
    let mut edit = tenant.edit(author(), at(9)).await.unwrap();
    let others = edit.find::<Prompt>(replaced.id.get()).await.unwrap();
    let ours = edit.update(&others, Prompt { name: "Sales".parse().unwrap(), ..others.object.clone() }).await.unwrap();
    edit.commit().await.unwrap();
    perform(&tenant, "fifth", &spoken("5"), &call("owner", 10)).await;
    assert_eq!(keep(&tenant, *sought(bench).await.last().unwrap(), file(5, 9)).await, Kept::Stored);
    assert_ne!(greeting().await.id, ours.object.id);
}

async fn a_conversation_is_recorded_once_however_it_is_told(bench: &Bench) {
    let (tenant, other) = (bench.organization('a').await, bench.organization('b').await);
    let told = async |session: &str, dial: Option<&str>, outcome: RecordingOutcome| {
        let report = RecordingReport {
            what: Recorded::Conversation,
            dial: dial.map(Into::into),
            call: call(session, 2),
            outcome,
        };
        tenant.recording_reported(None, &report, author(), at(2)).await.unwrap();
    };
    let there = |url: &str, seconds| RecordingOutcome::Completed { url: url.into(), seconds };
    told("one", Some("first"), RecordingOutcome::InProgress).await;
    told("one", Some("first"), RecordingOutcome::Absent).await;
    assert_eq!(tenant.recordings_of(&["one"]).await.unwrap().len(), 0);
    told("one", Some("second"), there("https://cdn.cloudonix.io/1", None)).await;
    told("one", Some("second"), there("https://cdn.cloudonix.io/1", Some(60))).await;
    told("one", None, there("https://cdn.cloudonix.io/1", None)).await;
    told("two", None, there("https://cdn.cloudonix.io/2", None)).await;
    told("two", Some("late"), there("https://cdn.cloudonix.io/2", None)).await;
    told("three", Some("dial"), RecordingOutcome::Failed).await;
    let (first, second) = match sought(bench).await.as_slice() {
        [first, second] => (*first, *second),
        others => panic!("{others:?}"),
    };
    let shown = tenant.recordings_of(&["one", "two", "three", "four"]).await.unwrap();
    let state = |call: &str| shown.get(call).map(|recording| recording.audio.word());
    assert_eq!((state("one"), state("two")), (Some("receiving"), Some("receiving")));
    assert_eq!((state("three"), state("four")), (Some("failed"), None));
    assert_eq!((shown["one"].seconds, shown["one"].dial.as_deref()), (Some(60), Some("second")));
    assert_eq!(keep(&tenant, first, file(1, 9)).await, Kept::Stored);
    // A later one that cannot be played is not shown in the place of one that can.
    told("one", Some("third"), RecordingOutcome::Failed).await;
    assert_eq!(tenant.recordings_of(&["one"]).await.unwrap()["one"].audio, KeptAudio::Stored(file(1, 9)));
    assert!(other.recordings_of(&["one"]).await.unwrap().is_empty());
    assert_eq!(other.audio_sought(second).await.unwrap(), None);

    assert_eq!(tenant.let_recordings_go(at(3), author(), at(5)).await.unwrap(), 4);
    assert_eq!(jobs(bench, FILE_REMOVAL).await, [json!({ "keys": ["1/1"] })]);
    told("one", Some("second"), there("https://cdn.cloudonix.io/1", Some(60))).await;
    assert!(tenant.recordings_of(&["one"]).await.unwrap().is_empty(), "it does not come back");
}

async fn messages_are_listed(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let of = a_box(&tenant).await;
    let mut left = Vec::new();
    for minute in 1..=5 {
        let name = minute.to_string();
        let effect = save(of, &format!("https://cdn.cloudonix.io/{name}"), None);
        left.push(perform(&tenant, &name, &effect, &call(&name, minute)).await.message.unwrap());
    }
    let owner = call("owner", 7);
    perform(&tenant, "heard", &Effect::MessageHeard { voicemail_box: of, message: left[1] }, &owner).await;
    perform(&tenant, "kept", &Effect::KeepMessage { voicemail_box: of, message: left[2] }, &owner).await;
    keep(&tenant, Sought::Message(left[3]), file(1, 9)).await;
    let listed = async |filters: Vec<Filter>, sort_by: Option<&str>| {
        let query = Query { filters, sort_by: sort_by.map(Into::into), limit: 3, ..Query::default() };
        let page = tenant.messages(of, &query).await.unwrap();
        let places = page.items.iter().map(|message| left.iter().position(|id| *id == message.id).unwrap());
        (places.collect::<Vec<_>>(), page.total)
    };
    let flag = |field, value| vec![Filter { field, value: FilterValue::Flag(value) }];
    assert_eq!(listed(vec![], None).await, (vec![4, 3, 2], 5));
    assert_eq!(listed(vec![], Some("id")).await, (vec![0, 1, 2], 5));
    assert_eq!(listed(flag("seen", true), None).await, (vec![1], 1));
    assert_eq!(listed(flag("seen", false), None).await, (vec![4, 3, 2], 4));
    assert_eq!(listed(flag("saved", true), None).await, (vec![2], 1));
    let state = Filter { field: "state", value: FilterValue::Word("stored".into()) };
    assert_eq!(listed(vec![state], None).await, (vec![3], 1));
}

async fn what_is_too_old_goes_and_a_person_is_forgotten(bench: &Bench) {
    let (tenant, other) = (bench.organization('a').await, bench.organization('b').await);
    let mut ids = Vec::<OrganizationId>::new();
    for (tenant, letter) in [(&tenant, 'a'), (&other, 'b')] {
        furnish(tenant, letter).await;
        let of = a_box(tenant).await;
        for (name, minute) in [("old", 1), ("new", DAY * 100)] {
            let left = save(of, &format!("https://cdn.cloudonix.io/{name}"), None);
            let message = perform(tenant, name, &left, &call(name, minute)).await.message.unwrap();
            keep(tenant, Sought::Message(message), file(minute as u8, 9)).await;
            let mut said = report(Recorded::Conversation, name, "https://cdn.cloudonix.io/c", None);
            said.call.at = at(minute);
            tenant.recording_reported(None, &said, author(), at(minute)).await.unwrap();
        }
        ids.push(tenant.load_plan().await.unwrap().1.organization.id);
    }
    let mut edit = other.edit(author(), at(0)).await.unwrap();
    let before = edit.settings().await.unwrap();
    let mut after = before.object.clone();
    after.retention = Retention { voicemail: 0, recordings: 30, ..Retention::default() };
    edit.update_settings(&before, after, |_| Value::Null).await.unwrap();
    edit.commit().await.unwrap();
    let platform = bench.store.platform();
    let messages = async |now| platform.outgrown_messages(None, 9, now).await.unwrap();
    assert_eq!(messages(at(DAY * 180)).await, []);
    assert_eq!(messages(at(DAY * 181)).await, [(ids[0], 180)]);
    let recordings = async |after, now| platform.outgrown_recordings(after, 9, now).await.unwrap();
    assert_eq!(recordings(None, at(DAY * 31)).await, [(ids[1], 30)]);
    assert_eq!(recordings(None, at(DAY * 91)).await, [(ids[0], 90), (ids[1], 30)]);
    assert_eq!(recordings(Some(ids[0]), at(DAY * 91)).await, [(ids[1], 30)]);

    assert_eq!(tenant.let_messages_go(at(DAY), author(), at(DAY * 181)).await.unwrap(), 1);
    assert_eq!(tenant.let_recordings_go(at(DAY), author(), at(DAY * 181)).await.unwrap(), 1);
    let left: Vec<_> = tenant.recordings_of(&["old", "new"]).await.unwrap().into_keys().collect();
    assert_eq!(left, ["new"]);
    assert_eq!(tenant.box_contents(a_box(&tenant).await, at(0)).await.unwrap().messages.len(), 1);
    assert_eq!(jobs(bench, FILE_REMOVAL).await, [json!({ "keys": ["1/1"] })]);

    let fact = |name: &str| {
        let mut said = crate::calls::step(name, 0);
        said.parties.from = Some("+12025550173".into());
        opbx_store::Delivery { organization: ids[1], key: None, fact: opbx_core::call_log::Fact::Step(said) }
    };
    platform.apply_facts(&[fact("new")], at(5)).await.unwrap();
    let erased = async |number: &str| {
        let erased = other.erase_number(number.parse().unwrap(), author(), at(9)).await.unwrap();
        (erased.calls, erased.messages, erased.recordings)
    };
    assert_eq!(erased("+12025550199").await, (0, 0, 0));
    assert_eq!(erased("+12025550173").await, (1, 2, 1));
    assert_eq!(other.recordings_of(&["old", "new"]).await.unwrap().len(), 1, "of another caller's call");
    assert_eq!(other.box_contents(a_box(&other).await, at(0)).await.unwrap().messages, []);
    assert_eq!(tenant.box_contents(a_box(&tenant).await, at(0)).await.unwrap().messages.len(), 1);
}
