//! The walks of the guide and the README, run as they stand: a shell, curl, the real program.

use crate::installation::serve;
use crate::program::{Place, Ran};
use std::process::Command;

/// The commands of a section: its blocks of `sh`, in their order.
fn commands(text: &str, section: &str) -> Vec<String> {
    let (_, rest) = text.split_once(section).unwrap_or_else(|| panic!("there is no section {section}"));
    let section = rest.split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|block| block.split("\n```").next().unwrap().to_owned());
    blocks.collect()
}

/// Runs the first block, serves what it made, and runs the others in one shell; answers what they print.
fn walk(place: &Place, blocks: &[String]) -> String {
    let program = env!("CARGO_BIN_EXE_opbx");
    let folder = program.rsplit_once('/').unwrap().0;
    let path = format!("{folder}:/usr/local/bin:/usr/bin:/bin");
    let shell = |script: &str| {
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", script]).current_dir(place.path("")).env_clear().env("PATH", &path);
        let ran = Ran::of(&mut shell);
        assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""), "{script}\n{}", ran.output);
        ran.output
    };
    let (first, rest) = blocks.split_first().unwrap();
    assert!(shell(first).contains("organization_id"));
    let serving = serve(place, "");
    shell(&rest.join("\n").replace("127.0.0.1:8080", &serving.address.to_string()))
}

#[test]
fn the_guide_leads_from_signing_in_to_a_working_number() {
    let guide = include_str!("../../../../docs/api.md");
    let place = Place::new("guide");
    let said = walk(&place, &commands(guide, "## From signing in to a working number"));
    assert!(said.contains(r#""extension_number":"1002""#), "{said}");
    assert!(said.contains(r#""username":"1001""#), "{said}");
    let document = said.rsplit_once("<?xml").unwrap().1;
    assert!(document.contains("<Number>1001</Number><Number>1002</Number>"), "{document}");
    let verified = place.run("audit verify --org acme-dental");
    assert_eq!((verified.code, verified.errors.as_str()), (Some(0), ""), "{}", verified.output);
}

#[test]
fn the_readme_leads_to_a_call_in_a_minute() {
    let readme = include_str!("../../../../README.md");
    let place = Place::new("readme");
    let said = walk(&place, &commands(readme, "## The API in a minute"));
    assert!(said.rsplit_once("<?xml").unwrap().1.contains("<Number>1001</Number>"), "{said}");
}
