//! The program over a MariaDB by its address: the commands, a call, and a change that counts within a second.

use crate::applying::done;
use crate::installation::{exchange, furnished_with, placed, serve};
use crate::program::{Place, until};
use std::time::{Duration, Instant};
use test_servers::mariadb;

const PLAN: &str = r#"organization "Acme" US America/New_York

extension 1001 "Alice"
extension 1002 "Bob"

group Sales all at once
  1001 1002

number +12125550100 "Sales" -> group Sales
"#;

fn rings(place: &Place, url: &str) -> String {
    let words = ["explain", "--org", "acme", "--database-url", url, "--from", "+14155550123", "--to", "+12125550100"];
    done(place.run_words(&words))
}

#[test]
fn an_organization_of_a_mariadb_is_made_served_and_changed() {
    let url = mariadb::server().new_database("program");
    let place = furnished_with("mariadb", PLAN, &["--database-url", &url]);
    let settings = format!("--database-url {url}");
    assert!(!place.path("data/opbx.db").exists(), "the data is elsewhere");
    assert_eq!(done(place.run(&format!("export --org acme {settings}"))), PLAN);
    assert!(rings(&place, &url).contains("<Number>1001</Number>"));

    let serving = serve(&place, &settings);
    let exchange = exchange(&serving, 1);
    let rung = || {
        let transcript = placed(&exchange, "+14155550123", "+12125550100", "everyone else answers after 1, talks 2");
        assert_eq!(transcript.end.last_error, None, "{transcript}");
        transcript.rang().flatten().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(rung(), "1001 1002");
    assert!(serving.get("/health").contains(r#""database":{"status":"ok""#), "{}", serving.get("/health"));

    // What a caller sets is in the database, and what a command writes is heard within a second.
    assert_eq!(placed(&exchange, "1002", "*78", "").heard().collect::<String>(), "Do not disturb is on.");
    assert_eq!(rung(), "1001");
    assert!(done(place.run(&format!("export --org acme {settings}"))).contains("do-not-disturb"));
    let changed = PLAN.replace("extension 1002 \"Bob\"", "extension 1002 \"Bob\"\nextension 1003 \"Carol\"");
    place.write("next.opbx", &changed.replace("1001 1002", "1001 1003"));
    assert!(done(place.run(&format!("apply next.opbx --org acme {settings}"))).contains("created extension `1003`"));
    let written = Instant::now();
    until("the change counts", Duration::from_secs(5), || (rung() == "1001 1003").then_some(()));
    // The second that is promised, and what a busy machine may add.
    assert!(written.elapsed() < Duration::from_secs(2), "it took {:?}", written.elapsed());

    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));
    // An address that leads nowhere is a fault of one sentence, without its password.
    let ran = place.run("org list --database-url mysql://root:hush@127.0.0.1:1/opbx");
    assert!(ran.code == Some(1) && ran.errors.lines().count() == 1 && !ran.errors.contains("hush"), "{ran:?}");
}
