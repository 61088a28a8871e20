//! The Rust files of the tree.

use std::fs;
use std::path::Path;

/// A file by its path from the root, with `/` on every system.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

/// Where Rust is kept. `fuzz` is not a member of the workspace but keeps the same rules.
const FOLDERS: [&str; 5] = ["benches", "crates", "tests", "xtask", "fuzz"];

pub(super) fn sources(root: &Path) -> Result<Vec<Source>, String> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        if root.join(folder).is_dir() {
            walk(root, folder, &mut found)?;
        }
    }
    if found.is_empty() {
        return Err("There is no Rust file to check.".to_owned());
    }
    Ok(found)
}

fn walk(root: &Path, folder: &str, found: &mut Vec<Source>) -> Result<(), String> {
    let unreadable = |fault: std::io::Error| format!("{folder}: {fault}");
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(unreadable)? {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for name in names {
        let path = format!("{folder}/{name}");
        let file = root.join(&path);
        if file.is_dir() {
            if name != "target" && !name.starts_with('.') {
                walk(root, &path, found)?;
            }
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&file).map_err(|fault| format!("{path}: {fault}"))?;
            found.push(Source { path, text });
        }
    }
    Ok(())
}
