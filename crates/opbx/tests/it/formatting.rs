//! `opbx fmt`.

use crate::program::{Place, Ran};

#[test]
fn files_are_put_into_their_form() {
    let place = Place::new("fmt");
    let crooked = "organization   \"Acme\" US   America/New_York\n# Alice is the boss.\nextension 1001   \"Alice\"\n";
    let straight = "organization \"Acme\" US America/New_York\n\n# Alice is the boss.\nextension 1001 \"Alice\"\n";
    place.write("a.opbx", crooked);
    place.write("b.opbx", straight);

    let Ran { code, output, errors } = place.run("fmt --check a.opbx b.opbx");
    assert_eq!((code, output.as_str(), errors.as_str()), (Some(1), "", "a.opbx: not in its canonical form.\n"));
    assert_eq!(place.read("a.opbx"), crooked);

    assert_eq!(place.run("fmt a.opbx b.opbx").code, Some(0));
    assert_eq!((place.read("a.opbx").as_str(), place.read("b.opbx").as_str()), (straight, straight));
    assert_eq!(place.run("fmt --check a.opbx b.opbx").code, Some(0));
}

#[test]
fn a_file_that_cannot_be_read_does_not_keep_the_others() {
    let place = Place::new("fmt-broken");
    place.write("broken.opbx", "extention 1001\n");
    place.write("good.opbx", "organization   \"Acme\" US America/New_York\n");
    let Ran { code, errors, .. } = place.run("fmt broken.opbx nowhere.opbx good.opbx");
    assert_eq!(code, Some(1));
    assert!(errors.lines().any(|line| line.starts_with("broken.opbx: line 1, column 1: ")), "{errors}");
    assert!(errors.lines().any(|line| line.starts_with("nowhere.opbx: ")), "{errors}");
    assert_eq!(place.read("good.opbx"), "organization \"Acme\" US America/New_York\n");
    assert_eq!(place.read("broken.opbx"), "extention 1001\n");
}

#[test]
fn what_cannot_be_written_leaves_the_file_and_nothing_beside_it() {
    let place = Place::new("fmt-full");
    let crooked = "organization   \"Acme\" US   America/New_York\n";
    place.write("a.opbx", crooked);
    // No byte may be written to any file, as on a full disk.
    let mut limited = std::process::Command::new("sh");
    limited.current_dir(place.path(".")).env_clear();
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f 0; exec {} fmt a.opbx", env!("CARGO_BIN_EXE_opbx"))]);
    let Ran { code, errors, .. } = Ran::of(&mut limited);
    assert!(code == Some(1) && errors.starts_with("a.opbx: "), "{errors}");
    assert_eq!(place.read("a.opbx"), crooked);
    let mut names: Vec<_> =
        std::fs::read_dir(place.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.opbx", "plan.opbx"]);
}
