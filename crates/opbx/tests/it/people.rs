//! People and tokens: made by commands, and then signed in over the API.

use crate::installation::serve;
use crate::organizations::{ACME, answer, other};
use crate::program::{Place, Ran, Serving, until};
use serde_json::{Value, json};
use std::time::Duration;

/// The status and the body of a request to the API.
fn ask(serving: &Serving, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> (u16, Value) {
    let mut head = format!("{method} /api/v1{path} HTTP/1.1\r\nContent-Type: application/json");
    if let Some(token) = token {
        head += &format!("\r\nAuthorization: Bearer {token}");
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    let said = serving.exchange(&head, &body);
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() })
}

fn login(serving: &Serving, email: &str, password: &Value) -> (u16, Value) {
    ask(serving, "POST", "/auth/login", None, Some(&json!({ "email": email, "password": password })))
}

#[test]
fn from_a_fresh_installation_to_a_call_of_an_extension_made_over_the_api() {
    let place = Place::new("people-walk");
    let mut words = ACME.to_vec();
    words.extend(["--domain", "acme.cloudonix.net", "--webhook-key", "the-key-of-acme-dental"]);
    let owner = answer(&place.run_words(&words));
    let serving = serve(&place, "");
    let (status, signed_in) = login(&serving, "alice@acme.example", &owner["owner_password"]);
    assert_eq!((status, &signed_in["user"]["role"]), (200, &json!("owner")));
    let token = signed_in["token"].as_str().unwrap();

    let call = |session: &str| {
        let said = json!({ "Session": session, "CallSid": session, "From": "1002", "To": "1001", "Direction": "subscriber",
            "CallStatus": "in-progress", "Domain": "acme.cloudonix.net" });
        serving.post("/api/voice/route", "the-key-of-acme-dental", &said.to_string())
    };
    assert!(!call("before").contains("<Dial"), "nobody is there yet");
    let mut alice = Value::Null;
    for (number, name) in [("1001", "Alice"), ("1002", "Bob")] {
        let body = json!({ "extension_number": number, "name": name, "type": "user" });
        let (status, made) = ask(&serving, "POST", "/extensions", Some(token), Some(&body));
        assert_eq!(status, 201, "{made}");
        if number == "1001" {
            alice = made["data"]["id"].clone();
        }
    }
    let (status, list) = ask(&serving, "GET", "/extensions?sort_by=extension_number", Some(token), None);
    assert_eq!((status, &list["meta"]["total"]), (200, &json!(2)));
    assert!(call("after").contains("<Number>1001</Number>"), "the next call knows them");
    let off = json!({ "status": "inactive" });
    let (status, _) = ask(&serving, "PATCH", &format!("/extensions/{alice}"), Some(token), Some(&off));
    assert_eq!(status, 200);
    assert!(!call("off").contains("<Dial"), "an extension that is deactivated is not rung");

    let Ran { code, output, .. } = place.run("audit verify");
    assert_eq!((code, output.starts_with("acme-dental: ")), (Some(0), true), "{output}");
    assert!(output.ends_with(" entries, whole\n"), "{output}");
    until("the three calls are rows", Duration::from_secs(10), || {
        let (status, list) = ask(&serving, "GET", "/call-logs", Some(token), None);
        (status == 200 && list["meta"]["total"] == json!(3)).then_some(())
    });
    let Ran { code, output, .. } = place.run("stats rebuild");
    assert_eq!((code, output.as_str()), (Some(0), "acme-dental: 3 calls counted\n"));
    let Ran { code, errors, .. } = place.run("stats rebuild --org nobody");
    assert_eq!((code, errors.as_str()), (Some(1), "There is no organization `nobody`.\n"));
}

#[test]
fn a_person_is_made_and_their_password_reset_beside_a_server() {
    let place = Place::new("people-reset");
    answer(&place.run_words(&ACME));
    answer(&place.run_words(&other("other", "bob@other.example")));
    let serving = serve(&place, "");
    let made = answer(&place.run("user create --org acme-dental --name Carol --email Carol@acme.example --role admin"));
    let (status, signed_in) = login(&serving, "carol@acme.example", &made["password"]);
    assert_eq!((status, &signed_in["user"]["role"]), (200, &json!("admin")));
    let token = signed_in["token"].as_str().unwrap();
    assert_eq!(ask(&serving, "GET", "/auth/me", Some(token), None).0, 200);

    let again = answer(&place.run("user reset-password --org 1 --email carol@acme.example"));
    assert_eq!(login(&serving, "carol@acme.example", &made["password"]).0, 401);
    assert_eq!(login(&serving, "carol@acme.example", &again["password"]).0, 200);
    assert_eq!(ask(&serving, "GET", "/auth/me", Some(token), None).0, 401);

    for (words, code, errors) in [
        ("user create --org nobody --name X --email x@y.example", 1, "There is no organization `nobody`.\n"),
        (
            "user create --org 1 --name X --email carol@acme.example",
            1,
            "The database refuses the change: email is taken.\n",
        ),
        (
            "user create --org 1 --name X --email x",
            2,
            "--email is `x`: expected an e-mail address like alice@acme.example.\n",
        ),
        (
            "user create --org 1 --name X --email x@y.example --role boss",
            2,
            "--role is `boss`; it should be owner, admin, agent or reporter.\n",
        ),
        (
            "user reset-password --org other --email carol@acme.example",
            1,
            "Nobody in this organization has the address carol@acme.example.\n",
        ),
    ] {
        let ran = place.run(words);
        assert_eq!((ran.code, ran.errors.as_str()), (Some(code), errors), "{words}");
    }
}

/// A link's token, as the page behind it would send it.
fn chosen(link: &Value) -> Value {
    let token = link.as_str().unwrap().rsplit('/').next().unwrap().replace("%7C", "|");
    json!({ "token": token, "password": "a wholly new password", "password_confirmation": "a wholly new password" })
}

#[test]
fn without_a_mail_server_links_are_printed_and_work_once() {
    let place = Place::new("people-links");
    answer(&place.run_words(&ACME));
    let mut words =
        vec!["user", "create", "--org", "1", "--email", "carol@acme.example", "--name", "Carol", "--invite"];
    let made = answer(&place.run_words(&words));
    assert_eq!((&made["sent"], &made["password"]), (&json!(false), &Value::Null));
    assert!(made["link"].as_str().unwrap().starts_with("http://127.0.0.1:8080/invite/"), "{made}");
    let again = answer(&Ran::of(
        place.opbx("user invite --org 1 --email carol@acme.example").env("OPBX_PUBLIC_URL", "https://pbx.example"),
    ));
    assert!(again["link"].as_str().unwrap().starts_with("https://pbx.example/invite/"), "{again}");
    let serving = serve(&place, "");
    let accept = |link: &Value| ask(&serving, "POST", "/auth/accept-invite", None, Some(&chosen(link)));
    assert_eq!(accept(&made["link"]).0, 422, "the later one counts");
    let (status, came) = accept(&again["link"]);
    assert_eq!((status, &came["user"]["id"]), (200, &made["user_id"]), "{came}");
    assert_eq!(accept(&again["link"]).0, 422, "once");
    let ran = place.run("user invite --org 1 --email carol@acme.example");
    assert_eq!((ran.code, ran.output.as_str()), (Some(2), ""), "she has a password");

    let reset = answer(&place.run("user reset-password --link --org 1 --email carol@acme.example"));
    let token = came["token"].as_str().unwrap();
    assert_eq!(ask(&serving, "GET", "/auth/me", Some(token), None).0, 200, "nothing has happened yet");
    assert_eq!(ask(&serving, "POST", "/auth/reset", None, Some(&chosen(&reset["link"]))).0, 204);
    assert_eq!(ask(&serving, "GET", "/auth/me", Some(token), None).0, 401);
    words.push("--password-stdin");
    assert_eq!(place.run_words(&words).code, Some(2));
}

#[test]
fn tokens_are_made_for_programs_and_for_the_installation() {
    let place = Place::new("people-tokens");
    answer(&place.run_words(&ACME));
    let serving = serve(&place, "");
    let words = "token create --org 1 --email alice@acme.example --name Board --abilities extensions:read";
    let token = answer(&place.run(words))["token"].as_str().unwrap().to_owned();
    assert_eq!(ask(&serving, "GET", "/extensions", Some(&token), None).0, 200);
    assert_eq!(ask(&serving, "GET", "/users", Some(&token), None).0, 403);
    let made = place.run("token create --installation --name Reseller");
    // No organization's audit log has it: the log does, without the secret.
    assert!(made.errors.contains("a token of the installation was made"), "{}", made.errors);
    let token = serde_json::from_str::<Value>(&made.output).unwrap()["token"].as_str().unwrap().to_owned();
    assert!(!made.errors.contains(token.split('|').nth(1).unwrap()));
    assert_eq!(ask(&serving, "GET", "/extensions", Some(&token), None).0, 403, "of no organization");
    let ran = place.run("token create --org 1 --email alice@acme.example --name Board --abilities fly");
    let errors = "--abilities has `fly`; it should be words like extensions:read.\n";
    assert_eq!((ran.code, ran.errors.as_str()), (Some(2), errors));
    let description: Value = serde_json::from_str(&place.run("openapi").output).unwrap();
    let (_, served) = ask(&serving, "GET", "/openapi.json", None, None);
    assert_eq!(description, served);
}
