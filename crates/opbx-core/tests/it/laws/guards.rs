//! No call goes on for ever, and no document leaves a caller hanging.

use crate::support::follow::{Manners, Played};
use crate::support::scene::{manners, scenes};
use opbx_core::decision::{Action, Decision};
use opbx_core::notice::Reason;
use opbx_core::render::{PlainLinks, render};
use opbx_core::route::{MOST_ENTERED, MOST_ENTERED_AT_ONCE, MOST_FORWARDS, Passed, Step};
use opbx_core::trace::Param;
use proptest::prelude::*;

/// Every step that a decision leaves behind.
fn steps<'d>(decision: &'d Decision<'_>) -> impl Iterator<Item = &'d Step> {
    decision.actions.iter().filter_map(|action| match action {
        Action::Dial(dial) => Some(&dial.then),
        Action::Gather(gather) => Some(&gather.then),
        Action::Record(record) => Some(&record.then),
        Action::Continue(step) => Some(step),
        _ => None,
    })
}

/// What every decision keeps, whatever was before.
fn guarded(played: &Played<'_>) -> Result<(), TestCaseError> {
    let before = played.call.step.passed;
    for Step { passed: Passed { entered, forwards, .. }, .. } in steps(&played.decision) {
        prop_assert!(*entered <= MOST_ENTERED.max(before.entered));
        prop_assert!(entered - before.entered <= MOST_ENTERED_AT_ONCE);
        prop_assert!(*forwards <= MOST_FORWARDS.max(before.forwards));
    }
    for step in played.decision.trace.iter().filter(|step| step.because.reason == Reason::GuardTripped) {
        let [("entered", Param::Count(entered))] = step.because.params[..] else {
            return Err(TestCaseError::fail("a guard says how many were entered"));
        };
        prop_assert!(entered - u64::from(before.entered) <= u64::from(MOST_ENTERED_AT_ONCE));
    }
    Ok(())
}

proptest! {
    /// Whatever people do, the call ends (following it says so), and it enters no more destinations than the guards
    /// allow: twenty in one decision, sixty in all, three of them by forwards.
    #[test]
    fn every_call_ends_within_the_guards(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            guarded(&played)?;
        }
    }

    /// A document says something, and its last word ends the call or says how it goes on.
    #[test]
    fn every_document_has_an_end(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            let actions = &played.decision.actions;
            let last = actions.last();
            let ends = matches!(
                last,
                Some(Action::Dial(_) | Action::Continue(_) | Action::Hangup | Action::Busy | Action::Reject)
            );
            prop_assert!(ends, "{:?}", last);
            // Nothing stands behind an end, where nobody would ever hear it.
            let inner = &actions[..actions.len() - 1];
            let early = inner.iter().find(|action| {
                matches!(action, Action::Dial(_) | Action::Continue(_) | Action::Hangup | Action::Busy | Action::Reject)
            });
            prop_assert_eq!(early, None);
            prop_assert_eq!(render(&played.decision, &scene.plan, &PlainLinks).verbs.len(), actions.len());
        }
    }

    /// A call that was answered by us is never refused as busy: the platform could not do it.
    #[test]
    fn an_answered_call_is_never_refused(scene in scenes()) {
        for played in scene.follow(Manners::NobodyAnswers) {
            let mut answered = played.call.step.passed.answered;
            for action in &played.decision.actions {
                let refuses = matches!(action, Action::Busy | Action::Reject);
                prop_assert!(!(answered && refuses), "{:?}", played.decision.actions);
                answered |= matches!(action, Action::Speak(_) | Action::Gather(_) | Action::Record(_));
            }
        }
    }
}
