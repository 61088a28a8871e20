//! `opbx org`, and the data directory that it makes.

use crate::program::{Place, Ran};
use serde_json::{Value, json};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

pub(crate) const ACME: [&str; 12] = [
    "org",
    "create",
    "--name",
    "Acme Dental",
    "--timezone",
    "America/New_York",
    "--country",
    "US",
    "--owner-name",
    "Alice Ray",
    "--owner-email",
    "alice@acme.example",
];

pub(crate) fn other(slug: &'static str, email: &'static str) -> [&'static str; 14] {
    let [org, create, name, _, zone, new_york, country, us, owner, alice, address, _] = ACME;
    [org, create, name, "Other", "--slug", slug, zone, new_york, country, us, owner, alice, address, email]
}

pub(crate) fn answer(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""));
    serde_json::from_str(&ran.output).unwrap()
}

#[test]
fn the_first_organization_makes_the_data_directory() {
    let place = Place::new("org-first");
    let Ran { code, errors, .. } = place.run("org list");
    assert_eq!(
        (code, errors.as_str()),
        (Some(1), "There is no database sqlite:data/opbx.db yet; `opbx org create` makes it.\n")
    );

    let made = answer(&place.run_words(&ACME));
    assert_eq!(
        (&made["organization_id"], &made["owner_id"], &made["slug"]),
        (&json!(1), &json!(1), &json!("acme-dental"))
    );
    assert_eq!(made["webhook_urls"]["route"], "/api/voice/route");
    let cdr = made["webhook_urls"]["cdr"].as_str().unwrap().strip_prefix("/api/webhooks/cloudonix/cdr/").unwrap();
    assert!(cdr.len() == 64 && cdr.bytes().all(|byte| byte.is_ascii_hexdigit()), "{cdr}");
    assert_ne!(made["webhook_key"], cdr);
    assert_eq!(made["webhook_key"].as_str().unwrap().len(), 64);
    assert_eq!(made["owner_password"].as_str().unwrap().len(), 24);
    for (name, mode) in [("data", 0o700), ("data/opbx.db", 0o600), ("data/secret.key", 0o600)] {
        assert_eq!(place.rights(name), mode, "{name}");
    }

    let second = answer(&place.run_words(&other("other", "bob@other.example")));
    assert_eq!((&second["organization_id"], &second["owner_id"]), (&json!(2), &json!(2)));
    let slugs: Vec<Value> =
        answer(&place.run("org list")).as_array().unwrap().iter().map(|it| it["slug"].clone()).collect();
    assert_eq!(slugs, ["acme-dental", "other"]);
}

#[test]
fn an_organization_is_suspended_and_resumed_by_either_name() {
    let place = Place::new("org-status");
    answer(&place.run_words(&ACME));
    let status = |words: &str| answer(&place.run(words))["status"].clone();
    assert_eq!(status("org suspend acme-dental"), "suspended");
    assert_eq!(answer(&place.run("org list"))[0]["status"], "suspended");
    assert_eq!(status("org resume 1"), "active");
    let Ran { code, errors, .. } = place.run("org suspend nobody");
    assert_eq!((code, errors.as_str()), (Some(1), "There is no organization `nobody`.\n"));
}

#[test]
fn what_cannot_be_made_says_why() {
    let place = Place::new("org-errors");
    let with = |words: &[&str]| place.run_words(&[&ACME, words].concat());
    answer(&with(&["--domain", "acme.example.net", "--webhook-key", "0123456789abcdef"]));
    let again = |words: &[&str]| {
        let base = other("other", "bob@other.example");
        let Ran { code, output, errors } = place.run_words(&[&base, words].concat());
        assert_eq!(output, "");
        (code, errors)
    };
    let said = |code, text: &str| (Some(code), format!("{text}\n"));
    assert_eq!(
        again(&["--domain", "ACME.example.net"]),
        said(1, "Another organization has the domain `acme.example.net`.")
    );
    assert_eq!(again(&["--webhook-key", "0123456789abcdef"]), said(1, "Another organization has this webhook key."));
    assert_eq!(
        again(&["--webhook-key", "short"]),
        said(2, "--webhook-key cannot be used: expected a key of 16 to 128 printable characters.")
    );
    for (flag, text, why) in [
        (
            "--domain",
            "https://acme.example.net",
            "expected the name of a domain like acme.cloudonix.net, without a scheme or a port",
        ),
        ("--domain", "acme", "expected the name of a domain like acme.cloudonix.net, without a scheme or a port"),
        ("--owner-email", "bob.example.net", "expected an e-mail address like alice@acme.example"),
    ] {
        let base = other("other", "bob@other.example");
        let words: Vec<&str> = base.into_iter().collect();
        let words = match words.iter().position(|word| *word == flag) {
            Some(at) => [&words[..=at], &[text], &words[at + 2..]].concat(),
            None => [&words[..], &[flag, text]].concat(),
        };
        let Ran { code, errors, .. } = place.run_words(&words);
        assert_eq!((code, errors), said(2, &format!("{flag} is `{text}`: {why}.")));
    }
    assert_eq!(
        again(&["--domain", "b.example.net", "--domain-uuid", "4321"]),
        said(2, "--domain-uuid is `4321`: expected an identifier like 2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f.")
    );
    let Ran { code, errors, .. } = with(&[]);
    assert_eq!((code, errors), said(1, "Another organization has the short name `acme-dental`."));
    let Ran { code, errors, .. } = place.run_words(&other("new", "alice@acme.example"));
    assert_eq!((code, errors), said(1, "Another organization has a person with the address `alice@acme.example`."));
    for (word, nowhere, sentence) in [
        ("America/New_York", "Mars/Base", "There is no time zone `Mars/Base`; zones look like America/New_York."),
        ("US", "ZZ", "There is no country `ZZ`; countries have ISO 3166 codes like US."),
    ] {
        let words = other("new", "eve@new.example").map(|given| if given == word { nowhere } else { given });
        let Ran { code, errors, .. } = place.run_words(&words);
        assert_eq!((code, errors), said(2, sentence));
    }
    assert_eq!(answer(&place.run("org list")).as_array().unwrap().len(), 1, "nothing half-made is left");
}

#[test]
fn a_password_is_read_from_the_input_and_not_printed() {
    let place = Place::new("org-password");
    let created = |password: &str| {
        let mut command = place.opbx("");
        command
            .args(ACME)
            .arg("--owner-password-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let refused = created("nine char\n");
    assert_eq!(
        (refused.status.code(), refused.stderr.as_slice()),
        (Some(2), &b"The owner's password has fewer than 10 characters.\n"[..])
    );
    assert!(!place.path("data").exists(), "a mistake makes no database");
    let made: Value = serde_json::from_slice(&created("ten letters\n").stdout).unwrap();
    assert_eq!((&made["organization_id"], made.get("owner_password")), (&json!(1), None));
}

#[test]
fn a_database_without_its_key_is_not_opened_with_another() {
    let place = Place::new("org-key");
    answer(&place.run_words(&ACME));
    std::fs::remove_file(place.path("data/secret.key")).unwrap();
    let expected = "There is no secret key for the database sqlite:data/opbx.db: OPBX_SECRET_KEY is not set, and data/secret.key is missing.\n";
    for Ran { code, errors, .. } in [place.run("org list"), place.run_words(&other("other", "bob@other.example"))] {
        assert_eq!((code, errors.as_str()), (Some(1), expected));
    }
    assert!(!place.path("data/secret.key").exists());
}

#[test]
fn two_at_once_make_one_database() {
    let place = Place::new("org-race");
    let start =
        |words: &[&str]| place.opbx("").args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let both = [start(&ACME), start(&other("other", "bob@other.example"))];
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(answer(&place.run("org list")).as_array().unwrap().len(), 2);
}

#[test]
fn the_data_directory_is_a_setting() {
    let place = Place::new("org-settings");
    place.write("opbx.toml", "data_dir = 'from-file'\npublic_url = 'https://pbx.example.com'\n");
    let made = answer(&place.run_words(&ACME));
    assert_eq!(made["webhook_urls"]["route"], "https://pbx.example.com/api/voice/route");
    assert!(place.path("from-file/opbx.db").exists());
    let listed = Ran::of(place.opbx("org list --data-dir from-file").env("OPBX_DATA_DIR", "elsewhere"));
    assert_eq!(answer(&listed).as_array().unwrap().len(), 1);
    let Ran { code, errors, .. } = place.run("org list --database-url postgres://user:hush@db/opbx");
    assert_eq!(code, Some(2));
    assert!(errors.starts_with("--database-url cannot be used; it should be an address like mysql:"), "{errors}");
    assert!(!errors.contains("hush"));
}

impl Place {
    fn rights(&self, name: &str) -> u32 {
        std::fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }
}
