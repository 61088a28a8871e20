//! Which crate of the workspace may depend on which.

use serde_json::Value;

/// A crate and what it may depend on; `in_tests` comes on top for its dev-dependencies.
struct Arrows {
    from: &'static str,
    to: &'static [&'static str],
    in_tests: &'static [&'static str],
}

/// All arrows point inward, to the pure crates. A new arrow is an architecture decision: say why in ARCHITECTURE.md.
const ALLOWED: &[Arrows] = &[
    Arrows { from: "cxml", to: &[], in_tests: &[] },
    Arrows { from: "opbx-core", to: &["cxml"], in_tests: &[] },
    Arrows { from: "cloudonix", to: &[], in_tests: &[] },
    // An independent oracle: it may not see OPBX, not even in its tests.
    Arrows { from: "cloudonix-sim", to: &["cloudonix", "cxml"], in_tests: &[] },
    Arrows { from: "opbx-store", to: &["opbx-core"], in_tests: &["test-servers"] },
    Arrows {
        from: "opbx-server",
        to: &["opbx-store", "opbx-core", "cloudonix", "cxml"],
        in_tests: &["cloudonix-sim", "test-servers"],
    },
    Arrows { from: "opbx", to: &["opbx-server", "opbx-core"], in_tests: &["cloudonix-sim", "test-servers"] },
    // Measures from outside, and the stack of its floor may have no feature that the server does not ask for.
    Arrows { from: "voice-bench", to: &[], in_tests: &[] },
    // Has the store make what it then copies.
    Arrows { from: "scale-bench", to: &["opbx-store", "opbx-core"], in_tests: &[] },
    // Starts what tests ask, and knows nothing of who asks.
    Arrows { from: "test-servers", to: &[], in_tests: &[] },
    Arrows { from: "xtask", to: &[], in_tests: &[] },
];

/// One line of a `Cargo.toml`: a crate of ours asks for another crate of ours.
#[derive(Debug, PartialEq)]
pub(super) struct Dependency {
    from: String,
    to: String,
    in_tests: bool,
}

/// The crates of the workspace, and the dependencies among them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Workspace {
    crates: Vec<String>,
    dependencies: Vec<Dependency>,
}

/// Reads what `cargo metadata --no-deps` prints.
pub(super) fn read(metadata: &str) -> Result<Workspace, String> {
    let metadata: Value = serde_json::from_str(metadata).map_err(|fault| format!("cargo metadata: {fault}"))?;
    let mut workspace = Workspace::default();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let from = text(&package["name"]);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // A dependency with a path is ours.
            if dependency["path"].is_string() {
                let (to, in_tests) = (text(&dependency["name"]), dependency["kind"] == "dev");
                workspace.dependencies.push(Dependency { from: from.clone(), to, in_tests });
            }
        }
        workspace.crates.push(from);
    }
    if workspace.crates.is_empty() {
        return Err("cargo metadata names no crate.".to_owned());
    }
    Ok(workspace)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A sentence for each crate or arrow that the table does not have.
pub(super) fn breaches(workspace: &Workspace) -> Vec<String> {
    let unknown = workspace.crates.iter().filter(|name| allowed(name).is_none()).map(|name| {
        format!(
            "The crate `{name}` has no line in the table of arrows (xtask/src/layers/arrows.rs): give it its place."
        )
    });
    let wrong =
        workspace.dependencies.iter().filter(|arrow| !is_allowed(arrow)).map(|Dependency { from, to, in_tests }| {
            let where_ = if *in_tests { " even in its tests" } else { "" };
            format!("`{from}` may not depend on `{to}`{where_}: arrows point inward.")
        });
    unknown.chain(wrong).collect()
}

fn allowed(name: &str) -> Option<&'static Arrows> {
    ALLOWED.iter().find(|arrows| arrows.from == name)
}

fn is_allowed(arrow: &Dependency) -> bool {
    let to = arrow.to.as_str();
    allowed(&arrow.from).is_none_or(|arrows| arrows.to.contains(&to) || arrow.in_tests && arrows.in_tests.contains(&to))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One crate with one dependency of ours, as cargo prints it.
    fn metadata(from: &str, to: &str, kind: &str) -> String {
        format!(
            r#"{{"packages": [{{"name": "{from}", "dependencies": [
                {{"name": "{to}", "kind": {kind}, "path": "/opbx/crates/{to}"}},
                {{"name": "serde", "kind": null}}
            ]}}]}}"#
        )
    }

    fn check(from: &str, to: &str, kind: &str) -> Vec<String> {
        breaches(&read(&metadata(from, to, kind)).unwrap())
    }

    #[test]
    fn inward_is_allowed() {
        assert_eq!(check("opbx-server", "opbx-core", "null"), [""; 0]);
        assert_eq!(check("opbx-core", "cxml", "null"), [""; 0]);
    }

    #[test]
    fn outward_is_not() {
        assert_eq!(
            check("opbx-core", "opbx-server", "null"),
            ["`opbx-core` may not depend on `opbx-server`: arrows point inward."]
        );
        assert_eq!(check("cxml", "opbx-core", r#""build""#).len(), 1);
        assert_eq!(check("opbx", "opbx-store", "null").len(), 1, "the binary reaches the store through the server");
    }

    #[test]
    fn the_simulator_is_for_tests_and_sees_nothing_of_opbx() {
        assert_eq!(check("opbx-server", "cloudonix-sim", r#""dev""#), [""; 0]);
        assert_eq!(check("opbx-server", "cloudonix-sim", "null").len(), 1);
        assert_eq!(
            check("cloudonix-sim", "opbx-core", r#""dev""#),
            ["`cloudonix-sim` may not depend on `opbx-core` even in its tests: arrows point inward."]
        );
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        let breaches = check("opbx-extras", "opbx-core", "null");
        assert!(breaches[0].starts_with("The crate `opbx-extras` has no line"), "{breaches:?}");
    }

    #[test]
    fn an_answer_that_is_no_metadata_is_not_silence() {
        assert!(read("{}").is_err());
        assert!(read("error").is_err());
    }
}
