//! Passwords that are chosen with a link: forgotten ones, and those of people who come for the first time.

use super::company::{Answer, Company};
use super::waiting::until;
use crate::smtp::{MailServer, Protected};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use opbx_server::admin::{Place, Verdict};
use opbx_server::mail::MailSettings;
use opbx_store::{Job, JobQuery, JobState};
use serde_json::{Value, json};

const OLD: &str = "correct horse battery";
const NEW: &str = "a wholly new password";

/// Over TLS, with a password.
fn settings(server: &MailServer, protected: Protected) -> MailSettings {
    let port = server.address.port();
    let url = match protected {
        Protected::AtOnce => format!("smtps://pbx:secret@localhost:{port}"),
        Protected::Later => format!("smtp://pbx:secret@localhost:{port}?tls=required"),
    };
    MailSettings {
        smtp: url.parse().unwrap(),
        from: "OPBX <pbx@example.com>".parse().unwrap(),
        roots: vec![server.certificate.clone()],
    }
}

async fn with_mail(protected: Protected) -> (Company, MailServer) {
    let server = MailServer::start(protected, "250 taken").await;
    let company = Company::with_mail(Some(settings(&server, protected))).await;
    (company, server)
}

/// The token in the link of a text.
fn token(text: &str, page: &str) -> String {
    let link = text.split_whitespace().find(|word| word.contains(&format!("/{page}/"))).unwrap();
    link.rsplit('/').next().unwrap().replace("%7C", "|")
}

fn chosen(token: &str, password: &str) -> Value {
    json!({ "token": token, "password": password, "password_confirmation": password })
}

async fn say(company: &Company, path: &str, body: &Value) -> Answer {
    company.ask("nobody", Method::POST, path, Some(body)).await
}

async fn forgot(company: &Company, email: &str) -> Answer {
    say(company, "/auth/forgot", &json!({ "email": email })).await
}

async fn login(company: &Company, email: &str, password: &str) -> StatusCode {
    say(company, "/auth/login", &json!({ "email": email, "password": password })).await.status
}

/// Looks at the jobs again until they are so.
async fn jobs_until(company: &Company, kind: &str, so: impl Fn(&[Job]) -> bool) -> Vec<Job> {
    let look = async || {
        let query = JobQuery { state: None, kind: Some(kind.to_owned()), most: 100 };
        let jobs = company.store.platform().jobs(&query).await.unwrap();
        so(&jobs).then_some(jobs)
    };
    until(&format!("the jobs {kind} are so"), look).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_chosen_anew_with_a_link_that_comes_over_tls_and_works_once() {
    for protected in [Protected::AtOnce, Protected::Later] {
        let (company, mut server) = with_mail(protected).await;
        company.set_password("admin", OLD).await;
        let asked = forgot(&company, "Admin@1.Example").await;
        assert_eq!((asked.status, &asked.body), (StatusCode::ACCEPTED, &Value::Null));
        let mail = server.mail().await;
        assert!(mail.protected, "{protected:?}");
        assert!(mail.signed_in.is_some());
        assert_eq!(mail.envelope, ["pbx@example.com", "admin@1.example"]);
        assert!(mail.text.contains("Subject: Choose a new password for OPBX"), "{}", mail.text);
        let token = token(&mail.text, "reset");

        // Nothing has happened yet, and a weak password does not use the link up.
        assert_eq!(login(&company, "admin@1.example", OLD).await, StatusCode::OK);
        let weak = say(&company, "/auth/reset", &chosen(&token, "1234567890")).await;
        assert_eq!(weak.errors()["password"].as_array().unwrap().len(), 1);
        let unlike = json!({ "token": token, "password": NEW, "password_confirmation": OLD });
        assert!(say(&company, "/auth/reset", &unlike).await.errors()["password_confirmation"].is_array());

        assert_eq!(company.ask("admin", Method::GET, "/auth/me", None).await.status, StatusCode::OK);
        let done = say(&company, "/auth/reset", &chosen(&token, NEW)).await;
        assert_eq!((done.status, &done.body), (StatusCode::NO_CONTENT, &Value::Null), "{done:?}");
        let ended = company.ask("admin", Method::GET, "/auth/me", None).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED, "all sessions end");
        assert_eq!(login(&company, "admin@1.example", OLD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(login(&company, "admin@1.example", NEW).await, StatusCode::OK);
        let again = say(&company, "/auth/reset", &chosen(&token, "yet another password")).await;
        assert_eq!(again.body["error_codes"]["token"][0]["code"], "expired", "{again:?}");
        assert_eq!(login(&company, "admin@1.example", NEW).await, StatusCode::OK);

        // What happened is in the log, and no secret is; nor is one left with the jobs.
        let log = company.get("/audit-log?per_page=100").await;
        let actions: Vec<&str> =
            log.data().as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert!(actions.contains(&"password_reset_requested") && actions.contains(&"password_changed"), "{actions:?}");
        let secret = token.split('|').nth(1).unwrap();
        assert!(!log.body.to_string().contains(secret));
        let jobs = jobs_until(&company, "letter", |jobs| jobs[0].state == JobState::Done).await;
        assert!(!format!("{jobs:?}").contains(secret));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_from_it_whether_an_address_is_known() {
    let (company, mut server) = with_mail(Protected::AtOnce).await;
    let unknown = forgot(&company, "who@1.example").await;
    let known = forgot(&company, "agent@1.example").await;
    assert_eq!((unknown.status, &unknown.body), (StatusCode::ACCEPTED, &Value::Null));
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    assert_eq!(server.mail().await.envelope[1], "agent@1.example");
    // The same work was left for both.
    jobs_until(&company, "password_reset", |jobs| {
        jobs.len() == 2 && jobs.iter().all(|job| job.state == JobState::Done)
    })
    .await;
    jobs_until(&company, "letter", |jobs| jobs.len() == 1 && jobs[0].state == JobState::Done).await;
    assert!(server.is_empty());
    // And without a mail server nothing is different.
    let without = Company::new().await;
    for email in ["who@1.example", "agent@1.example"] {
        assert_eq!(forgot(&without, email).await.status, StatusCode::ACCEPTED);
    }
    let wrong = forgot(&without, "no address").await;
    assert!(wrong.errors()["email"].is_array());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_lasts_an_hour_and_ten_minutes_later_another_replaces_it() {
    let (company, mut server) = with_mail(Protected::AtOnce).await;
    forgot(&company, "agent@1.example").await;
    let first = token(&server.mail().await.text, "reset");
    // The mail is there before its job says so; a job that is still claimed would be done again after the time that passes.
    jobs_until(&company, "letter", |jobs| jobs.iter().all(|job| job.state == JobState::Done)).await;
    // Whoever knows the address cannot end the link by asking for another one.
    company.wait(SignedDuration::from_secs(599));
    assert_eq!(forgot(&company, "agent@1.example").await.status, StatusCode::ACCEPTED);
    jobs_until(&company, "password_reset", |jobs| {
        jobs.len() == 2 && jobs.iter().all(|job| job.state == JobState::Done)
    })
    .await;
    jobs_until(&company, "letter", |jobs| jobs.len() == 1 && jobs[0].state == JobState::Done).await;
    assert!(server.is_empty());
    let weak = say(&company, "/auth/reset", &chosen(&first, "1234567890")).await;
    assert_eq!(weak.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["password"], "the link counts");
    company.wait(SignedDuration::from_secs(1));
    forgot(&company, "agent@1.example").await;
    let second = token(&server.mail().await.text, "reset");
    assert_eq!(say(&company, "/auth/reset", &chosen(&first, NEW)).await.status, 422);
    company.wait(SignedDuration::from_mins(60));
    assert_eq!(say(&company, "/auth/reset", &chosen(&second, NEW)).await.status, 422);
    forgot(&company, "agent@1.example").await;
    let third = token(&server.mail().await.text, "reset");
    company.wait(SignedDuration::from_mins(59));
    // It is for a new password, and for nothing else.
    assert_eq!(say(&company, "/auth/accept-invite", &chosen(&third, NEW)).await.status, 422);
    assert_eq!(company.as_bearer(&third, Method::GET, "/auth/me").await.status, 401);
    assert_eq!(say(&company, "/auth/reset", &chosen(&third, NEW)).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_or_guesses_too_often_waits() {
    let company = Company::new().await;
    for _ in 0..5 {
        assert_eq!(forgot(&company, "agent@1.example").await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(forgot(&company, "AGENT@1.example").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(forgot(&company, "admin@1.example").await.status, StatusCode::ACCEPTED);
    // Signing in is another matter.
    assert_eq!(login(&company, "agent@1.example", OLD).await, StatusCode::UNAUTHORIZED);
    for number in 0..20 {
        let guess = say(&company, "/auth/reset", &chosen(&format!("{number}|o-guessed"), NEW)).await;
        assert_eq!(guess.status, 422, "{guess:?}");
    }
    let limited = say(&company, "/auth/reset", &chosen("1|o-guessed", NEW)).await;
    assert_eq!((limited.status, limited.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "61"));
    company.wait(SignedDuration::from_secs(61));
    assert_eq!(say(&company, "/auth/reset", &chosen("1|o-guessed", NEW)).await.status, 422);
}

#[tokio::test]
async fn without_mail_an_invitation_is_a_link_to_hand_over() {
    let company = Company::new().await;
    let bob = json!({ "name": "Bob Hill", "email": "bob@acme.example", "role": "agent" });
    let bob = company.post("/users", &bob).await.data()["id"].as_u64().unwrap();
    let path = format!("/users/{bob}/invite");
    let invite = async |who: &str| company.ask(who, Method::POST, &path, None).await;
    let first = invite("owner").await;
    assert_eq!(
        (&first.data()["sent"], &first.data()["expires_at"]),
        (&json!(false), &json!("2026-03-12T14:00:00.000Z"))
    );
    let second = invite("admin").await;
    let (first, second) = (
        token(first.data()["link"].as_str().unwrap(), "invite"),
        token(second.data()["link"].as_str().unwrap(), "invite"),
    );
    for who in ["agent", "reporter"] {
        assert_eq!(invite(who).await.status, StatusCode::FORBIDDEN, "{who}");
    }
    company.wait(SignedDuration::from_hours(71));
    assert_eq!(say(&company, "/auth/accept-invite", &chosen(&first, NEW)).await.status, 422, "the later one counts");
    assert_eq!(say(&company, "/auth/reset", &chosen(&second, NEW)).await.status, 422, "it is no reset");
    let came = say(&company, "/auth/accept-invite", &chosen(&second, NEW)).await;
    assert_eq!((came.status, &came.body["user"]["id"]), (StatusCode::OK, &json!(bob)), "{came:?}");
    let me = company.as_bearer(came.body["token"].as_str().unwrap(), Method::GET, "/auth/me").await;
    assert_eq!(me.data()["user"]["email"], "bob@acme.example");
    assert_eq!(say(&company, "/auth/accept-invite", &chosen(&second, NEW)).await.status, 422, "once");
    assert_eq!(login(&company, "bob@acme.example", NEW).await, StatusCode::OK);
}

#[tokio::test]
async fn an_invitation_is_not_for_whoever_has_come_or_may_not() {
    let company = Company::new().await;
    let link = async |who: &str| {
        let path = format!("/users/{}/invite", company.user(who));
        company.ask("owner", Method::POST, &path, None).await
    };
    let early = token(link("agent").await.data()["link"].as_str().unwrap(), "invite");
    company.set_password("agent", OLD).await;
    assert_eq!(link("agent").await.body["code"], "conflict", "who has a password keeps it");
    let refused = say(&company, "/auth/accept-invite", &chosen(&early, NEW)).await;
    assert_eq!(refused.status, 422, "also by a link from before: {refused:?}");
    assert_eq!(login(&company, "agent@1.example", OLD).await, StatusCode::OK);

    let late = token(link("reporter").await.data()["link"].as_str().unwrap(), "invite");
    let path = format!("/users/{}", company.user("reporter"));
    company.patch(&path, &json!({ "email": "moved@acme.example" })).await.data();
    let refused = say(&company, "/auth/accept-invite", &chosen(&late, NEW)).await;
    assert_eq!(refused.status, 422, "what went to the former address is for nobody");
    company.patch(&path, &json!({ "status": "inactive" })).await.data();
    assert_eq!(link("reporter").await.body["code"], "conflict");
    company.patch(&path, &json!({ "status": "active" })).await.data();
    let overdue = token(link("reporter").await.data()["link"].as_str().unwrap(), "invite");
    company.wait(SignedDuration::from_hours(72));
    assert_eq!(say(&company, "/auth/accept-invite", &chosen(&overdue, NEW)).await.status, 422, "three days are over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_made_without_a_password_is_invited_by_mail_in_the_language_of_the_organization() {
    let (company, mut server) = with_mail(Protected::Later).await;
    company.patch("/organization", &json!({ "language": "es", "name": "Clínica Ñandú" })).await.data();
    let items = json!({ "items": [
        { "name": "Bob Hill", "email": "bob@acme.example", "role": "agent" },
        { "name": "Eve Sun", "email": "eve@acme.example", "role": "agent", "password": NEW },
    ] });
    assert_eq!(company.post("/users", &items).await.status, StatusCode::CREATED);
    let mail = server.mail().await;
    assert_eq!(mail.envelope[1], "bob@acme.example");
    assert!(mail.text.contains("Clínica Ñandú ha creado una cuenta para usted."), "{}", mail.text);
    let came = say(&company, "/auth/accept-invite", &chosen(&token(&mail.text, "invite"), NEW)).await;
    assert_eq!(came.status, StatusCode::OK, "{came:?}");
    // Asked for by hand, it is sent as well, and nobody is shown the link.
    let path = format!("/users/{}/invite", company.user("reporter"));
    let sent = company.ask("owner", Method::POST, &path, None).await;
    assert_eq!((&sent.data()["sent"], &sent.data()["link"]), (&json!(true), &Value::Null));
    assert_eq!(server.mail().await.envelope[1], "reporter@1.example");
    assert!(server.is_empty(), "whoever has a password needs no invitation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gets_another_address_is_told_at_the_former_one() {
    let (company, mut server) = with_mail(Protected::AtOnce).await;
    let moved = json!({ "email": "agent@moved.example", "name": "Alice Ray" });
    company.ask("agent", Method::PATCH, "/profile", Some(&moved)).await.data();
    let mail = server.mail().await;
    assert_eq!(mail.envelope[1], "agent@1.example");
    assert!(mail.text.contains("Subject: Your e-mail address for OPBX was changed"), "{}", mail.text);
    assert!(!mail.text.contains("moved.example"), "the former address may be a stranger's: {}", mail.text);
    let path = format!("/users/{}", company.user("reporter"));
    company.patch(&path, &json!({ "email": "reporter@moved.example" })).await.data();
    assert_eq!(server.mail().await.envelope[1], "reporter@1.example");
    company.patch(&path, &json!({ "name": "Robert Hill", "email": "Reporter@moved.example" })).await.data();
    jobs_until(&company, "letter", |jobs| jobs.len() == 2 && jobs.iter().all(|job| job.state == JobState::Done)).await;
    assert!(server.is_empty(), "the same address in other letters is the same address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_who_it_should_be_gets_no_mail_and_one_that_refuses_is_not_asked_again() {
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let another = MailServer::start(Protected::AtOnce, "250 taken").await;
    let mut trusted = settings(&server, Protected::AtOnce);
    trusted.roots = vec![another.certificate.clone()];
    let company = Company::with_mail(Some(trusted)).await;
    forgot(&company, "agent@1.example").await;
    let jobs = jobs_until(&company, "letter", |jobs| jobs.iter().any(|job| job.last_error.is_some())).await;
    assert_eq!((jobs[0].state, jobs[0].attempts), (JobState::Queued, 1), "{jobs:?}");
    assert!(server.is_empty());

    let refusing = MailServer::start(Protected::AtOnce, "550 no such mailbox").await;
    let company = Company::with_mail(Some(settings(&refusing, Protected::AtOnce))).await;
    forgot(&company, "agent@1.example").await;
    let jobs = jobs_until(&company, "letter", |jobs| jobs.iter().any(|job| job.state == JobState::Dead)).await;
    assert_eq!(jobs[0].attempts, 1);
    assert!(jobs[0].last_error.as_deref().unwrap().contains("550"), "{jobs:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_sends_a_test_to_whoever_is_named() {
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let folder = tempfile::tempdir().unwrap();
    let place = Place { data_dir: folder.path().join("none"), database: None, secret_key: None };
    let to = "olive@acme.example".parse().unwrap();
    let mail = (Some(settings(&server, Protected::AtOnce)), Some(&to));
    let findings = place.diagnose(None, mail, "2026-03-09T14:00:00Z".parse().unwrap()).await;
    let found = findings.iter().find(|finding| finding.check == "mail").unwrap();
    assert_eq!(
        (found.verdict, &*found.text),
        (Verdict::Ok, "localhost took a test for olive@acme.example; look whether it arrives.")
    );
    let mail = server.mail().await;
    assert!(mail.protected && mail.text.contains("OPBX can send mail"), "{mail:?}");
}

/// The runner claims, carries out and settles there as it does on SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_done_on_mariadb_too() {
    let mut server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let company = Company::with_mail_on_mariadb(settings(&server, Protected::AtOnce), "jobs_of_a_server").await;
    company.set_password("owner", OLD).await;
    assert_eq!(forgot(&company, "owner@1.example").await.status, StatusCode::ACCEPTED);
    let mail = server.mail().await;
    let body = chosen(&token(&mail.text, "reset"), NEW);
    assert_eq!(say(&company, "/auth/reset", &body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(login(&company, "owner@1.example", NEW).await, StatusCode::OK);
    for kind in ["password_reset", "letter"] {
        let done = |jobs: &[Job]| jobs.len() == 1 && jobs[0].state == JobState::Done;
        assert_eq!(jobs_until(&company, kind, done).await[0].attempts, 1);
    }
}
