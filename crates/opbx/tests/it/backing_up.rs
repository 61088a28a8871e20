//! `opbx backup` and `opbx restore`.

use crate::installation::serve;
use crate::organizations::{ACME, other};
use crate::program::{Place, Ran};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// An installation with two organizations, one of them with a phone system.
fn installed(name: &str) -> Place {
    let place = Place::new(name);
    for words in [&ACME[..], &other("other", "bob@other.example")] {
        assert_eq!(place.run_words(words).code, Some(0));
    }
    let applied = place.run("apply plan.opbx --org acme-dental");
    assert_eq!((applied.code, applied.errors.as_str()), (Some(0), ""));
    place
}

/// Everything that commands say of an installation.
fn told(place: &Place, data: &str) -> String {
    let all = ["org list", "export --org acme-dental", "export --org other"].map(|words| {
        let Ran { code, output, errors } = place.run(&format!("{words} --data-dir {data}"));
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{words}");
        output
    });
    all.concat()
}

fn files(place: &Place, folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(place.path(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Takes a backup apart, lets `change` at its files, and puts it together again with these members.
fn altered(place: &Place, backup: &str, members: &str, change: impl FnOnce(&Path)) -> String {
    let folder = place.path("apart");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).unwrap();
    let tar = |words: &str| {
        let ran = Command::new("tar").current_dir(&folder).args(words.split_whitespace()).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    tar(&format!("-xzf ../{backup}"));
    change(&folder);
    tar(&format!("-czPf ../altered.tar.gz {members}"));
    "altered.tar.gz".to_owned()
}

#[test]
fn a_backup_is_a_private_file_and_a_new_machine() {
    let place = installed("backup-whole");
    let Ran { code, output: said, errors } = place.run("backup opbx.tar.gz");
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let tables = said.strip_prefix("opbx.tar.gz: ").and_then(|rest| rest.split_once(" tables, ")).unwrap().0;
    assert!(said.ends_with("The secret key is in it: whoever has the file can read every secret.\n"), "{said}");
    assert_eq!(std::fs::metadata(place.path("opbx.tar.gz")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(files(&place, "."), ["data", "opbx.tar.gz", "plan.opbx"], "nothing else is left");
    assert_eq!(files(&place, "data"), ["opbx.db", "opbx.lock", "secret.key"]);

    // What is there is not overwritten.
    let Ran { code, errors, .. } = place.run("backup opbx.tar.gz");
    assert_eq!((code, errors.as_str()), (Some(1), "There is a file opbx.tar.gz already; --force replaces it.\n"));
    assert_eq!(place.run("backup opbx.tar.gz --force").code, Some(0));

    let Ran { code, output, errors } = place.run("restore opbx.tar.gz --data-dir new");
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let again = format!("Restored {tables} tables with ");
    assert!(output.starts_with(&again), "{output}");
    assert!(output.ends_with("The secret key was in the backup.\n"), "{output}");
    assert_eq!(files(&place, "new"), ["opbx.db", "opbx.lock", "secret.key"]);
    for file in ["new/opbx.db", "new/secret.key"] {
        assert_eq!(std::fs::metadata(place.path(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    assert_eq!(told(&place, "new"), told(&place, "data"));
    let serving = serve(&place, "--data-dir new");
    assert!(serving.get("/health").contains(r#""database":{"status":"ok""#));
}

#[test]
fn a_backup_is_made_beside_a_server_and_restored_beside_none() {
    let place = installed("backup-serving");
    let serving = serve(&place, "");
    assert_eq!(place.run("backup opbx.tar.gz").code, Some(0));
    for words in ["restore opbx.tar.gz", "restore opbx.tar.gz --force"] {
        let Ran { code, errors, .. } = place.run(words);
        let expected = format!("The data directory data is in use by the process {}.\n", serving.pid());
        assert_eq!((code, errors), (Some(1), expected));
    }
    assert!(serving.get("/health").contains(r#""database":{"status":"ok""#));
    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));

    // What is there stays, unless it is moved aside.
    place.run_words(&other("third", "eve@third.example"));
    let before = told(&place, "data") + &place.run("export --org third").output;
    let Ran { code, errors, .. } = place.run("restore opbx.tar.gz");
    let expected = "There is a file data/opbx.db already; --force moves it to a folder `retired-…` first.\n";
    assert_eq!((code, errors.as_str()), (Some(1), expected));
    let Ran { code, output, errors } = place.run("restore opbx.tar.gz --force");
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let retired = output.lines().last().unwrap().strip_prefix("What was there before is in ").unwrap();
    let retired = retired.strip_suffix('.').unwrap();
    assert!(retired.starts_with("data/retired-2"), "{retired}");
    assert_eq!(place.run("export --org third").errors, "There is no organization `third`.\n");
    std::fs::copy(place.path("data/secret.key"), place.path(retired).join("secret.key")).unwrap();
    assert_eq!(told(&place, retired) + &place.run(&format!("export --org third --data-dir {retired}")).output, before);
}

#[test]
fn a_backup_without_its_key_needs_that_key() {
    let place = installed("backup-key");
    let Ran { code, output, .. } = place.run("backup opbx.tar.gz --no-secret");
    assert_eq!(code, Some(0));
    assert!(output.contains("The secret key is not in it: keep it elsewhere"), "{output}");
    let key = place.read("data/secret.key").trim().to_owned();
    assert!(!gunzipped(&place, "opbx.tar.gz").windows(key.len()).any(|part| part == key.as_bytes()));

    let refused = |command: &mut Command| {
        let Ran { code, output, errors } = Ran::of(command);
        assert_eq!((code, output.as_str()), (Some(1), ""));
        assert_eq!(files(&place, "new"), ["opbx.lock"], "nothing was restored");
        errors
    };
    let restore = || place.opbx("restore opbx.tar.gz --data-dir new");
    assert_eq!(
        refused(&mut restore()),
        "The backup holds no secret key, and there is none here; set OPBX_SECRET_KEY to the one that it was made with.\n"
    );
    let another = "another secret of at least thirty-two characters";
    assert_eq!(
        refused(restore().env("OPBX_SECRET_KEY", another)),
        "The secrets in the backup were sealed with another secret key than the one that is set.\n"
    );
    let Ran { code, output, .. } = Ran::of(restore().env("OPBX_SECRET_KEY", &key));
    assert_eq!(code, Some(0));
    assert!(output.ends_with("The secret key is the one that is set.\n"), "{output}");
    assert_eq!(files(&place, "new"), ["opbx.db", "opbx.lock"]);
}

#[test]
fn a_backup_that_is_not_whole_changes_nothing() {
    let place = installed("backup-broken");
    assert_eq!(place.run("backup opbx.tar.gz").code, Some(0));
    let refused = |backup: &str, why: &str| {
        let Ran { code, output, errors } = place.run(&format!("restore {backup} --data-dir new"));
        assert_eq!((code, output.as_str()), (Some(1), ""), "{backup}");
        assert!(
            errors.starts_with(&format!("The backup {backup} cannot be used: ")) && errors.contains(why),
            "{errors}"
        );
        assert_eq!(files(&place, "new"), ["opbx.lock"], "{errors}");
    };
    refused("nowhere.tar.gz", "No such file");
    refused("plan.opbx", "it is no backup of OPBX");
    let whole = std::fs::read(place.path("opbx.tar.gz")).unwrap();
    let broken = |name: &str, bytes: &[u8]| std::fs::File::create(place.path(name)).unwrap().write_all(bytes).unwrap();
    for cut in [20, whole.len() / 2, whole.len() - 5] {
        broken("cut.tar.gz", &whole[..cut]);
        refused("cut.tar.gz", "cut off or changed");
    }
    for at in [whole.len() / 3, whole.len() / 2, whole.len() - 6] {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        broken("changed.tar.gz", &changed);
        refused("changed.tar.gz", "");
    }

    let members = "manifest.json opbx.db secret.key";
    let row = altered(&place, "opbx.tar.gz", members, |folder| {
        let database = folder.join("opbx.db");
        let mut bytes = std::fs::read(&database).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&database, bytes).unwrap();
    });
    refused(&row, "its `opbx.db` is not what was backed up: the checksum differs");
    refused(&altered(&place, "opbx.tar.gz", "manifest.json opbx.db", |_| ()), "`secret.key` is missing");
    refused(&altered(&place, "opbx.tar.gz", "opbx.db secret.key", |_| ()), "it does not begin with a manifest");
    let twice = "manifest.json opbx.db secret.key secret.key --hard-dereference";
    refused(&altered(&place, "opbx.tar.gz", twice, |_| ()), "it holds what no backup holds: secret.key");
    let newer = altered(&place, "opbx.tar.gz", members, |folder| {
        replace(&folder.join("manifest.json"), "\"format\": 2", "\"format\": 3");
    });
    refused(&newer, "it was written by a newer OPBX (");

    let unlike = |from: &str, to: &str, why: &str| {
        let altered =
            altered(&place, "opbx.tar.gz", members, |folder| replace(&folder.join("manifest.json"), from, to));
        let Ran { code, errors, .. } = place.run(&format!("restore {altered} --data-dir new"));
        assert!(code == Some(1) && errors.contains(why), "{errors}");
        assert_eq!(files(&place, "new"), ["opbx.lock"]);
    };
    let counted = "The restored database is not what was backed up: `organizations` has 2 rows instead of 3.";
    unlike("\"organizations\": 2", "\"organizations\": 3", counted);
    unlike("\"organizations\": 2,", "", "it has other tables");
    let newer = "The backup was made by the newer OPBX 9.0.0: this one does not know m0099_later.";
    let (step, version) = ("\"m0003_plan_parts\"", concat!("\"", env!("CARGO_PKG_VERSION"), "\""));
    let altered = altered(&place, "opbx.tar.gz", members, |folder| {
        let manifest = folder.join("manifest.json");
        replace(&manifest, step, &format!("{step}, \"m0099_later\""));
        replace(&manifest, version, "\"9.0.0\"");
    });
    let Ran { code, errors, .. } = place.run(&format!("restore {altered} --data-dir new"));
    assert_eq!((code, errors), (Some(1), format!("{newer}\n")));
}

#[test]
fn no_name_in_a_backup_leads_out_of_its_place() {
    let place = installed("backup-paths");
    assert_eq!(place.run("backup opbx.tar.gz").code, Some(0));
    let members = "manifest.json opbx.db secret.key";
    for (what, prepare) in [
        ("../escaped", "../escaped"),
        ("/escaped", "/escaped"),
        ("data/../../escaped", "a/../../escaped"),
        ("opbx.lock", "opbx.lock"),
        ("audio/../escaped", "audio/../escaped"),
        ("audio/1/../../escaped", "audio/1/../../escaped"),
    ] {
        // A name is given to a harmless file by tar itself.
        let rename = format!("{members} harmless --transform=s,^harmless$,{prepare},");
        let altered = altered(&place, "opbx.tar.gz", &rename, |folder| {
            std::fs::write(folder.join("harmless"), "escaped").unwrap();
            // Also where the manifest names it.
            let listed = format!("\"members\": [{{\"name\": \"{prepare}\", \"bytes\": 7, \"sha256\": \"\"}},");
            replace(&folder.join("manifest.json"), "\"members\": [", &listed);
        });
        let Ran { code, errors, .. } = place.run(&format!("restore {altered} --data-dir new"));
        assert!(code == Some(1) && errors.contains("it holds what no backup holds: "), "{what}: {errors}");
        assert_eq!(files(&place, "new"), ["opbx.lock"]);
        assert!(!place.path("escaped").exists() && !place.path("../escaped").exists(), "{what}");
    }
    // A link in the place of a member is no file.
    let link = altered(&place, "opbx.tar.gz", members, |folder| {
        std::fs::remove_file(folder.join("secret.key")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.join("secret.key")).unwrap();
    });
    let Ran { code, errors, .. } = place.run(&format!("restore {link} --data-dir new"));
    assert!(code == Some(1) && errors.contains("it holds what no backup holds: secret.key"), "{errors}");
}

#[test]
fn a_database_on_a_server_is_left_to_its_own_tools() {
    let place = Place::new("backup-server");
    let database = "mysql://opbx:hush@127.0.0.1:1/opbx";
    let Ran { code, errors, .. } = place.run(&format!("backup opbx.tar.gz --database-url {database}"));
    assert_eq!(code, Some(1));
    assert!(errors.contains("mariadb-dump --single-transaction") && !errors.contains("hush"), "{errors}");
    let Ran { code, errors, .. } = place.run(&format!("restore opbx.tar.gz --database-url {database}"));
    assert!(code == Some(1) && errors.contains("load a dump there with its own tools"), "{errors}");
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(file, text.replacen(from, to, 1)).unwrap();
}

fn gunzipped(place: &Place, file: &str) -> Vec<u8> {
    let ran = Command::new("gzip").arg("-dc").arg(place.path(file)).stderr(Stdio::inherit()).output().unwrap();
    assert!(ran.status.success());
    ran.stdout
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    let place = installed("backup-moment");
    let writers: Vec<_> = ["one", "two", "three", "four", "five"]
        .into_iter()
        .map(|slug| {
            let mut command = place.opbx("");
            let mail = format!("owner@{slug}.example");
            let words: Vec<&str> = other("slug", "mail")
                .into_iter()
                .map(|word| match word {
                    "slug" => slug,
                    "mail" => &mail,
                    word => word,
                })
                .collect();
            command.args(words).stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for number in 0..4 {
        assert_eq!(place.run(&format!("backup {number}.tar.gz")).code, Some(0));
    }
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    for number in 0..4 {
        let Ran { code, errors, .. } = place.run(&format!("restore {number}.tar.gz --data-dir {number}"));
        assert_eq!((code, errors.as_str()), (Some(0), ""));
        // Whoever is there is there whole.
        let listed = place.run(&format!("org list --data-dir {number}"));
        let listed: serde_json::Value = serde_json::from_str(&listed.output).unwrap();
        assert!((2..=7).contains(&listed.as_array().unwrap().len()));
        for organization in listed.as_array().unwrap() {
            let named = organization["slug"].as_str().unwrap();
            assert_eq!(place.run(&format!("export --org {named} --data-dir {number}")).code, Some(0), "{named}");
        }
    }
}
