//! Two organizations with the same numbers, whose calls even have the same session: every combination of key, domain and token.

use crate::bench::{Bench, domain, key};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

const SESSION: &str = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";

/// Which organization a key or a name is of.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Of {
    One(char),
    Nobody,
    /// There is none.
    Absent,
}

use Of::{Absent, Nobody, One};

const ALL: [Of; 4] = [One('a'), One('b'), Nobody, Absent];

/// Where a request names its domain, and in which spelling.
#[derive(Clone, Copy, Debug)]
enum Naming {
    Body,
    BodyInCapitals,
    BodyByUuid,
    Header,
}

const NAMINGS: [Naming; 4] = [Naming::Body, Naming::BodyInCapitals, Naming::BodyByUuid, Naming::Header];

impl Naming {
    fn name(self, of: char) -> String {
        match self {
            Self::Body | Self::Header => domain(of),
            Self::BodyInCapitals => domain(of).to_uppercase(),
            Self::BodyByUuid => format!("uuid-{of}"),
        }
    }
}

fn request(path: &str, keyed: Of, named: Of, naming: Naming, more: &Value) -> Request<Body> {
    let mut said = json!({"Session": SESSION, "CallSid": SESSION, "From": "1099", "To": "3000",
        "Direction": "subscriber", "CallStatus": "in-progress"});
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut request = Request::post(path).header("content-type", "application/json");
    request = match keyed {
        One(letter) => request.header("authorization", format!("Bearer {}", key(letter))),
        Nobody => request.header("authorization", "Bearer a-key-that-nobody-has"),
        Absent => request,
    };
    let name = match named {
        One(letter) => Some(naming.name(letter)),
        Nobody => Some("nobody.cloudonix.example".to_owned()),
        Absent => None,
    };
    match (name, naming) {
        (Some(name), Naming::Header) => request = request.header("x-cx-domain", name),
        (Some(name), _) => said["Domain"] = name.into(),
        (None, _) => {}
    }
    request.body(Body::from(said.to_string())).unwrap()
}

/// Whose a request is: a key's, and a name may only agree.
fn whose(keyed: Of, named: Of) -> Option<char> {
    match (keyed, named) {
        (One(letter), Absent) => Some(letter),
        (One(letter), named) if named == One(letter) => Some(letter),
        _ => None,
    }
}

fn phones(letter: char) -> [&'static str; 2] {
    if letter == 'a' { ["1001", "1002"] } else { ["1001", "1003"] }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organizations_with_the_same_numbers_never_see_each_other() {
    let bench = Bench::new(&['a', 'b']).await;
    let mut tokens = Vec::new();
    for letter in ['a', 'b'] {
        let first = request("/api/voice/route", One(letter), One(letter), Naming::Body, &json!({}));
        tokens.push((letter, bench.office.send(first).await.action()));
    }
    let mut counts = [0; 3];
    for keyed in ALL {
        for named in ALL {
            for naming in NAMINGS {
                let case = format!("the key of {keyed:?}, named {named:?} by {naming:?}");
                let begins = request("/api/voice/route", keyed, named, naming, &json!({}));
                let begun = bench.office.send(begins).await;
                match whose(keyed, named) {
                    Some(letter) => assert_eq!(begun.rings(), phones(letter), "{case}"),
                    None => assert_eq!(begun.status, StatusCode::UNAUTHORIZED, "{case}"),
                }
                for (of, action) in &tokens {
                    let case = format!("a step of {of} with {case}");
                    let more = json!({"DialCallStatus": "no-answer"});
                    let answer = bench.office.send(request(action, keyed, named, naming, &more)).await;
                    match whose(keyed, named) {
                        None => {
                            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{case}");
                            counts[0] += 1;
                        }
                        // The second round.
                        Some(letter) if letter == *of => {
                            assert_eq!(answer.rings(), phones(letter), "{case}");
                            counts[1] += 1;
                        }
                        Some(_) => {
                            let document = answer.document();
                            assert!(document.contains("cannot be continued"), "{case}: {document}");
                            counts[2] += 1;
                        }
                    }
                }
            }
        }
    }
    // Refused, gone on, not continued: nobody is let in by accident, and nobody is kept out.
    assert_eq!(counts, [96, 16, 16]);
}

/// Each sees its own plan in every way that a call can look at one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_changes_the_other_does_not_hear() {
    let bench = Bench::new(&['a', 'b']).await;
    for (letter, code) in [('a', "*78"), ('b', "*79")] {
        let answer = bench.asked(Some(&domain(letter)), &key(letter), "1001", code).await;
        assert!(answer.document().contains("Do not disturb"), "{}", answer.body);
    }
    assert_eq!(bench.sales('a').await.rings(), ["1002"]);
    assert_eq!(bench.sales('b').await.rings(), phones('b'));
    // A phone that the other has is no phone here.
    assert!(bench.asked(None, &key('a'), "1099", "1003").await.rings().is_empty());
    assert_eq!(bench.asked(None, &key('b'), "1099", "1003").await.rings(), ["1003"]);
}
