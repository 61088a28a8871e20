//! The rule book: every page of docs/routing/ holds rules in words, plans with calls, and what comes of them.
//!
//! Each `opbx` block is followed by a `text` block with the answer; a different answer fails with both beside each
//! other. `OPBX_BLESS=1` writes the answers into the pages instead; then read the diff.

use crate::support::numbering::{FixtureNumbering, party};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::call::{Answer, BoxContents, BoxMessage, Call, DialResult, Direction, OverCap, Question};
use opbx_core::explain::{Ending, Script, decision_story, explain, outcome_line};
use opbx_core::id::MessageId;
use opbx_core::language::{self, FixtureCall};
use opbx_core::plan::{RoutingPlan, compile};
use opbx_core::render::{PlainLinks, render};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A plan that does not name its organization belongs to this one.
const ORGANIZATION: &str = "organization Acme US America/New_York\n";
/// A call that does not name its moment happens on this Tuesday morning.
const MOMENT: &str = "2026-03-10T14:12:00Z";

#[test]
fn the_pages_say_what_routing_does() {
    let blessing = std::env::var_os("OPBX_BLESS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let (fresh, calls) = answered(&text, &page);
        count += calls;
        if fresh == text {
            continue;
        }
        if blessing {
            std::fs::write(&page, fresh).unwrap();
        } else {
            let _ = writeln!(wrong, "{}:\n{}", page.display(), first_difference(&text, &fresh));
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nIf this is what routing should do: OPBX_BLESS=1 cargo test -p opbx-core --test it rules"
    );
    assert!(count > 0, "no page holds a call");
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/routing");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// The page with fresh answers, and how many calls it holds.
fn answered(page: &str, path: &Path) -> (String, usize) {
    let mut fresh = String::new();
    let mut rest = page;
    let mut count = 0;
    while let Some((before, after)) = rest.split_once("```opbx\n") {
        let (block, after) =
            after.split_once("```\n").unwrap_or_else(|| panic!("{}: a block does not end", path.display()));
        let _ = write!(fresh, "{before}```opbx\n{block}```\n");
        let (answer, calls) = answer_to(block, path);
        count += calls;
        let _ = write!(fresh, "\n```text\n{answer}```\n");
        rest = match after.strip_prefix("\n```text\n") {
            Some(old) => old.split_once("```\n").map_or("", |(_, rest)| rest),
            None => after,
        };
    }
    fresh.push_str(rest);
    (fresh, count)
}

fn answer_to(block: &str, path: &Path) -> (String, usize) {
    let zones = TimeZoneDatabase::bundled();
    let named = block.lines().any(|line| line.starts_with("organization "));
    let text = if named { block.to_owned() } else { format!("{ORGANIZATION}{block}") };
    let document = language::parse(&text, &zones).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}: this plan is wrong:\n{block}\n{}", path.display(), problems.join("\n"))
    });
    let (plan, warnings) = compile(document.source, &zones, &FixtureNumbering);
    let mut answer = String::new();
    for warning in warnings {
        let _ = writeln!(answer, "warning: {} “{}”: {}", warning.kind.word(), warning.name, warning.problem);
    }
    for call in &document.calls {
        if !answer.is_empty() {
            answer.push('\n');
        }
        answer.push_str(&told(&plan, call));
    }
    (answer, document.calls.len())
}

/// One call, told: who calls whom, every decision's reasons and document, and how it ends.
fn told(plan: &RoutingPlan, fixture: &FixtureCall) -> String {
    let from = party(&fixture.from, plan);
    let to = party(&fixture.to, plan);
    let own = from.extension().and_then(|number| plan.extension_by_number(number)).is_some();
    let usual = if own { Direction::Subscriber } else { Direction::Inbound };
    let mut call = Call::new(fixture.direction.as_deref().map_or(usual, Direction::read), from, to);
    call.caller_name = fixture.name.as_deref().map(Into::into);
    let now = fixture.at.unwrap_or_else(|| MOMENT.parse::<Timestamp>().unwrap());
    let script = Script {
        keys: fixture.keys.iter().map(|keys| keys.clone().unwrap_or_default()).collect(),
        results: fixture.results.iter().map(|word| DialResult::read(word)).collect(),
    };
    let explanation = explain(plan, call, now, script, &mut |question| answered_by(fixture, plan, question));

    let language = plan.language();
    let mut story = format!("{} -> {}\n", fixture.from, fixture.to);
    for decision in &explanation.decisions {
        for line in decision_story(decision, language).lines() {
            let _ = writeln!(story, "  {line}");
        }
        let document = render(decision, plan, &PlainLinks).to_pretty_xml();
        for line in document.lines() {
            if !line.starts_with("<?xml") && !line.contains("Response>") {
                let _ = writeln!(story, "    {}", line.strip_prefix("  ").unwrap_or(line));
            }
        }
        for effect in &decision.effects {
            let _ = writeln!(story, "    effect: {effect:?}");
        }
        for event in &decision.events {
            let _ = writeln!(story, "    event: {event:?}");
        }
    }
    let ending = match explanation.ending {
        Ending::Over => "",
        Ending::Ringing => ", ringing",
        Ending::AwaitingKeys => ", waiting for keys",
        Ending::Recording => ", recording",
    };
    let outcome = explanation.decisions.last().map(|decision| outcome_line(&decision.outcome)).unwrap_or_default();
    let _ = writeln!(story, "  = {outcome}{ending}");
    story
}

/// The answers that a fixture gives; the quiet ones where it says nothing.
fn answered_by(fixture: &FixtureCall, plan: &RoutingPlan, question: Question) -> Answer {
    let said = fixture.answers;
    match question {
        Question::Turn { group } => Answer::Turn { group, turn: said.turn.unwrap_or(0) },
        Question::Caps { extension, .. } => {
            // A call of no extension can only be over the organization's limit.
            let of_extension = extension.is_some();
            Answer::Caps { extension, over: said.over.map(|cap| OverCap { cap, of_extension }) }
        }
        Question::Box { voicemail_box } => {
            let most = plan.voicemail_box(voicemail_box).map_or(0, |row| row.max_messages.get());
            let (new, saved) = if said.box_full { (most, 0) } else { said.box_messages.unwrap_or_default() };
            // The saved ones came before the new ones.
            let messages = (1..=new + saved).map(|id| BoxMessage { id: MessageId::new(id.into()), new: id > saved });
            let contents = BoxContents { messages: messages.collect(), locked: said.box_locked };
            Answer::Box { voicemail_box, contents: Some(contents) }
        }
    }
}

/// The first line that differs, with a few around it.
fn first_difference(old: &str, new: &str) -> String {
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let around = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(same.saturating_sub(3)).take(12).collect();
        lines.join("\n")
    };
    format!("line {}:\n--- the page\n{}\n--- routing\n{}", same + 1, around(old), around(new))
}
