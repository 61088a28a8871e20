//! Silence in a menu comes back by two ways, and both go on the same.

use crate::support::numbering::{FixtureNumbering, party};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::call::{Answer, Call, Direction, Input};
use opbx_core::decision::Action;
use opbx_core::explain::decide;
use opbx_core::language;
use opbx_core::plan::compile;

const PLAN: &str = r#"
organization Acme US America/New_York
extension 1001 "Alice Ray"
menu Front
  say "For Alice press 1."
  1 -> extension 1001
  2 turns
  else -> extension 1001
number +12125550100 -> menu Front
"#;

#[test]
fn the_redirect_behind_a_menu_does_what_its_empty_action_does() {
    let zones = TimeZoneDatabase::bundled();
    let document = language::parse(PLAN, &zones).unwrap();
    let (plan, _) = compile(document.source, &zones, &FixtureNumbering);
    let now: Timestamp = "2026-03-10T14:12:00Z".parse().unwrap();
    let ask = |call: &mut Call| decide(&plan, call, now, &mut |_| Answer::Caps { extension: None, over: None });
    let mut call = Call::new(Direction::Inbound, party("+14155550123", &plan), party("+12125550100", &plan));
    for _ in 0..2 {
        let decision = ask(&mut call);
        let [Action::Gather(gather), Action::Continue(passed_by)] = decision.actions.as_slice() else {
            panic!("not a menu: {:?}", decision.actions);
        };
        let mut by_action = call.clone();
        by_action.step = gather.then.clone();
        by_action.input = Input { keys: Some("".into()), ..Input::default() };
        // Keys that a redirect carries belong to an input before it.
        let mut by_redirect = call.clone();
        by_redirect.step = passed_by.clone();
        by_redirect.input = Input { keys: Some("1".into()), ..Input::default() };
        assert_eq!(ask(&mut by_action), ask(&mut by_redirect));
        call = by_redirect;
    }
}
