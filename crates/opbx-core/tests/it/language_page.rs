//! The reference page is true: every block on it is read, and stands in the form that the formatter gives it.

use jiff::tz::TimeZoneDatabase;
use opbx_core::language::{Problem, format};

const PAGE: &str = include_str!("../../../../docs/plan-language.md");
const EXAMPLE: &str = include_str!("../../../../examples/acme-dental.opbx");

/// What a fragment may refer to, unless it declares it itself.
const PRELUDE: &str = r#"
organization "Acme Dental" US America/New_York
extension 1001 "Alice Ray"
extension 1002 "Bob Hale"
extension 1003 "Carol"
extension 1900 "On call"
extension 1901 "Night"
hours Office
  open -> hangup
  closed -> hangup
holidays "US federal"
group Sales all at once
  1001
menu Front
  say "Hello."
  1 -> hangup
room Board
box Reception
box Sales
prompt Sorry uploaded
prompt Closed uploaded
prompt Hello uploaded
prompt Notice uploaded
assistant Ava sip ava@example.com
number +12125550100 -> hangup
"#;

/// The blocks of the page that are in this language: what stands behind the word `opbx`, the line and the text.
fn blocks() -> Vec<(&'static str, usize, &'static str)> {
    let mut blocks = Vec::new();
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("```opbx") {
        let line = PAGE.len() - rest.len() + before.len();
        let line = PAGE[..line].matches('\n').count() + 1;
        let (sort, body) = after.split_once('\n').expect("a block has lines");
        let (body, after) = body.split_once("```").expect("a block ends");
        blocks.push((sort.trim(), line, body));
        rest = after;
    }
    blocks
}

/// The objects of a text: each with the lines that belong to it.
fn objects(text: &str) -> Vec<String> {
    let mut objects: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match objects.last_mut() {
            Some(object) if line.starts_with(' ') => {
                object.push('\n');
                object.push_str(line);
            }
            _ => objects.push(line.to_owned()),
        }
    }
    objects
}

/// What an object is called: its kind and its name.
fn key(object: &str) -> String {
    let kind = object.split(' ').next().unwrap_or_default();
    let name = object[kind.len()..].trim_start();
    let name = match name.strip_prefix('"') {
        Some(name) => name.split('"').next().unwrap_or_default(),
        None => name.split([' ', '\n']).next().unwrap_or_default(),
    };
    if kind == "organization" { kind.to_owned() } else { format!("{kind} {name}") }
}

fn formatted(text: &str, line: usize) -> String {
    let told = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let zones = TimeZoneDatabase::bundled();
    format(text, &zones).unwrap_or_else(|problems| panic!("the block of line {line}:\n{}\n{text}", told(problems)))
}

#[test]
fn every_block_is_read_and_canonical() {
    let blocks = blocks();
    assert!(blocks.len() >= 12, "the page lost its blocks");
    for (sort, line, block) in blocks {
        if sort != "fragment" {
            assert_eq!(formatted(block, line), block, "the block of line {line}");
            continue;
        }
        let said = objects(block);
        let said_keys: Vec<String> = said.iter().map(|object| key(object)).collect();
        let prelude = objects(PRELUDE).into_iter().filter(|object| !said_keys.contains(&key(object)));
        let text = prelude.chain(said.iter().cloned()).collect::<Vec<_>>().join("\n");
        let printed = objects(&formatted(&text, line));
        for object in said {
            assert!(
                printed.contains(&object),
                "the block of line {line}: expected\n{object}\nin\n{}",
                printed.join("\n")
            );
        }
    }
}

#[test]
fn the_example_is_canonical() {
    assert_eq!(formatted(EXAMPLE, 1), EXAMPLE);
}
