//! The files of prompts: written and loaded with their prompts, counted, and looked for.

use opbx_core::id::PromptId;
use opbx_core::organization::Status;
use opbx_core::prompt::{Prompt, PromptKind};
use opbx_core::sound::{AudioFile, AudioFormat, ContentDigest, Sound};
use opbx_store::{Stored, TenantStore};

use crate::bench::{Bench, at, on_both};
use crate::changing::author;
use crate::furnished::{ALL, apply};

on_both! {
    a_file_is_loaded_with_its_prompt_and_goes_with_it;
    what_a_plan_file_cannot_say_stays;
    remote_prompts_without_a_copy_are_found;
}

fn held(name: u8, bytes: u64) -> Sound {
    Sound::Held(AudioFile {
        format: AudioFormat::Mp3,
        bytes,
        milliseconds: Some(u32::MAX),
        digest: ContentDigest::new([name; 32]),
        key: format!("1/{name}").into(),
    })
}

async fn made(tenant: &TenantStore, name: &str, kind: PromptKind, sound: Sound) -> Stored<Prompt> {
    let prompt = Prompt { id: PromptId::new(0), name: name.parse().unwrap(), status: Status::Active, kind, sound };
    let mut edit = tenant.edit(author(), at(1)).await.unwrap();
    let made = edit.create(prompt).await.unwrap();
    edit.commit().await.unwrap();
    made
}

async fn bytes(tenant: &TenantStore, beside: Option<PromptId>) -> u64 {
    tenant.edit(author(), at(1)).await.unwrap().audio_bytes_beside(beside).await.unwrap()
}

async fn a_file_is_loaded_with_its_prompt_and_goes_with_it(bench: &Bench) {
    let (tenant, other) = (bench.organization('a').await, bench.organization('b').await);
    let first = made(&tenant, "One", PromptKind::Upload, held(1, 5_000_000_000)).await;
    let second = made(&tenant, "Two", PromptKind::Upload, held(2, 7)).await;
    made(&other, "One", PromptKind::Upload, held(3, 9)).await;
    let (revision, plan) = tenant.load_plan().await.unwrap();
    assert_eq!(plan.prompts, [first.object.clone(), second.object.clone()]);
    assert_eq!(tenant.find::<Prompt>(first.object.id.get()).await.unwrap(), first);
    assert_eq!(bytes(&tenant, None).await, 5_000_000_007);
    assert_eq!(bytes(&tenant, Some(first.object.id)).await, 7);
    assert_eq!(bytes(&other, None).await, 9);
    let mut keys: Vec<String> = tenant.audio_keys().await.unwrap().into_iter().collect();
    keys.sort();
    assert_eq!(keys, ["1/1", "1/2"]);
    assert_eq!(bench.store.platform().audio_keys().await.unwrap(), ["1/1", "1/2", "1/3"]);

    // Another file decides the next call.
    let mut edit = tenant.edit(author(), at(2)).await.unwrap();
    let changed = Prompt { sound: held(4, 8), ..second.object.clone() };
    let changed = edit.update(&second, changed).await.unwrap();
    let unreachable = Sound::Unreachable { error: "The server there answered 404.".into() };
    let lost = edit.update(&first, Prompt { sound: unreachable, ..first.object.clone() }).await.unwrap();
    assert_eq!(edit.commit().await.unwrap().unwrap().get(), revision.get() + 1);
    assert_eq!(tenant.load_plan().await.unwrap().1.prompts, [lost.object, changed.object.clone()]);
    assert_eq!(bytes(&tenant, None).await, 8);

    let mut edit = tenant.edit(author(), at(3)).await.unwrap();
    edit.remove(&changed).await.unwrap();
    edit.commit().await.unwrap();
    assert_eq!(bytes(&tenant, None).await, 0);
    assert!(tenant.audio_keys().await.unwrap().is_empty());
}

async fn what_a_plan_file_cannot_say_stays(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let head = "organization \"Acme a\" US America/New_York\n";
    let url = "https://acme.example/welcome.mp3";
    made(&tenant, "Hello", PromptKind::Upload, held(1, 5)).await;
    made(&tenant, "Welcome", PromptKind::Remote { url: url.parse().unwrap() }, held(2, 6)).await;
    let same = format!("{head}prompt Hello uploaded inactive\nprompt Welcome url {url}\n");
    apply(&tenant, &same, ALL).await;
    let (_, plan) = tenant.load_plan().await.unwrap();
    assert_eq!((plan.prompts[0].status, &plan.prompts[0].sound), (Status::Inactive, &held(1, 5)));
    assert_eq!(plan.prompts[1].sound, held(2, 6));
    // What is said otherwise has another sound, or none.
    apply(&tenant, &format!("{head}prompt Hello say \"Hello.\"\nprompt Welcome url {url}?2\n"), ALL).await;
    let (_, plan) = tenant.load_plan().await.unwrap();
    assert!(plan.prompts.iter().all(|prompt| prompt.sound == Sound::Absent));
    assert!(tenant.audio_keys().await.unwrap().is_empty());
}

async fn remote_prompts_without_a_copy_are_found(bench: &Bench) {
    let (tenant, other) = (bench.organization('a').await, bench.organization('b').await);
    let remote = || PromptKind::Remote { url: "https://acme.example/welcome.mp3".parse().unwrap() };
    let unreachable = Sound::Unreachable { error: "It is not there.".into() };
    made(&tenant, "Upload", PromptKind::Upload, held(1, 5)).await;
    made(&tenant, "Copied", remote(), held(2, 5)).await;
    let first = made(&tenant, "New", remote(), Sound::Absent).await.object.id;
    let second = made(&other, "Lost", remote(), unreachable).await.object.id;
    let missing = async |after| bench.store.platform().remote_prompts_without_copy(after).await.unwrap();
    let found = missing(PromptId::new(0)).await;
    assert_eq!(found.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [first, second]);
    assert_ne!(found[0].0, found[1].0);
    assert_eq!(missing(first).await, found[1..]);
    assert_eq!(missing(second).await, []);
}
