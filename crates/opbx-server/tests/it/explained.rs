//! Explanations as machines read them.

use opbx_core::explain::Script;
use opbx_core::language;
use opbx_core::notice::Language;
use opbx_core::plan::compile;
use opbx_server::clock::zones;
use opbx_server::explanation::{Asked, explanation, nothing_known};
use opbx_server::numbering::PhoneNumbers;
use opbx_server::trace_view::ExplanationView;

const PLAN: &str = include_str!("../../../../examples/front-desk.opbx");

fn explained(from: &str, to: &str, script: Script, language: Language) -> ExplanationView {
    let zones = zones();
    let source = language::parse(PLAN, &zones).unwrap().source;
    let numbers = PhoneNumbers::of(source.organization.country);
    let (plan, _) = compile(source, &zones, &numbers);
    let at = "2026-12-24T15:00:00Z".parse().unwrap();
    let asked = Asked { from, to, direction: None, at, script };
    ExplanationView::new(&explanation(&plan, asked, &mut |question| nothing_known(question)), &plan, at, language)
}

#[test]
fn a_call_is_told_step_by_step() {
    let script =
        Script { keys: ["2".parse().unwrap()].into(), results: ["busy"].map(opbx_core::call::DialResult::read).into() };
    insta::assert_json_snapshot!(explained("+14155550123", "(212) 555-0100", script, Language::English));
}

#[test]
fn it_is_told_in_the_readers_language() {
    let view = explained("1001", "1002", Script::default(), Language::Spanish);
    assert_eq!(view.trace[0].because.text, "la extensión 1001 marca 1002");
    assert_eq!(view.ending, "ringing");
}
