//! Settings: where they come from, and what is said of those that are wrong.

use crate::program::{KEY, Place, Ran, Serving};

#[test]
fn every_mistake_is_told_at_once() {
    let place = Place::new("mistakes");
    place.write("opbx.toml", "log = \"loud\"\nlisten = [1]\ncolour = \"red\"\n");
    let mut command = place.opbx("serve --plan plan.opbx --public-url pbx.example.com --drain-seconds=-1");
    command
        .env("OPBX_LOG_LEVEL", "loud")
        .env("OPBX_PLAN_CACHE_MB", "0")
        .env("OPBX_SECRET_KEY", "hush")
        .env("OPBX_API_RATE_LIMIT", "often")
        .env("OPBX_TRUSTED_PROXIES", "proxy.example")
        .env("OPBX_CORS_ORIGINS", "https://app.example.com/page")
        .env("OPBX_COLOUR", "red");
    // Other programs' variables are none of ours.
    command.env("COLOUR", "red").env("APP_NAME", "x");
    let Ran { code, output, errors } = Ran::of(&mut command);
    assert_eq!((code, output.as_str()), (Some(2), ""));
    insta::assert_snapshot!(errors, @r"
    `listen` in opbx.toml is not text; it should be an address like 127.0.0.1:8080.
    --public-url is `pbx.example.com`; it should be an address like https://pbx.example.com.
    --drain-seconds is `-1`; it should be a number of seconds from 0 to 600.
    OPBX_PLAN_CACHE_MB is `0`; it should be a number of MiB from 1 to 1048576.
    OPBX_SECRET_KEY cannot be used; it should be a text of at least 32 characters.
    `log` in opbx.toml is `loud`; it should be json or pretty.
    OPBX_LOG_LEVEL is `loud`; it should be a level like info, or levels like info,opbx_server=debug.
    OPBX_API_RATE_LIMIT is `often`; it should be a number from 0 to 1000000.
    OPBX_TRUSTED_PROXIES is `proxy.example`; it should be networks like 10.0.0.0/8 or addresses, separated by commas.
    OPBX_CORS_ORIGINS is `https://app.example.com/page`; it should be origins like https://app.example.com, separated by commas, or * for any without cookies.
    There is no setting OPBX_COLOUR.
    There is no setting `colour` (opbx.toml).
    ");
}

#[test]
fn a_setting_comes_from_the_first_place_that_has_it() {
    let place = Place::new("places");
    place.write("opbx.toml", "public_url = \"https://file.example.com\"\nlisten = \"127.0.0.1:0\"\n");
    place.write("other.toml", "public_url = \"https://other.example.com\"\nlisten = \"127.0.0.1:0\"\n");
    let start = |words: &str, variable: Option<&str>| {
        let mut command = place.opbx(&format!("serve --plan plan.opbx --webhook-key {KEY} {words}"));
        command.envs(variable.map(|value| ("OPBX_PUBLIC_URL", value)));
        Serving::start_with(&mut command).said.clone()
    };
    for (words, variable, host) in [
        ("--public-url https://flag.example.com", Some("https://variable.example.com"), "flag"),
        ("", Some("https://variable.example.com"), "variable"),
        ("", None, "file"),
        ("", Some("null"), "file"),
        ("--public-url null", None, "file"),
        ("--config other.toml", None, "other"),
    ] {
        let said = start(words, variable);
        assert!(said.contains(&format!("https://{host}.example.com/")), "{words} {variable:?}: {said}");
    }
}

#[test]
fn a_secret_may_be_in_a_file_and_in_one_place_only() {
    let place = Place::new("secret-file");
    place.write("secret", "a-secret-of-more-than-thirty-two-characters\n");
    place.write("short", "short\n");
    let start = || Serving::start(&place, &format!("--webhook-key {KEY} --secret-key-file secret"));
    let body = r#"{"From":"1004","To":"3000","Direction":"subscriber","Session":"s"}"#;
    let action = |serving: &Serving| {
        let answer = serving.post("/api/voice/route", KEY, body);
        answer.split_once("action=\"").unwrap().1.split('"').next().unwrap().to_owned()
    };
    // What one instance signed another takes that has the same secret.
    let (one, two) = (start(), start());
    let answer = two.post(&action(&one), KEY, &body.replace("\"s\"", "\"s\",\"DialCallStatus\":\"no-answer\""));
    assert!(answer.contains("<Number>1001</Number><Number>1002</Number>"), "{answer}");

    for (words, said) in [
        ("--secret-key-file short", "short should hold a secret of at least 32 characters.\n"),
        (
            "--secret-key-file secret --secret-key 0123456789abcdef0123456789abcdef",
            "A secret key and a file with one are both set; keep one of them.\n",
        ),
        (
            "--webhook-key short",
            "--webhook-key cannot be used; it should be a webhook key of 16 to 128 printable characters without blanks.\n",
        ),
    ] {
        let Ran { code, errors, .. } = place.run(&format!("serve --plan plan.opbx {words}"));
        assert_eq!((code, errors.as_str()), (Some(2), said));
    }
    let Ran { code, errors, .. } = place.run("serve --plan plan.opbx --config nowhere.toml --secret-key-file nowhere");
    assert_eq!((code, errors.lines().count()), (Some(2), 2), "{errors}");
}
