//! Passwords, codes and links that are guessed: how often, from where, and what is left in the log.

use super::company::{Answer, Company};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::fmt::{Debug, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

const PASSWORD: &str = "correct horse battery";

async fn login(company: &Company, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    company.ask("nobody", Method::POST, "/auth/login", Some(&body)).await
}

/// The answers to passwords that are all tried at the same time.
async fn at_once(company: Company, passwords: Vec<&'static str>) -> Vec<StatusCode> {
    let company = Arc::new(company);
    let tries = passwords.into_iter().map(|password| {
        let company = Arc::clone(&company);
        tokio::spawn(async move { login(&company, "agent@1.example", password).await.status })
    });
    let mut statuses = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        statuses.push(attempt.await.unwrap());
    }
    statuses
}

#[tokio::test]
async fn of_many_guesses_at_once_five_are_answered() {
    let company = Company::new().await;
    company.set_password("agent", PASSWORD).await;
    let mut guesses = vec!["another one"; 60];
    guesses.push(PASSWORD);
    let mut statuses = at_once(company, guesses).await;
    assert_eq!(statuses.pop(), Some(StatusCode::TOO_MANY_REQUESTS), "the right one, after too many wrong ones");
    let count = |status| statuses.iter().filter(|seen| **seen == status).count();
    assert_eq!((count(StatusCode::UNAUTHORIZED), count(StatusCode::TOO_MANY_REQUESTS)), (5, 55), "{statuses:?}");
}

#[tokio::test]
async fn the_right_password_many_times_at_once_is_right_every_time() {
    let company = Company::new().await;
    company.set_password("agent", PASSWORD).await;
    let statuses = at_once(company, vec![PASSWORD; 30]).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
}

#[tokio::test]
async fn guesses_at_the_present_password_are_counted_with_those_at_the_door() {
    let company = Company::new().await;
    company.set_password("agent", PASSWORD).await;
    let body = |current: &str| json!({ "current_password": current, "password": "another horse", "password_confirmation": "another horse" });
    let put = async |current: &str| company.ask("agent", Method::PUT, "/profile/password", Some(&body(current))).await;
    let (wrong, right) = (body("another one"), body(PASSWORD));
    let ask = |body| company.ask("agent", Method::PUT, "/profile/password", Some(body));
    let first = tokio::join!(ask(&wrong), ask(&wrong), ask(&wrong), ask(&wrong));
    let then = tokio::join!(ask(&wrong), ask(&wrong), ask(&wrong), ask(&right));
    let all: [Answer; 8] = [first.0, first.1, first.2, first.3, then.0, then.1, then.2, then.3];
    let told = all.iter().filter(|answer| answer.status != StatusCode::TOO_MANY_REQUESTS).count();
    assert!((5..=6).contains(&told), "{all:?}");
    assert_eq!(put(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(login(&company, "agent@1.example", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_guesser_however_many_addresses_it_has() {
    let company = Company::new().await;
    let guess = async |from: String| {
        let body = json!({ "token": "1|o-guessed", "password": PASSWORD, "password_confirmation": PASSWORD });
        let request = Request::post("/api/v1/auth/reset").header("content-type", "application/json");
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        let from: IpAddr = from.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from, 4711)));
        company.send(request).await.status
    };
    for number in 1..=20 {
        assert_eq!(guess(format!("2001:db8:1:2::{number}")).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(guess("2001:db8:1:2:ffff::1".to_owned()).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(guess("2001:db8:1:3::1".to_owned()).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn who_was_not_let_in_is_in_the_log_and_what_they_entered_is_not() {
    let company = Company::new().await;
    company.set_password("agent", PASSWORD).await;
    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    let user = company.user("agent");
    let (nobody, someone) = ("address=".to_owned(), format!("address= user={user}"));
    let said = |who: &str, why: &str| format!("WARN someone was not let in {who} reason={why}");

    login(&company, "who@1.example", "a secret of mine").await;
    assert_eq!(log.taken(), [said(&nobody, "a wrong password")]);
    for _ in 0..5 {
        login(&company, "agent@1.example", "a secret of mine").await;
    }
    assert_eq!(log.taken(), vec![said(&someone, "a wrong password"); 5]);
    login(&company, "agent@1.example", PASSWORD).await;
    assert_eq!(log.taken(), [said(&nobody, "too many failures before")]);

    let ask = async |path: &str, body: Value| company.ask("nobody", Method::POST, path, Some(&body)).await.status;
    let code = json!({ "challenge": "1|o-secret", "code": "000000" });
    assert_eq!(ask("/auth/login/second-factor", code).await, StatusCode::UNAUTHORIZED);
    assert_eq!(log.taken(), [said(&nobody, "a challenge that does not count")]);
    let chosen = json!({ "token": "1|o-secret", "password": PASSWORD, "password_confirmation": PASSWORD });
    assert_eq!(ask("/auth/reset", chosen).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(log.taken(), [said(&nobody, "a link that does not count")]);

    company.wait(SignedDuration::from_secs(61));
    let wrong = json!({ "current_password": "a secret of mine" });
    company.ask("agent", Method::DELETE, "/profile/totp", Some(&wrong)).await;
    assert_eq!(log.taken(), [said(&someone, "a wrong password")]);
}

/// What this thread logs of ours, a line for each event; the identifier of the request is checked and left out.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("opbx_server") && *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line { head: event.metadata().level().to_string(), tail: String::new(), named: false };
        event.record(&mut line);
        assert!(line.named, "the request has a name: {}", line.head);
        self.0.lock().unwrap().push(line.head + &line.tail);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line {
    head: String,
    tail: String,
    named: bool,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.tail, " {}={value}", field.name()).unwrap();
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => write!(self.head, " {value:?}").unwrap(),
            "request_id" => self.named = format!("{value:?}").len() == 36,
            name => write!(self.tail, " {name}={value:?}").unwrap(),
        }
    }
}
