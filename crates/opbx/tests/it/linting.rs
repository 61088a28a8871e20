//! `opbx lint`.

use crate::program::{Place, Ran};

const LOOP: &str = "organization Loop US America/New_York\nextension 1001 \"A\"\n  always -> extension 1002\n\
                    extension 1002 \"B\"\n  always -> extension 1001\nnumber +12125550100 -> extension 1001\n";

#[test]
fn a_plan_without_faults_says_so() {
    let Ran { code, output, errors } = Place::new("lint-good").run("lint --plan plan.opbx");
    assert_eq!((code, output.as_str(), errors.as_str()), (Some(0), "Nothing is wrong.\n", ""));
}

#[test]
fn a_loop_is_told_with_its_way_and_never_loops() {
    let place = Place::new("lint-loop");
    place.write("loop.opbx", LOOP);
    let Ran { code, output, errors } = place.run("lint --plan loop.opbx");
    assert_eq!((code, errors.as_str()), (Some(1), "1 error.\n"));
    assert!(output.starts_with("error: "), "{output}");
    assert!(output.contains("number +12125550100 → extension “A” → extension “B” → extension “A”"), "{output}");

    let explained = place.run("explain --plan loop.opbx --from +14155550123 --to +12125550100");
    assert_eq!(explained.code, Some(0));
    assert!(explained.output.ends_with("outcome: not_available\n"), "{}", explained.output);
}

#[test]
fn warnings_alone_are_no_failure() {
    let place = Place::new("lint-warnings");
    place.write("warned.opbx", "organization Acme US America/New_York\nroom Board\n");
    let Ran { code, output, .. } = place.run("lint --plan warned.opbx --language es");
    assert_eq!(code, Some(0));
    assert!(output.starts_with("warning: ") && output.contains("sala “Board”"), "{output}");
}

#[test]
fn json_is_what_the_api_answers() {
    let place = Place::new("lint-json");
    place.write("loop.opbx", LOOP);
    let Ran { code, output, .. } = place.run("lint --plan loop.opbx --json");
    assert_eq!(code, Some(1));
    let findings: serde_json::Value = serde_json::from_str(&output).unwrap();
    let finding = &findings[0];
    assert_eq!((&finding["severity"], &finding["code"]), (&"error".into(), &"loop".into()));
    let kinds: Vec<_> = finding["path"].as_array().unwrap().iter().map(|node| node["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["phone_number", "extension", "extension", "extension"]);
}
