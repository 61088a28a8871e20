//! Prompts that are files: uploaded, fetched from elsewhere, played to callers, and gone when they are removed.

use super::company::{Answer, Company, SECRET};
use super::impatient::{Endless, polled};
use crate::office::{posted, said_in};
use crate::stored::within_two_seconds;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use opbx_server::SecretKey;
use opbx_server::admin::{Existing, Place, Secret};
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A WAV file of so many seconds, all of it printable: 8,000 bytes each of a letter.
pub(super) fn wav(seconds: usize, letter: u8) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x07\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data".to_vec();
    // A length in whole bytes below 128 would not do: one that nobody knew is as good.
    file.extend_from_slice(&[0x7f; 4]);
    file.extend(std::iter::repeat_n(letter, 8_000 * seconds));
    file
}

/// What the next form, or the next call, has of its own.
static NEXT: AtomicU32 = AtomicU32::new(0);

enum Part<'p> {
    Text(&'p str, &'p str),
    File(&'p [u8]),
}

/// A form with these parts.
async fn form(
    company: &Company,
    who: &str,
    method: Method,
    path: &str,
    parts: &[Part<'_>],
    key: Option<&str>,
) -> Answer {
    // Whoever sends a form draws a boundary for each.
    let boundary = format!("boundary-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut body = Vec::new();
    for part in parts {
        let (head, content) = match part {
            Part::Text(name, text) => (format!("name=\"{name}\""), text.as_bytes()),
            // What a file is called and says of itself tells nothing.
            Part::File(bytes) => ("name=\"file\"; filename=\"x.txt\"\r\nContent-Type: text/plain".to_owned(), *bytes),
        };
        body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("authorization", company.bearer(who))
        .header("content-type", format!("multipart/form-data; boundary={boundary}"));
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    company.send(request.body(Body::from(body)).unwrap()).await
}

pub(super) async fn upload(company: &Company, name: &str, file: &[u8]) -> Answer {
    form(company, "owner", Method::POST, "/prompts", &[Part::Text("name", name), Part::File(file)], None).await
}

/// A request with some headers and no body.
async fn fetch(company: &Company, method: Method, uri: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    company.send(request.body(Body::empty()).unwrap()).await
}

/// How many files are in the storage.
fn files(company: &Company) -> usize {
    let folder = company.folder.path().join("audio").join(company.organization.to_string());
    fs::read_dir(folder).map(Iterator::count).unwrap_or_default()
}

/// The document of a call to a number that leads to the prompt.
async fn document(company: &Company, prompt: &Value) -> String {
    let listed = company.get("/phone-numbers").await;
    if listed.body["meta"]["total"] == 0 {
        let body =
            json!({ "phone_number": "+12125550100", "destination": { "type": "announcement", "prompt_id": prompt } });
        assert_eq!(company.post("/phone-numbers", &body).await.status, StatusCode::CREATED);
    }
    // A call that was there before gets its first document.
    let session = format!("{:032x}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut said = said_in(&session, "+14155550123", "+12125550100", "inbound");
    said["Domain"] = "acme.cloudonix.example".into();
    let answer = company.send(posted("/api/voice/route", "the-webhook-key-of-acme", &said)).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.body.as_str().unwrap().to_owned()
}

/// The address that a document plays.
fn played(document: &str) -> &str {
    let (_, rest) = document.split_once("<Play>").unwrap_or_else(|| panic!("nothing is played: {document}"));
    rest.split('<').next().unwrap()
}

#[tokio::test]
async fn a_file_is_uploaded_described_listened_to_and_removed() {
    let company = Company::new().await;
    let made = upload(&company, "Hello", &wav(2, b'a')).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let at = "2026-03-09T14:00:00.000Z";
    let expected = json!({
        "id": 1, "name": "Hello", "kind": "upload", "text": null, "voice": null, "url": null, "state": "ready",
        "error": null, "media_type": "audio/wav", "bytes": 16_044, "duration": 2, "created_at": at, "updated_at": at,
    });
    assert_eq!(made.data(), &expected);
    assert_eq!(made.header("location"), "/api/v1/prompts/1");
    let shown = company.get("/prompts/1").await;
    assert_eq!((shown.data(), shown.header("etag")), (made.data(), made.header("etag")));
    let again = company.ask("owner", Method::PUT, "/prompts/1", Some(shown.data())).await;
    assert_eq!((again.data(), again.header("etag")), (made.data(), made.header("etag")), "sent back");
    for who in ["owner", "admin", "agent", "reporter"] {
        let heard = company.ask(who, Method::GET, "/prompts/1/audio", None).await;
        assert_eq!((heard.status, heard.header("content-type")), (StatusCode::OK, "audio/wav"), "{who}");
        assert_eq!(heard.body.as_str().unwrap().as_bytes(), wav(2, b'a'));
        assert_eq!((heard.header("accept-ranges"), heard.header("content-length")), ("bytes", "16044"));
    }
    let elsewhere = company.ask("stranger", Method::GET, "/prompts/1/audio", None).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert_eq!(company.ask("nobody", Method::GET, "/prompts/1/audio", None).await.status, StatusCode::UNAUTHORIZED);
    let log = company.get("/audit-log?object_type=prompt").await;
    let drawn = &log.body["data"][0]["after"];
    assert_eq!(
        (&drawn["name"], &drawn["file"]["bytes"], &drawn["file"]["media_type"]),
        (&json!("Hello"), &json!(16_044), &json!("audio/wav"))
    );
    assert_eq!(files(&company), 1);
    assert_eq!(company.delete("/prompts/1").await.status, StatusCode::NO_CONTENT);
    assert_eq!(files(&company), 0);
    assert_eq!(company.get("/prompts/1/audio").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_caller_hears_the_file_at_an_address_that_needs_no_key() {
    let company = Company::new().await;
    let made = upload(&company, "Hello", &wav(1, b'a')).await;
    let first = document(&company, &made.data()["id"]).await;
    let address = played(&first).to_owned();
    assert!(address.starts_with("/api/media/"), "{address}");
    let heard = fetch(&company, Method::GET, &address, &[]).await;
    assert_eq!((heard.status, heard.header("content-type")), (StatusCode::OK, "audio/wav"), "{heard:?}");
    assert_eq!(heard.body.as_str().unwrap().as_bytes(), wav(1, b'a'));
    assert_eq!(heard.header("cache-control"), "public, max-age=86400, immutable");
    let beside = fetch(&company, Method::GET, &address.replace("/api/", "/api/v1/"), &[]).await;
    assert_eq!(beside.status, StatusCode::OK);
    let told = company.post("/routing/explain", &json!({ "from": "+14155550123", "to": "+12125550100" })).await;
    assert!(told.data()["documents"][0].as_str().unwrap().contains("<Play>/media/prompt-1</Play>"), "{told:?}");

    // Whoever changes a character learns nothing.
    let mut forged = address.clone().into_bytes();
    let last = forged.len() - 10;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    for wrong in [String::from_utf8(forged).unwrap(), "/api/media/x".to_owned(), format!("{address}A")] {
        assert_eq!(fetch(&company, Method::GET, &wrong, &[]).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }

    // Another file has another address, and the former one leads nowhere.
    let replaced = form(&company, "owner", Method::PATCH, "/prompts/1", &[Part::File(&wav(3, b'b'))], None).await;
    assert_eq!(replaced.data()["duration"], 3);
    let log = company.get("/audit-log?object_type=prompt").await;
    let digest = |side: &str| log.body["data"][0][side]["file"]["sha256"].as_str().map(str::len);
    assert_eq!((digest("before"), digest("after")), (Some(64), Some(64)), "{log:?}");
    assert_eq!(fetch(&company, Method::GET, &address, &[]).await.status, StatusCode::NOT_FOUND);
    let second = document(&company, &made.data()["id"]).await;
    assert_eq!(
        fetch(&company, Method::GET, played(&second), &[]).await.body.as_str().unwrap().as_bytes(),
        wav(3, b'b')
    );
    assert_eq!(files(&company), 1, "the former file is gone");
    // A call that is routed while the store is away is heard too.
    let (database, aside) = (company.folder.path().join("opbx.db"), company.folder.path().join("aside.db"));
    fs::rename(&database, &aside).unwrap();
    assert_eq!(company.get("/prompts/1").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(fetch(&company, Method::GET, played(&second), &[]).await.status, StatusCode::OK);
    assert_eq!(fetch(&company, Method::GET, &address, &[]).await.status, StatusCode::NOT_FOUND);
    fs::rename(&aside, &database).unwrap();
    // It lasts longer than any call, or any session.
    company.wait(SignedDuration::from_hours(24 * 400));
    assert_eq!(fetch(&company, Method::GET, played(&second), &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn parts_of_a_file_are_answered() {
    let company = Company::new().await;
    assert_eq!(upload(&company, "Hello", &wav(1, b'a')).await.status, StatusCode::CREATED);
    let key = company.bearer("owner");
    let ask = async |method: Method, more: &[(&str, &str)]| {
        let headers: Vec<_> = [("authorization", key.as_str())].into_iter().chain(more.iter().copied()).collect();
        fetch(&company, method, "/api/v1/prompts/1/audio", &headers).await
    };
    let whole = ask(Method::GET, &[]).await;
    let version = whole.header("etag").to_owned();
    let part = ask(Method::GET, &[("range", "bytes=0-3")]).await;
    assert_eq!((part.status, &part.body), (StatusCode::PARTIAL_CONTENT, &json!("RIFF")));
    assert_eq!((part.header("content-range"), part.header("content-length")), ("bytes 0-3/8044", "4"));
    let end = ask(Method::GET, &[("range", "bytes=-2"), ("if-range", &version)]).await;
    assert_eq!((end.status, &end.body), (StatusCode::PARTIAL_CONTENT, &json!("aa")));
    let other = ask(Method::GET, &[("range", "bytes=-2"), ("if-range", "\"another\"")]).await;
    assert_eq!((other.status, other.header("content-length")), (StatusCode::OK, "8044"));
    let outside = ask(Method::GET, &[("range", "bytes=8044-")]).await;
    assert_eq!(
        (outside.status, &outside.body["code"]),
        (StatusCode::RANGE_NOT_SATISFIABLE, &json!("range_not_satisfiable"))
    );
    assert_eq!(outside.header("content-range"), "bytes */8044");
    let known = ask(Method::GET, &[("if-none-match", &version)]).await;
    assert_eq!((known.status, &known.body), (StatusCode::NOT_MODIFIED, &Value::Null));
    let head = ask(Method::HEAD, &[("range", "bytes=0-3")]).await;
    assert_eq!((head.status, &head.body, head.header("content-length")), (StatusCode::OK, &Value::Null, "8044"));
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_told_and_nothing_stays() {
    let company = Company::new().await;
    let file = wav(1, b'a');
    let send = async |parts: &[Part<'_>]| form(&company, "owner", Method::POST, "/prompts", parts, None).await;
    let fields = |answer: &Answer| answer.errors().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for (parts, wrong) in [
        (vec![Part::Text("name", "Hello")], vec!["file"]),
        (vec![Part::File(&file)], vec!["name"]),
        (vec![Part::Text("name", "Hello"), Part::File(b"<html>not a sound</html>")], vec!["file"]),
        (vec![Part::Text("name", ""), Part::Text("colour", "red"), Part::File(b"")], vec!["colour", "file"]),
        (
            vec![Part::Text("name", "Hello"), Part::Text("kind", "text"), Part::Text("text", "Hi."), Part::File(&file)],
            vec!["kind"],
        ),
        (vec![Part::Text("name", "Hello"), Part::File(&file), Part::File(&file)], vec!["file"]),
        (vec![Part::Text("name", "Hello"), Part::Text("url", "https://example.com/x"), Part::File(&file)], vec!["url"]),
    ] {
        assert_eq!(fields(&send(&parts).await), wrong);
    }
    let without = company.post("/prompts", &json!({ "name": "Hello", "kind": "upload" })).await;
    assert_eq!(fields(&without), ["file"]);
    let mut large = file.clone();
    large.resize(20_000_001, b'a');
    let refused = send(&[Part::File(&large), Part::Text("name", "Hello")]).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("body_too_large")));
    for (who, status) in [("agent", StatusCode::FORBIDDEN), ("reporter", StatusCode::FORBIDDEN)] {
        let refused =
            form(&company, who, Method::POST, "/prompts", &[Part::Text("name", "x"), Part::File(&file)], None).await;
        assert_eq!(refused.status, status, "{who}");
    }
    for (kind, body, status) in [
        ("multipart/form-data", "x", StatusCode::BAD_REQUEST),
        ("multipart/form-data; boundary=x", "--x\r\nContent-Dispo", StatusCode::BAD_REQUEST),
        ("text/plain", "x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let request = Request::post("/api/v1/prompts").header("authorization", company.bearer("owner"));
        let answer = company.send(request.header("content-type", kind).body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, status, "{kind}: {answer:?}");
    }
    assert_eq!(files(&company), 0);
    assert_eq!(company.get("/prompts").await.body["meta"]["total"], 0);

    // The largest that is taken.
    large.truncate(20_000_000);
    let made = send(&[Part::File(&large), Part::Text("name", "Hello")]).await;
    assert_eq!((made.status, &made.data()["bytes"]), (StatusCode::CREATED, &json!(20_000_000)));
}

#[tokio::test]
async fn a_form_changes_uploads_only_and_a_change_that_is_refused_keeps_the_file() {
    let company = Company::new().await;
    assert_eq!(upload(&company, "Hello", &wav(1, b'a')).await.status, StatusCode::CREATED);
    assert_eq!(upload(&company, "Bye", &wav(1, b'b')).await.status, StatusCode::CREATED);
    let text = json!({ "name": "Text", "kind": "text", "text": "Hi." });
    assert_eq!(company.post("/prompts", &text).await.status, StatusCode::CREATED);
    let change = async |path: &str, parts: &[Part<'_>]| form(&company, "owner", Method::PUT, path, parts, None).await;
    let (file, both) = (wav(2, b'c'), [Part::Text("name", "Good day"), Part::File(&wav(2, b'c'))]);
    assert!(change("/prompts/3", &[Part::File(&file)]).await.errors()["file"].is_array());
    assert!(change("/prompts/1", &[Part::Text("name", "Bye"), Part::File(&file)]).await.errors()["name"].is_array());
    assert!(change("/prompts/1", &[Part::File(b"no sound")]).await.errors()["file"].is_array());
    assert_eq!(change("/prompts/9", &both).await.status, StatusCode::NOT_FOUND);
    assert_eq!((files(&company), &company.get("/prompts/1").await.data()["duration"]), (2, &json!(1)));
    let changed = change("/prompts/1", &both).await;
    assert_eq!((&changed.data()["name"], &changed.data()["duration"]), (&json!("Good day"), &json!(2)));
    let renamed = change("/prompts/1", &[Part::Text("name", "Good evening")]).await;
    assert_eq!(renamed.data()["bytes"], changed.data()["bytes"]);
    assert_eq!(files(&company), 2);
}

#[tokio::test]
async fn an_organization_has_as_much_audio_as_it_may_have() {
    let company = Company::new().await;
    company.allow(|allowance| allowance.storage_mb = Some(1)).await;
    // 48 seconds are 384 kilobytes.
    for (name, status) in [("One", StatusCode::CREATED), ("Two", StatusCode::CREATED), ("Three", StatusCode::CONFLICT)]
    {
        let answer = upload(&company, name, &wav(48, b'a')).await;
        assert_eq!(answer.status, status, "{name}");
        if status == StatusCode::CONFLICT {
            assert_eq!(
                (&answer.body["code"], &answer.body["params"]),
                (&json!("limit_reached"), &json!({ "limit": "storage", "value": 1 }))
            );
        }
    }
    assert_eq!(files(&company), 2);
    // A file that takes the place of another one counts instead of it.
    let longer = form(&company, "owner", Method::PATCH, "/prompts/1", &[Part::File(&wav(75, b'b'))], None).await;
    assert_eq!(longer.status, StatusCode::OK, "{longer:?}");
    let too_long = form(&company, "owner", Method::PATCH, "/prompts/1", &[Part::File(&wav(80, b'b'))], None).await;
    assert_eq!(too_long.status, StatusCode::CONFLICT);
    assert_eq!(files(&company), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_uploads_at_once_are_two_files_or_one() {
    let company = Arc::new(Company::new().await);
    let both = async |names: [&'static str; 2]| {
        let uploads = names.map(|name| {
            let company = Arc::clone(&company);
            tokio::spawn(async move { upload(&company, name, &wav(10, name.as_bytes()[0])).await.status })
        });
        let mut statuses = Vec::new();
        for upload in uploads {
            statuses.push(upload.await.unwrap().as_u16());
        }
        statuses.sort_unstable();
        statuses
    };
    assert_eq!((both(["a", "b"]).await, files(&company)), (vec![201, 201], 2));
    assert_eq!((both(["c", "c"]).await, files(&company)), (vec![201, 422], 3));
    for prompt in company.get("/prompts?sort_by=id").await.data().as_array().unwrap() {
        let heard = company.get(&format!("/prompts/{}/audio", prompt["id"])).await;
        assert_eq!(heard.body.as_str().unwrap().as_bytes(), wav(10, prompt["name"].as_str().unwrap().as_bytes()[0]));
    }
}

#[tokio::test]
async fn an_upload_that_is_sent_again_is_made_once() {
    let company = Company::new().await;
    let send = async |name: &str, file: &[u8]| {
        let parts = [Part::Text("name", name), Part::File(file)];
        form(&company, "owner", Method::POST, "/prompts", &parts, Some("once")).await
    };
    let first = send("Hello", &wav(1, b'a')).await;
    let again = send("Hello", &wav(1, b'a')).await;
    assert_eq!(
        (again.status, &again.body, again.header("idempotency-replayed")),
        (StatusCode::CREATED, &first.body, "true")
    );
    assert!(send("Hello", &wav(1, b'b')).await.errors()["idempotency_key"].is_array());
    assert_eq!(files(&company), 1);
}

#[tokio::test]
async fn an_upload_whose_sender_goes_away_leaves_a_prompt_with_its_file_or_none() {
    let company = Company::new().await;
    // At which poll the change is committed is not the same each time.
    for answered in 1..=20 {
        for polls in 1.. {
            let name = format!("Hello {answered} {polls}");
            if let Some(answer) = polled(upload(&company, &name, &wav(1, b'a')), polls).await {
                assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
                break;
            }
        }
        let prompts = company.get("/prompts?per_page=100").await;
        let prompts = prompts.data().as_array().unwrap();
        for prompt in prompts {
            let heard = company.get(&format!("/prompts/{}/audio", prompt["id"])).await;
            assert_eq!(heard.status, StatusCode::OK, "{prompt}");
        }
        if prompts.len() > answered {
            return;
        }
    }
    // On a machine where a change is always made within one poll, nobody goes away while it is.
}

/// Begins an upload that never ends.
async fn endless(company: &Company) -> Answer {
    let (body, _) = Endless::beginning("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nRIFF");
    let request = Request::post("/api/v1/prompts")
        .header("authorization", company.bearer("owner"))
        .header("content-type", "multipart/form-data; boundary=b");
    company.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn uploads_of_one_organization_are_few_at_once_and_none_where_there_is_no_room() {
    let company = Arc::new(Company::new().await);
    let mut uploads = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let company = Arc::clone(&company);
        uploads.spawn(async move { endless(&company).await });
    }
    let wait = std::time::Duration::from_secs(20);
    let refused = tokio::time::timeout(wait, uploads.join_next()).await.expect("nobody is refused").unwrap().unwrap();
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "5"));
    assert_eq!(refused.body["code"], "rate_limited");
    uploads.shutdown().await;
    assert_eq!(upload(&company, "Hello", &wav(1, b'a')).await.status, StatusCode::CREATED, "the places are free");

    company.allow(|allowance| allowance.storage_mb = Some(0)).await;
    let refused = tokio::time::timeout(wait, endless(&company)).await.expect("it is read to its end");
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::CONFLICT, &json!("limit_reached")));
}

/// A server elsewhere that answers every request like this.
async fn elsewhere(status: &str, content: &[u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    answering(listener, status, content);
    port
}

fn answering(listener: TcpListener, status: &str, content: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", content.len());
    let answer = [head.as_bytes(), content].concat();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_elsewhere_is_fetched_and_played_from_here() {
    let company = Company::reaching("127.0.0.0/8").await;
    let port = elsewhere("200 OK", &wav(2, b'a')).await;
    let url = format!("http://127.0.0.1:{port}/hello.wav");
    let made = company.post("/prompts", &json!({ "name": "Hello", "kind": "remote", "url": url })).await;
    assert_eq!((made.status, &made.data()["state"]), (StatusCode::CREATED, &json!("fetching")), "{made:?}");
    within_two_seconds(async || company.get("/prompts/1").await.data()["state"] == "ready").await;
    let ready = company.get("/prompts/1").await;
    assert_eq!((&ready.data()["media_type"], &ready.data()["duration"]), (&json!("audio/wav"), &json!(2)));
    assert_eq!(ready.data()["url"], url);
    let document = document(&company, &json!(1)).await;
    let heard = fetch(&company, Method::GET, played(&document), &[]).await;
    assert_eq!(heard.body.as_str().unwrap().as_bytes(), wav(2, b'a'));
    let log = company.get("/audit-log?object_type=prompt").await;
    assert_eq!(log.body["data"][0]["actor"]["type"], "job", "{log:?}");

    // Another address is another file, and the former one goes.
    let port = elsewhere("200 OK", &wav(3, b'b')).await;
    let body = json!({ "url": format!("http://127.0.0.1:{port}/bye.wav") });
    assert_eq!(company.patch("/prompts/1", &body).await.data()["state"], "fetching");
    within_two_seconds(async || company.get("/prompts/1").await.data()["duration"] == 3).await;
    within_two_seconds(async || files(&company) == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_that_cannot_be_fetched_says_why_and_is_played_from_its_address() {
    let company = Company::reaching("127.0.0.1").await;
    let large = [wav(0, b'a'), vec![b'a'; 20_000_000]].concat();
    let answers: [(&str, &[u8], &str); 4] = [
        ("200 OK", &large, "The file is larger than 20 MB."),
        ("404 Not Found", b"", "The server there answered 404."),
        ("200 OK", b"<html>a page</html>", "The file is neither WAV nor MP3."),
        ("302 Found\r\nlocation: http://127.0.0.2/", b"", "The address, or one that it leads to, is not a public one."),
    ];
    for (status, content, why) in answers {
        let url = format!("http://127.0.0.1:{}/x", elsewhere(status, content).await);
        let made = company.post("/prompts", &json!({ "name": why, "kind": "remote", "url": url })).await;
        let path = format!("/prompts/{}", made.data()["id"]);
        within_two_seconds(async || company.get(&path).await.data()["state"] == "unreachable").await;
        assert_eq!(company.get(&path).await.data()["error"], why);
        assert_eq!(company.get(&format!("{path}/audio")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(files(&company), 0);
    let prompt = company.get("/prompts/1").await;
    assert_eq!(played(&document(&company, &json!(1)).await), prompt.data()["url"]);
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused_and_one_that_leads_nowhere_waits() {
    let company = Company::new().await;
    for url in ["http://127.0.0.1/x", "http://localhost:8080/x", "http://2130706433/", "https://[::ffff:10.0.0.1]/x"] {
        let refused = company.post("/prompts", &json!({ "name": "Hello", "kind": "remote", "url": url })).await;
        assert_eq!(refused.errors()["url"].as_array().unwrap().len(), 1, "{url}");
    }
    let body = json!({ "name": "Hello", "kind": "remote", "url": "https://nowhere.invalid/hello.mp3" });
    let made = company.post("/prompts", &body).await;
    assert_eq!((made.status, &made.data()["state"]), (StatusCode::CREATED, &json!("unreachable")), "{made:?}");
    assert_eq!(made.data()["error"], "The name in the address leads nowhere.");
    let refused = company.patch("/prompts/1", &json!({ "url": "http://169.254.169.254/latest" })).await;
    assert_eq!(refused.errors()["url"].as_array().unwrap().len(), 1);
    // What was read can be sent back, whatever became of the name.
    let again = company.ask("owner", Method::PUT, "/prompts/1", Some(made.data())).await;
    assert_eq!(again.data(), made.data());
    assert_eq!(
        company.post("/prompts", &json!({ "name": "T", "kind": "text", "text": "Hi." })).await.data()["state"],
        Value::Null
    );
    assert_eq!(company.get("/prompts/2/audio").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn voices_are_listed_for_whoever_sees_prompts() {
    let company = Company::new().await;
    let listed = company.ask("reporter", Method::GET, "/voices", None).await;
    let voices = listed.data().as_array().unwrap();
    let known = json!({
        "voice": "Polly:Astrid", "provider": "Polly", "gender": "female", "languages": ["sv-SE"], "pricing": "standard",
    });
    assert!(voices.contains(&known), "{voices:?}");
    for voice in voices {
        let body = json!({ "name": voice["voice"], "kind": "text", "text": "Hello.", "voice": voice["voice"] });
        assert_eq!(company.post("/prompts", &body).await.status, StatusCode::CREATED, "{voice}");
    }
}

#[tokio::test]
async fn a_backup_holds_the_files_and_a_restored_server_plays_them() {
    let company = Company::new().await;
    assert_eq!(upload(&company, "Hello", &wav(2, b'a')).await.status, StatusCode::CREATED);
    assert_eq!(upload(&company, "Bye", &wav(3, b'b')).await.status, StatusCode::CREATED);
    let folder = tempfile::tempdir().unwrap();
    let place = |data_dir: &std::path::Path| Place {
        data_dir: data_dir.to_path_buf(),
        database: None,
        secret_key: Some(SecretKey::new(SECRET.into()).unwrap()),
    };
    let (here, there) = (place(company.folder.path()), place(&folder.path().join("new")));
    let backup = folder.path().join("opbx.tar.gz");
    let made = here.back_up(&backup, Secret::Included, Existing::Kept, company.now()).await.unwrap();
    assert_eq!(made.audio, 2);
    let restored = there.restore(&backup, Existing::Kept, company.now()).await.unwrap();
    assert_eq!(restored.audio, 2);
    let again = company.over(&there.data_dir).await;
    for (path, file) in [("/prompts/1/audio", wav(2, b'a')), ("/prompts/2/audio", wav(3, b'b'))] {
        assert_eq!(again.get(path).await.body.as_str().unwrap().as_bytes(), file);
    }
    drop(again);

    // What is there is moved aside with its files, or stays with them.
    assert_eq!(company.delete("/prompts/2").await.status, StatusCode::NO_CONTENT);
    assert_eq!(here.back_up(&backup, Secret::Included, Existing::Replaced, company.now()).await.unwrap().audio, 1);
    assert!(there.restore(&backup, Existing::Kept, company.now()).await.is_err());
    let restored = there.restore(&backup, Existing::Replaced, company.now()).await.unwrap();
    let count = |data_dir: &std::path::Path| fs::read_dir(data_dir.join("audio/1")).unwrap().count();
    assert_eq!((count(&there.data_dir), count(&restored.retired.unwrap())), (1, 2));

    // A file that is lost is named, instead of left out.
    let lost = fs::read_dir(company.folder.path().join("audio/1")).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&lost).unwrap();
    let refused = here.back_up(&backup, Secret::Included, Existing::Replaced, company.now()).await.unwrap_err();
    assert!(refused.to_string().contains(lost.to_str().unwrap()), "{refused}");
    assert_eq!(company.get("/prompts/1/audio").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_hour_fetches_what_is_missing_and_a_server_that_starts_removes_what_nothing_refers_to() {
    let company = Company::reaching("127.0.0.1").await;
    // Nobody is there yet.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let body = json!({ "name": "Hello", "kind": "remote", "url": format!("http://127.0.0.1:{port}/hello.wav") });
    assert_eq!(company.post("/prompts", &body).await.status, StatusCode::CREATED);
    within_two_seconds(async || company.get("/prompts/1").await.data()["state"] == "unreachable").await;
    assert_eq!(upload(&company, "Kept", &wav(1, b'a')).await.status, StatusCode::CREATED);
    let folder = company.folder.path().join("audio").join(company.organization.to_string());
    fs::write(folder.join("0".repeat(32)), "of nobody").unwrap();
    fs::write(folder.join(format!("{}.part", "1".repeat(32))), "half").unwrap();

    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    answering(listener, "200 OK", &wav(2, b'b'));
    company.wait(SignedDuration::from_hours(1));
    let listening = company.server("127.0.0.1").await.listen().await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(listening.run(async move { stopped.await.unwrap() }));
    within_two_seconds(async || company.get("/prompts/1").await.data()["state"] == "ready").await;
    within_two_seconds(async || files(&company) == 2).await;
    assert_eq!(company.get("/prompts/2/audio").await.status, StatusCode::OK);
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
