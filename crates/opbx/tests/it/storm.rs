//! Killed in the middle of a storm of writes: what was answered is there, with its line in the log and its revision, and nothing
//! else is.

use crate::installation::serve;
use crate::organizations::{ACME, answer};
use crate::program::{Place, Serving, until};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const WRITERS: u32 = 4;
const ROUNDS: usize = 3;
/// How many changes are answered before the next kill.
const ANSWERED: usize = 25;

/// One request of the API; `None`: there was no answer, or not all of it.
fn ask(address: SocketAddr, token: &str, request: &str, body: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let sent = write!(
        stream,
        "{request} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nX-Organization: 1\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    sent.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // An answer that was cut off is none.
    Some((status, serde_json::from_str(body).ok()?))
}

/// All objects of a list.
fn all(serving: &Serving, token: &str, path: &str) -> Vec<Value> {
    let mut objects = Vec::new();
    for page in 1.. {
        let (status, answer) =
            ask(serving.address, token, &format!("GET /api/v1/{path}per_page=100&page={page}"), "").unwrap();
        assert_eq!(status, 200, "{answer}");
        objects.extend(answer["data"].as_array().unwrap().clone());
        if answer["meta"]["last_page"].as_u64().unwrap() <= page {
            return objects;
        }
    }
    objects
}

#[test]
fn every_answered_change_survives_a_kill() {
    let place = Place::new("storm");
    let made = answer(&place.run_words(&ACME));
    assert_eq!(made["organization_id"], 1);
    let made = place.run("token create --installation --name Storm").output;
    let token = serde_json::from_str::<Value>(&made).unwrap()["token"].as_str().unwrap().to_owned();
    let (next, answered) = (Arc::new(AtomicU32::new(10_000)), Arc::new(Mutex::new(BTreeSet::<String>::new())));
    for round in 1..=ROUNDS {
        let serving = serve(&place, "--api-rate-limit 0");
        let over = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (next, answered, over) = (Arc::clone(&next), Arc::clone(&answered), Arc::clone(&over));
                let (address, token) = (serving.address, token.clone());
                std::thread::spawn(move || {
                    while !over.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed).to_string();
                        let body = serde_json::json!({ "extension_number": number, "name": "Someone", "type": "user" });
                        match ask(address, &token, "POST /api/v1/extensions", &body.to_string()) {
                            Some((201, _)) => drop(answered.lock().unwrap().insert(number)),
                            Some((status, answer)) => panic!("{status}: {answer}"),
                            // The server is gone: whether this one is there, nobody was told.
                            None => return,
                        }
                    }
                })
            })
            .collect();
        until("changes are answered", Duration::from_secs(60), || {
            (answered.lock().unwrap().len() >= round * ANSWERED).then_some(())
        });
        serving.signal("-KILL");
        over.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().unwrap();
        }
        drop(serving);
    }
    let serving = serve(&place, "--api-rate-limit 0");
    let numbers = |objects: &[Value], field: fn(&Value) -> &Value| -> Vec<String> {
        objects.iter().map(|object| field(object).as_str().unwrap().to_owned()).collect()
    };
    let mut there = numbers(&all(&serving, &token, "extensions?"), |object| &object["extension_number"]);
    there.sort_unstable();
    let log = all(&serving, &token, "audit-log?object_type=extension&");
    let mut told = numbers(&log, |entry| &entry["object"]["name"]);
    told.sort_unstable();
    assert_eq!(told, there, "each extension has its line, and each line its extension");
    let (there, answered) = (there.into_iter().collect::<BTreeSet<_>>(), answered.lock().unwrap().clone());
    assert!(answered.is_subset(&there), "lost: {:?}", answered.difference(&there).collect::<Vec<_>>());
    let untold = there.len() - answered.len();
    assert!(untold <= ROUNDS * WRITERS as usize, "no more than were under way when the server was killed: {untold}");
    let listed = answer(&place.run("org list"));
    let revision = listed[0]["revision"].as_u64().unwrap();
    assert_eq!(revision, 1 + there.len() as u64, "each change raised the revision once");
    let verified = place.run("audit verify --org acme-dental");
    assert_eq!((verified.code, verified.errors.as_str()), (Some(0), ""), "{}", verified.output);
}
