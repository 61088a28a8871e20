//! House rules for files: their names, their length, and that no test is put to sleep.

use super::blank;
use super::files::Source;

/// A name that fits anything explains nothing.
const EMPTY_NAMES: [&str; 11] =
    ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "service", "services", "utilities"];

/// Where such a word is somebody else's name for a thing.
const FOREIGN_WORDS: [&str; 1] = ["crates/cxml/src/verb/service.rs"]; // `<Service>` is a noun of CXML

/// A longer file holds more than one idea. Tables are data files, read by `include_str!`.
const LONGEST: usize = 600;

pub(super) fn breaches(file: &Source) -> Vec<String> {
    let path = &file.path;
    let mut breaches = Vec::new();
    for name in path.split('/').map(|part| part.trim_end_matches(".rs")) {
        if EMPTY_NAMES.contains(&name) && !FOREIGN_WORDS.contains(&path.as_str()) {
            breaches.push(format!("{path}: `{name}` fits anything and explains nothing; name it after what it does."));
        }
    }
    let lines = file.text.lines().count();
    if lines > LONGEST {
        breaches.push(format!("{path}: {lines} lines; a file holds one idea and at most {LONGEST} lines."));
    }
    for (number, line) in blank::comments_and_strings(&file.text).lines().enumerate() {
        let line = line.trim();
        let number = number + 1;
        if line.starts_with("#[ignore") {
            breaches.push(format!("{path}:{number}: a test that is not run protects nothing; fix it or remove it."));
        }
        let module = line.split_once("mod ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
        if let Some((_, rest)) = module
            && let Some(name) = rest.split([' ', ';', '{']).next()
            && EMPTY_NAMES.contains(&name)
            && rest.contains('{')
        {
            breaches.push(format!("{path}:{number}: a module `{name}` explains nothing; name it after what it does."));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        breaches(&Source { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn names_that_explain_nothing() {
        assert_eq!(check("crates/cxml/src/utils.rs", "").len(), 1);
        assert_eq!(check("crates/opbx-server/src/service/calls.rs", "").len(), 1);
        assert_eq!(check("crates/cxml/src/write.rs", "pub(crate) mod helpers {\n}\n").len(), 1);
        assert_eq!(check("crates/cxml/src/verb/service.rs", ""), [""; 0], "a noun of CXML");
        assert_eq!(check("crates/cxml/src/utility_meter.rs", "mod escaping {}\n// mod util {}\n"), [""; 0]);
    }

    #[test]
    fn files_that_are_too_long() {
        assert_eq!(check("a.rs", &"\n".repeat(600)), [""; 0]);
        assert_eq!(check("a.rs", &"\n".repeat(601)), ["a.rs: 601 lines; a file holds one idea and at most 600 lines."]);
    }

    #[test]
    fn tests_that_are_put_to_sleep() {
        assert_eq!(check("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn law() {}\n").len(), 1);
        assert_eq!(check("a.rs", "// #[ignore]\n"), [""; 0]);
    }
}
