//! What callers left in voicemail boxes: fetched from the platform, listed, listened to, told of by mail, removed.

use super::company::{Answer, Company};
use super::prompts::wav;
use super::recording_host::{RecordingHost, There};
use super::waiting::until;
use crate::bench::author;
use crate::office::{posted, said_in};
use crate::smtp::{MailServer, Protected};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use opbx_core::call::RecordedAudio;
use opbx_core::decision::Effect;
use opbx_core::id::VoicemailBoxId;
use opbx_server::mail::MailSettings;
use opbx_store::{CallContext, DeliveryKey, JobQuery, JobState};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Somebody leaves a message, as the platform tells of it. Answers the address of the message.
pub(super) async fn leave(company: &Company, of: &Value, url: &str, session: &str) -> String {
    let of = of.as_u64().unwrap();
    let audio = RecordedAudio { url: url.into(), seconds: Some(7) };
    let effect = Effect::SaveMessage { voicemail_box: VoicemailBoxId::new(of), audio };
    let call = CallContext {
        call_id: session.into(),
        from: "+12025550173".into(),
        caller_name: Some("Carol".into()),
        at: company.now(),
    };
    let key = DeliveryKey(Sha256::digest(session).into());
    let performed = company.tenant().perform_once(key, &effect, &call, author(), company.now()).await.unwrap();
    format!("/voicemail-boxes/{of}/messages/{}", performed.message.unwrap())
}

/// Looks again until a message is in a state.
async fn in_state(company: &Company, path: &str, state: &str) -> Value {
    let what = format!("{path} is {state}");
    until(&what, async || Some(company.get(path).await.data().clone()).filter(|shown| shown["state"] == state)).await
}

async fn a_box(company: &Company, fields: Value) -> Value {
    let made = company.post("/voicemail-boxes", &fields).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made.data()["id"].clone()
}

async fn played(company: &Company) -> usize {
    let log = company.get("/audit-log?object_type=voicemail_message&per_page=100").await;
    log.body["data"].as_array().unwrap().iter().filter(|entry| entry["action"] == "played").count()
}

async fn part(company: &Company, path: &str, range: &str) -> Answer {
    let request = Request::builder().uri(format!("/api/v1{path}")).header("range", range);
    company.send(request.header("authorization", company.bearer("owner")).body(Body::empty()).unwrap()).await
}

/// How many files are in the storage.
fn files(company: &Company) -> usize {
    let folder = company.folder.path().join("audio").join(company.organization.to_string());
    std::fs::read_dir(folder).map(Iterator::count).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_fetched_listed_listened_to_and_removed() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let of = a_box(&company, json!({ "name": "Sales" })).await;
    let url = host.put("/1.wav", There::File(wav(2, b'a')));
    let message = leave(&company, &of, &url, "one").await;
    let shown = in_state(&company, &message, "stored").await;
    let expected = json!({
        "id": shown["id"], "voicemail_box_id": of, "call_id": "one", "from_number": "+12025550173", "caller_name": "Carol",
        "received_at": "2026-03-09T14:00:00.000Z", "seen": false, "seen_at": null, "saved": false, "state": "stored",
        "error": null, "duration": 2, "media_type": "audio/wav", "bytes": 16_044,
    });
    assert_eq!(shown, expected);
    assert_eq!(host.asked(), [("/1.wav".to_owned(), None)], "without a key where none is wanted");
    let list = format!("/voicemail-boxes/{of}/messages");
    let listed = company.get(&list).await;
    assert_eq!((&listed.body["data"], &listed.body["meta"]["total"]), (&json!([expected]), &json!(1)));
    for (filter, count) in [("seen=true", 0), ("seen=false&saved=false&state=stored", 1), ("state=failed", 0)] {
        assert_eq!(company.get(&format!("{list}?{filter}")).await.body["meta"]["total"], count, "{filter}");
    }
    assert_eq!(company.get(&format!("{list}?seen=perhaps")).await.status, StatusCode::BAD_REQUEST);

    // Listened to in parts, which is one playing, and again later.
    let audio = format!("{message}/audio");
    let heard = company.get(&audio).await;
    assert_eq!((heard.status, heard.header("content-type")), (StatusCode::OK, "audio/wav"));
    assert_eq!(heard.body.as_str().unwrap().as_bytes(), wav(2, b'a'));
    let some = part(&company, &audio, "bytes=44-47").await;
    assert_eq!((some.status, &some.body), (StatusCode::PARTIAL_CONTENT, &json!("aaaa")));
    assert_eq!(some.header("content-range"), "bytes 44-47/16044");
    assert_eq!(part(&company, &audio, "bytes=20000-").await.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(played(&company).await, 1);
    company.ask("admin", Method::GET, &audio, None).await;
    company.wait(SignedDuration::from_mins(10));
    company.get(&audio).await;
    assert_eq!(played(&company).await, 3);

    // Marked, with what was read.
    let marked = company.patch(&message, &json!({ "seen": true, "saved": true })).await;
    assert_eq!((&marked.data()["seen"], &marked.data()["saved"]), (&json!(true), &json!(true)));
    assert_eq!(marked.data()["seen_at"], "2026-03-09T14:10:00.000Z");
    assert_eq!(company.patch(&message, marked.data()).await.data(), marked.data(), "sent back");
    let refused = company.patch(&message, &json!({ "seen": "yes", "from_number": "x", "other": 1 })).await;
    assert_eq!(refused.errors().as_object().unwrap().len(), 2, "{refused:?}");
    let unseen = company.patch(&message, &json!({ "seen": null })).await;
    assert_eq!((&unseen.data()["seen_at"], &unseen.data()["saved"]), (&Value::Null, &json!(true)));
    let stale =
        Request::builder().method(Method::DELETE).uri(format!("/api/v1{message}")).header("if-match", "\"1-1\"");
    let stale = stale.header("authorization", company.bearer("owner")).body(Body::empty()).unwrap();
    assert_eq!(company.send(stale).await.status, StatusCode::PRECONDITION_FAILED);

    // A box with a message stays, and so does its extension.
    let held = company.delete(&format!("/voicemail-boxes/{of}")).await;
    assert_eq!((held.status, &held.body["code"]), (StatusCode::CONFLICT, &json!("in_use")));
    let reference = json!([{
        "type": "voicemail_message", "id": shown["id"], "name": "+12025550173", "path": "voicemail_box_id",
    }]);
    assert_eq!(held.body["references"], reference);
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
    let extension = company.post("/extensions", &body).await.data()["id"].clone();
    company.patch(&format!("/voicemail-boxes/{of}"), &json!({ "extension_id": extension })).await.data();
    let held = company.delete(&format!("/extensions/{extension}")).await;
    assert_eq!((held.status, &held.body["references"]), (StatusCode::CONFLICT, &reference));

    assert_eq!(files(&company), 1);
    assert_eq!(company.delete(&message).await.status, StatusCode::NO_CONTENT);
    for path in [&message, &audio] {
        assert_eq!(company.get(path).await.status, StatusCode::NOT_FOUND);
    }
    until("the file is gone", async || (files(&company) == 0).then_some(())).await;
    assert_eq!(company.delete(&format!("/extensions/{extension}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(company.get(&format!("/voicemail-boxes/{of}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_for_whoever_has_the_box() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user", "user_id": company.user("agent") });
    let extension = company.post("/extensions", &body).await.data()["id"].clone();
    let own = a_box(&company, json!({ "name": "Alice", "extension_id": extension })).await;
    let other = a_box(&company, json!({ "name": "Sales" })).await;
    let url = host.put("/1.wav", There::File(wav(1, b'a')));
    let (in_own, in_other) = (leave(&company, &own, &url, "one").await, leave(&company, &other, &url, "two").await);
    in_state(&company, &in_own, "stored").await;
    in_state(&company, &in_other, "stored").await;
    let (ok, forbidden, absent) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND);
    for (who, of_own, of_other) in [
        ("owner", ok, ok),
        ("admin", ok, ok),
        ("agent", ok, forbidden),
        ("reporter", forbidden, forbidden),
        ("stranger", absent, absent),
        ("nobody", StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED),
    ] {
        for (message, expected) in [(&in_own, of_own), (&in_other, of_other)] {
            let list = message.rsplit_once('/').unwrap().0;
            let audio = format!("{message}/audio");
            for path in [list, message.as_str(), &audio] {
                let status = company.ask(who, Method::GET, path, None).await.status;
                assert_eq!(status, expected, "{who} {path}");
            }
            let status = company.ask(who, Method::PATCH, message, Some(&json!({ "saved": true }))).await.status;
            assert_eq!(status, expected, "{who} {message}");
        }
    }
    // In another box there is no such message.
    let elsewhere = in_own.replace(&format!("boxes/{own}/"), &format!("boxes/{other}/"));
    for (method, body) in [(Method::GET, None), (Method::PATCH, Some(json!({}))), (Method::DELETE, None)] {
        assert_eq!(company.ask("owner", method, &elsewhere, body.as_ref()).await.status, absent);
    }
    assert_eq!(company.get(&format!("{elsewhere}/audio")).await.status, absent);
    assert_eq!(company.ask("agent", Method::DELETE, &in_other, None).await.status, forbidden);
    assert_eq!(company.ask("agent", Method::DELETE, &in_own, None).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_goes_to_the_platform_and_to_nobody_else() {
    let (platform, foreign) = (RecordingHost::start().await, RecordingHost::start().await);
    // The foreign one may be reached, and is not the platform.
    let company = Company::with_platform(&platform.url(""), "127.0.0.0/8", None).await;
    const KEY: &str = "XI-the-key-of-the-domain";
    let set = company.patch("/settings/platform", &json!({ "api_key": KEY })).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    let of = a_box(&company, json!({ "name": "Sales" })).await;

    let kept = platform.put("/kept.wav", There::Kept(wav(1, b'a'), KEY));
    let message = leave(&company, &of, &kept, "one").await;
    in_state(&company, &message, "stored").await;
    let bearer = Some(format!("Bearer {KEY}"));
    assert_eq!(platform.asked(), [("/kept.wav".to_owned(), None), ("/kept.wav".to_owned(), bearer.clone())]);

    // A redirect to another host goes without it.
    let public = foreign.put("/public.wav", There::File(wav(1, b'b')));
    let away = platform.put("/away.wav", There::Elsewhere(public));
    let message = leave(&company, &of, &away, "two").await;
    in_state(&company, &message, "stored").await;
    let closed = foreign.put("/closed.wav", There::Kept(wav(1, b'b'), KEY));
    leave(&company, &of, &closed, "three").await;
    let away = platform.put("/away-closed.wav", There::Elsewhere(closed));
    leave(&company, &of, &away, "four").await;
    // Directly once; by the platform without the key and with it.
    let closed_asked = || foreign.asked().iter().filter(|(path, _)| path == "/closed.wav").count();
    until("it is asked for three times", async || (closed_asked() >= 3).then_some(())).await;
    assert!(foreign.asked().iter().all(|(_, presented)| presented.is_none()), "{:?}", foreign.asked());
    assert!(platform.asked().contains(&("/away-closed.wav".to_owned(), bearer)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_had_stays_and_says_why() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let of = a_box(&company, json!({ "name": "Sales" })).await;
    // Where nobody may ask, and what is too long, is not tried again.
    let inside = leave(&company, &of, "http://169.254.169.254/latest", "one").await;
    let shown = in_state(&company, &inside, "failed").await;
    assert_eq!(shown["error"], "The address, or one that it leads to, is not a public one.");
    assert_eq!((&shown["duration"], &shown["bytes"]), (&json!(7), &Value::Null));
    let long = host.put("/long.wav", There::File(vec![b'a'; 20_000_001]));
    let long = leave(&company, &of, &long, "two").await;
    assert_eq!(in_state(&company, &long, "failed").await["error"], "The file is larger than 20 MB.");
    assert_eq!(files(&company), 0);
    for path in [format!("{inside}/audio"), format!("{long}/audio")] {
        assert_eq!(company.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    // What is not there yet is asked for again, and may come.
    let late = leave(&company, &of, &host.url("/late.wav"), "three").await;
    let waiting = JobQuery { state: Some(JobState::Queued), kind: Some("recording_fetch".to_owned()), most: 9 };
    let tried = async || company.store.platform().jobs(&waiting).await.unwrap().iter().any(|job| job.attempts == 1);
    until("it is tried", async || tried().await.then_some(())).await;
    assert_eq!(company.get(&late).await.data()["state"], "receiving");
    host.put("/late.wav", There::File(wav(1, b'a')));
    company.wait(SignedDuration::from_mins(1));
    in_state(&company, &late, "stored").await;
    // One that was given up is tried again when someone says so.
    let dead = JobQuery { state: Some(JobState::Dead), ..waiting };
    for job in company.store.platform().jobs(&dead).await.unwrap() {
        host.put("/long.wav", There::File(wav(1, b'a')));
        company.store.platform().retry_job(job.id, company.now()).await.unwrap();
    }
    in_state(&company, &long, "stored").await;
    // There is no room for it.
    company.allow(|allowance| allowance.storage_mb = Some(1)).await;
    let large = host.put("/large.wav", There::File(wav(125, b'a')));
    let large = leave(&company, &of, &large, "four").await;
    let shown = in_state(&company, &large, "failed").await;
    assert_eq!(shown["error"], "The organization has as much audio as it may have.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_told_of_by_mail_once() {
    let host = RecordingHost::start().await;
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let mail = MailSettings {
        smtp: format!("smtps://pbx:secret@localhost:{}", server.address.port()).parse().unwrap(),
        from: "OPBX <pbx@example.com>".parse().unwrap(),
        roots: vec![server.certificate.clone()],
    };
    let company = Company::with_platform(&host.url(""), "", Some(mail)).await;
    let of = a_box(&company, json!({ "name": "Sales", "email": "sales@acme.example" })).await;
    let url = host.put("/1.wav", There::File(wav(2, b'a')));
    let message = leave(&company, &of, &url, "one").await;
    let told = server.mail().await;
    assert!(told.envelope.iter().any(|line| line.contains("sales@acme.example")), "{told:?}");
    let id = message.rsplit('/').next().unwrap();
    for words in [
        "Subject: New message from Carol (+12025550173) for Sales",
        "From: Carol (+12025550173)",
        "Left: 2026-03-09 10:00 (EDT)",
        "Length: 0:02",
        &format!("https://pbx.example.com/voicemail/{of}?message={id}"),
    ] {
        assert!(told.text.contains(words), "{words}\n{}", told.text);
    }
    assert!(!told.text.contains("audio/wav"), "{}", told.text);

    // With the message itself, in the language of the organization.
    company.patch(&format!("/voicemail-boxes/{of}"), &json!({ "email_mode": "attach" })).await.data();
    company.patch("/organization", &json!({ "language": "es" })).await.data();
    let message = leave(&company, &of, &url, "two").await;
    let told = server.mail().await;
    let id = message.rsplit('/').next().unwrap();
    for words in ["Va adjunto.", "Content-Type: audio/wav", &format!("message-{id}.wav"), "YWFhYWFhYWFh"] {
        assert!(told.text.contains(words), "{words}\n{}", told.text);
    }

    // Nobody is told who does not want to be.
    company.patch(&format!("/voicemail-boxes/{of}"), &json!({ "email_mode": "none" })).await.data();
    let message = leave(&company, &of, &url, "three").await;
    in_state(&company, &message, "stored").await;
    let letters = JobQuery { state: None, kind: Some("message_letter".to_owned()), most: 9 };
    assert_eq!(company.store.platform().jobs(&letters).await.unwrap().len(), 2);
    assert!(server.is_empty());
}

/// What the platform asks in a call of an extension, and the document that it gets.
async fn asked(company: &Company, path: &str, session: &str, keys: Option<&str>) -> String {
    let mut said = said_in(session, "1001", "*97", "subscriber");
    said["Domain"] = "acme.cloudonix.example".into();
    if let Some(keys) = keys {
        said["Digits"] = keys.into();
    }
    let answer = company.send(posted(path, "the-webhook-key-of-acme", &said)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.body.as_str().unwrap().to_owned()
}

/// The first address in a document with a path like this.
fn address(document: &str, path: &str) -> String {
    let start = document.find(path).unwrap_or_else(|| panic!("no {path} in {document}"));
    document[start..].split(['"', '<']).next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_hears_a_message_by_telephone_from_a_signed_address() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
    let extension = company.post("/extensions", &body).await.data()["id"].clone();
    let of = a_box(&company, json!({ "name": "Alice", "extension_id": extension })).await;
    let url = host.put("/1.wav", There::File(wav(1, b'a')));
    let message = leave(&company, &of, &url, "one").await;
    in_state(&company, &message, "stored").await;
    let lost = leave(&company, &of, "http://169.254.169.254/lost.wav", "two").await;
    in_state(&company, &lost, "failed").await;

    let session = "0123456789abcdef0123456789abcdef";
    let menu = asked(&company, "/api/voice/route", session, None).await;
    let first = asked(&company, &address(&menu, "/api/voice/continue/"), session, Some("1")).await;
    let signed = address(&first, "/api/media/");
    let fetched = async |path: &str| company.send(Request::builder().uri(path).body(Body::empty()).unwrap()).await;
    let heard = fetched(&signed).await;
    assert_eq!((heard.status, heard.header("content-type")), (StatusCode::OK, "audio/wav"));
    assert_eq!(heard.body.as_str().unwrap().as_bytes(), wav(1, b'a'));
    assert_eq!(heard.header("cache-control"), "private, no-store");
    // One that is not here the platform plays from where it keeps it.
    let second = asked(&company, &address(&first, "/api/voice/continue/"), session, Some("#")).await;
    let elsewhere = fetched(&address(&second, "/api/media/")).await;
    assert_eq!(
        (elsewhere.status, elsewhere.header("location")),
        (StatusCode::TEMPORARY_REDIRECT, "http://169.254.169.254/lost.wav")
    );
    // The address ends with the call, which ends within a day, and with the message.
    company.wait(SignedDuration::from_hours(23));
    assert_eq!(fetched(&signed).await.status, StatusCode::OK);
    assert_eq!(company.delete(&message).await.status, StatusCode::NO_CONTENT);
    assert_eq!(fetched(&signed).await.status, StatusCode::NOT_FOUND);
    company.wait(SignedDuration::from_hours(1));
    assert_eq!(fetched(&address(&second, "/api/media/")).await.status, StatusCode::NOT_FOUND);
}
