//! Who may name what, by the place of a file in the tree.

use super::blank;
use super::files::Source;
use super::paths::{self, Mention};

/// Files below `inside` (but not below `except`) may not name what `never` lists.
struct Rule {
    inside: &'static [&'static str],
    except: &'static [&'static str],
    never: &'static [&'static str],
    reason: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        inside: &["crates/cxml/src/", "crates/opbx-core/src/", "crates/cloudonix/src/webhook/"],
        except: &[],
        never: &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "std::os",
            "std::io::stdin",
            "std::io::stdout",
            "std::io::stderr",
            "std::time::SystemTime",
            "std::time::Instant",
            "SystemTime",
        ],
        reason: "the pure crates do no I/O and read no clock; what they need comes in as an argument",
    },
    Rule {
        inside: &["crates/opbx-server/src/voice/", "crates/opbx-server/src/voice.rs"],
        except: &[],
        never: &["opbx_store"],
        reason: "a call on a warm plan asks no database, so the voice room cannot name one",
    },
    Rule {
        inside: &["crates/opbx-server/src/voice/", "crates/opbx-server/src/voice.rs"],
        except: &[],
        never: &["crate::api"],
        reason: "voice answers the platform, api answers people; neither knows the other",
    },
    Rule {
        inside: &["crates/opbx-server/src/api/", "crates/opbx-server/src/api.rs"],
        except: &[],
        never: &["crate::voice"],
        reason: "voice answers the platform, api answers people; neither knows the other",
    },
    Rule {
        inside: &["crates/"],
        except: &["crates/opbx-server/src/numbering/", "crates/opbx-server/src/numbering.rs"],
        never: &["rlibphonenumber"],
        reason: "only `numbering` turns what people type into numbers",
    },
    Rule {
        inside: &["crates/"],
        except: &["crates/opbx/src/config/", "crates/opbx/src/config.rs"],
        never: &["std::env"],
        reason: "the environment is read in one place, `opbx::config`",
    },
];

/// A sentence for each path that stands where it may not. Tests are free.
pub(super) fn breaches(file: &Source) -> Vec<String> {
    let path = file.path.as_str();
    if is_test(path) || !path.starts_with("crates/") {
        return Vec::new();
    }
    let code = blank::test_modules(&blank::comments_and_strings(&file.text));
    let mentions = paths::mentions(&code, &module_of(path));
    let mut breaches = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.applies_to(path)) {
        for mention in mentions.iter().filter(|mention| rule.forbids(mention)) {
            let sentence = format!("{path}:{}: `{}`: {}.", mention.line, mention.path.join("::"), rule.reason);
            // One path may break two rules; one line for each place and reason is enough.
            if !breaches.contains(&sentence) {
                breaches.push(sentence);
            }
        }
    }
    breaches
}

impl Rule {
    fn applies_to(&self, path: &str) -> bool {
        let under = |places: &[&str]| places.iter().any(|place| path.starts_with(place));
        under(self.inside) && !under(self.except)
    }

    fn forbids(&self, mention: &Mention) -> bool {
        self.never.iter().any(|never| mention.is_within(never))
    }
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.contains("/benches/") || path.ends_with("/tests.rs")
}

/// `crates/opbx-server/src/voice/inbound.rs` is `voice::inbound`.
fn module_of(path: &str) -> Vec<&str> {
    let Some((_, inside)) = path.split_once("/src/") else { return Vec::new() };
    let mut module: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
    if matches!(module.last(), Some(&("mod" | "lib" | "main"))) {
        module.pop();
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        breaches(&Source { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn the_core_reads_no_clock_and_no_file() {
        for line in [
            "use std::fs;",
            "use std::{collections::BTreeMap, time::SystemTime};",
            "let t = SystemTime::now();",
            "std::thread::sleep(pause);",
            "use std::net::TcpStream as Stream;",
            "std::process::exit(1)",
        ] {
            assert!(!check("crates/opbx-core/src/route/mod.rs", line).is_empty(), "{line}");
            assert!(!check("crates/cxml/src/write.rs", line).is_empty(), "{line}");
            assert!(!check("crates/cloudonix/src/webhook/time.rs", line).is_empty(), "{line}");
        }
        assert_eq!(check("crates/opbx-core/src/plan.rs", "use std::{fmt, time::Duration};\n// std::fs\n"), [""; 0]);
    }

    #[test]
    fn a_breach_names_place_path_and_reason() {
        assert_eq!(
            check("crates/opbx-core/src/plan.rs", "use std::fmt;\nuse std::fs::File;\n"),
            ["crates/opbx-core/src/plan.rs:2: `std::fs::File`: \
                the pure crates do no I/O and read no clock; what they need comes in as an argument."]
        );
    }

    #[test]
    fn voice_knows_neither_store_nor_api() {
        let voice = "crates/opbx-server/src/voice/inbound.rs";
        assert_eq!(check(voice, "use opbx_store::Store;").len(), 1);
        assert_eq!(check(voice, "use crate::{api::calls, app::VoiceState};").len(), 1);
        assert_eq!(check(voice, "use super::super::api;").len(), 1);
        assert_eq!(check(voice, "use crate::plans::Plans; use super::replay;"), [""; 0]);
        assert_eq!(check("crates/opbx-server/src/plans.rs", "use opbx_store::Store;"), [""; 0]);
    }

    #[test]
    fn api_does_not_know_voice() {
        let api = "crates/opbx-server/src/api/extensions/update.rs";
        assert_eq!(check(api, "use crate::voice::links;").len(), 1);
        assert_eq!(check(api, "use opbx_store::Store;"), [""; 0]);
        assert_eq!(check("crates/opbx-server/src/jobs/mod.rs", "use crate::{api, voice};"), [""; 0]);
    }

    #[test]
    fn one_room_knows_the_phone_number_library() {
        assert_eq!(check("crates/opbx-server/src/voice/verify.rs", "rlibphonenumber::parse(s)").len(), 1);
        assert_eq!(check("crates/opbx-server/src/numbering.rs", "use rlibphonenumber::parse;"), [""; 0]);
    }

    #[test]
    fn one_room_reads_the_environment() {
        assert_eq!(check("crates/opbx/src/main.rs", "std::env::args()").len(), 1);
        assert_eq!(check("crates/opbx-server/src/app.rs", "use std::{env, sync::Arc};").len(), 1);
        assert_eq!(check("crates/opbx/src/config/mod.rs", "use std::env;"), [""; 0]);
    }

    #[test]
    fn tests_are_free() {
        assert_eq!(check("crates/opbx-core/tests/laws.rs", "use std::fs;"), [""; 0]);
        assert_eq!(check("crates/opbx-core/src/a.rs", "#[cfg(test)]\nmod tests {\n use std::fs;\n}\n"), [""; 0]);
        assert_eq!(check("xtask/src/main.rs", "use std::env;"), [""; 0]);
    }
}
