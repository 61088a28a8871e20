//! `opbx apply` and `opbx export`.

use crate::organizations::{ACME, other};
use crate::program::{PLAN, Place, Ran};

/// A place with two organizations in it.
fn place(name: &str) -> Place {
    let place = Place::new(name);
    assert_eq!(place.run_words(&ACME).code, Some(0));
    assert_eq!(place.run_words(&other("other", "bob@other.example")).code, Some(0));
    place
}

pub(crate) fn done(ran: Ran) -> String {
    assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""));
    ran.output
}

fn refused(ran: &Ran) -> &str {
    assert_eq!((ran.code, ran.output.as_str()), (Some(1), ""));
    &ran.errors
}

const UNCHANGED: &str = "0 created, 0 updated, 0 removed, ";

#[test]
fn a_plan_goes_in_and_comes_out_as_it_was() {
    let place = place("apply-walk");
    let said = done(place.run("apply plan.opbx --org acme-dental"));
    assert!(
        said.contains("created extension `1001`\n") && said.contains("updated organization `Harbor Dental`\n"),
        "{said}"
    );
    assert!(done(place.run("apply plan.opbx --org 1")).starts_with(UNCHANGED));

    let out = done(place.run("export --org 1"));
    place.write("out.opbx", &out);
    assert!(done(place.run("apply out.opbx --org 1")).starts_with(UNCHANGED));
    assert!(done(place.run("apply out.opbx --org 1 --prune")).starts_with(UNCHANGED));

    place.write("call.opbx", PLAN);
    let call = "--from +14155550123 --to +12125550100 --at 2026-12-25T10:00";
    let explained = |file: &str| done(place.run(&format!("explain --plan {file} {call}")));
    assert_eq!(explained("out.opbx"), explained("call.opbx"));
    assert_eq!(done(place.run(&format!("explain --org acme-dental {call}"))), explained("call.opbx"));
    assert_eq!(done(place.run("lint --org 1")), done(place.run("lint --plan call.opbx")));
    assert!(!done(place.run("export --org other")).contains("extension"), "the second organization has none of it");
}

#[test]
fn a_suspended_organization_is_exported_and_stays_suspended() {
    let place = place("apply-suspended");
    done(place.run("apply plan.opbx --org 1"));
    done(place.run("org suspend 1"));
    place.write("out.opbx", &done(place.run("export --org 1")));
    assert!(done(place.run("apply out.opbx --org 1")).starts_with(UNCHANGED));
    assert!(done(place.run("org list")).contains("suspended"));
    let explained = done(place.run("explain --org 1 --from +14155550123 --to +12125550100"));
    assert!(explained.contains("suspended"), "{explained}");
}

#[test]
fn what_a_file_does_not_name_stays_unless_pruned() {
    let place = place("apply-prune");
    let two = "organization \"Acme\" US America/New_York\n\nextension 1001 \"Alice\"\nextension 1002 \"Bob\"\n";
    place.write("two.opbx", two);
    place.write("one.opbx", &two.replace("extension 1002 \"Bob\"\n", ""));
    done(place.run("apply two.opbx --org 1"));
    assert_eq!(done(place.run("apply one.opbx --org 1")), "0 created, 0 updated, 0 removed, 3 stayed\n");
    assert_eq!(
        done(place.run("apply one.opbx --org 1 --prune --dry-run")),
        "removed extension `1002`\n0 created, 0 updated, 1 removed, 2 stayed; this was a dry run, nothing has changed\n"
    );
    assert_eq!(done(place.run("export --org 1")), two);
    assert_eq!(
        done(place.run("apply one.opbx --org 1 --prune")),
        "removed extension `1002`\n0 created, 0 updated, 1 removed, 2 stayed\n"
    );
    assert_eq!(done(place.run("export --org 1")), two.replace("extension 1002 \"Bob\"\n", ""));
}

#[test]
fn what_no_file_may_say_is_refused_with_its_place() {
    let place = place("apply-refused");
    let head = "organization \"Acme\" US America/New_York";
    place.write("bad.opbx", &format!("{head} suspended\n\nroom Board\npins Board 2468\nprompt Hello uploaded\n"));
    let ran = place.run("apply bad.opbx --org 1");
    let lines: Vec<&str> = refused(&ran).lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("bad.opbx: line 1, column ") && lines[0].ends_with("`opbx org suspend` does."));
    assert_eq!(lines[1], "bad.opbx: line 4, column 1: a file sets no PINs; those that are set stay as they are.");
    assert_eq!(lines[2], "bad.opbx: line 5, column 1: the prompt `Hello` was never uploaded.");

    place.write(
        "dangling.opbx",
        &format!("{head}\n\nextension 1001 \"Alice\"\n  busy -> group Slaes\ngroup Sales\n  1001\n"),
    );
    let ran = place.run("apply dangling.opbx --org 1");
    let said = refused(&ran);
    assert!(said.starts_with("dangling.opbx: line 4, column ") && said.contains("`Sales`"), "{said}");
    assert!(!done(place.run("export --org 1")).contains("extension"), "nothing of it was applied");
}

#[test]
fn a_number_belongs_to_one_organization_and_nobody_else_is_asked() {
    let place = place("apply-taken");
    done(place.run("apply plan.opbx --org 1"));
    let ran = place.run("apply plan.opbx --org other");
    assert!(refused(&ran).starts_with("Another organization has one of the numbers +12125550100"), "{}", ran.errors);
    assert!(!done(place.run("export --org other")).contains("extension"), "all of it or nothing");
    for words in ["apply plan.opbx --org nobody", "export --org nobody", "lint --org nobody"] {
        assert_eq!(refused(&place.run(words)), "There is no organization `nobody`.\n");
    }
}

#[test]
fn two_at_once_apply_one_after_the_other() {
    let place = place("apply-race");
    let start = || place.opbx("apply plan.opbx --org 1").stdout(std::process::Stdio::piped()).spawn().unwrap();
    let outputs: Vec<String> = [start(), start()]
        .into_iter()
        .map(|child| String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
        .collect();
    assert_eq!(outputs.iter().filter(|output| output.starts_with(UNCHANGED)).count(), 1, "{outputs:?}");
    assert!(done(place.run("apply plan.opbx --org 1")).starts_with(UNCHANGED));
}

#[test]
fn a_plan_is_of_a_file_or_of_an_organization() {
    let place = Place::new("apply-subject");
    for words in ["lint", "lint --plan plan.opbx --org 1", "explain --from 1001 --to 1002"] {
        let Ran { code, output, .. } = place.run(words);
        assert_eq!((code, output.as_str()), (Some(2), ""), "{words}");
    }
    assert_eq!(
        refused(&place.run("lint --org 1")),
        "There is no database sqlite:data/opbx.db yet; `opbx org create` makes it.\n"
    );
}
