//! What the platform is given.

use crate::support::follow::Played;
use crate::support::scene::{Scene, manners, scenes};
use crate::support::wild::{PASSWORD, PINS};
use cxml::{Response, Verb};
use opbx_core::decision::{Action, CallerId, Dial, DialTarget};
use opbx_core::render::{PlainLinks, render};
use opbx_core::route::Position;
use proptest::prelude::*;

fn document(scene: &Scene, played: &Played<'_>) -> Response {
    render(&played.decision, &scene.plan, &PlainLinks)
}

fn dials<'d>(played: &'d Played<'_>) -> impl Iterator<Item = &'d Dial<'d>> {
    played.decision.actions.iter().filter_map(|action| match action {
        Action::Dial(dial) => Some(dial),
        _ => None,
    })
}

fn dial_verbs(document: &Response) -> Vec<&cxml::Dial> {
    let dials = document.verbs.iter().filter_map(|verb| match verb {
        Verb::Dial(dial) => Some(&**dial),
        _ => None,
    });
    dials.collect()
}

proptest! {
    /// The strict reader takes every document, and reads the very document that was written.
    #[test]
    fn every_document_is_read_back(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            let document = document(&scene, &played);
            for xml in [document.to_xml(), document.to_pretty_xml()] {
                let read = Response::read(&xml);
                prop_assert_eq!(read.as_ref(), Ok(&document), "{}", xml);
            }
        }
    }

    /// Each dial of a decision is a dial of its document, with all its phones, an address for its result and, unless
    /// it is to an emergency number, a limit of time.
    #[test]
    fn every_dial_is_written_whole(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            let document = document(&scene, &played);
            let verbs = dial_verbs(&document);
            prop_assert_eq!(verbs.len(), dials(&played).count());
            for (verb, dial) in verbs.into_iter().zip(dials(&played)) {
                prop_assert!(verb.action.is_some());
                prop_assert_eq!(verb.time_limit.is_none(), dial.then.position == Position::Emergency);
                if let (cxml::DialTarget::Endpoints(written), DialTarget::Phones(phones)) = (&verb.target, &dial.target) {
                    prop_assert_eq!(written.as_slice().len(), phones.len());
                }
            }
        }
    }

    /// No secret of the plan, and no key that a caller pressed, is in a document; but for the password by which an
    /// assistant is signed in to.
    #[test]
    fn no_secret_is_written(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            let xml = document(&scene, &played).to_xml();
            for pin in PINS {
                prop_assert!(!xml.contains(pin), "{}", xml);
            }
            let signs_in = dials(&played).any(|dial| matches!(dial.target, DialTarget::Assistant(_)));
            prop_assert!(signs_in || !xml.contains(PASSWORD), "{}", xml);
        }
    }

    /// Who calls withheld stays so: no document of the call names a number, whoever is dialled. Only help is told where
    /// to call back. And whoever does not withhold a number is named on every dial inside.
    #[test]
    fn a_withheld_caller_stays_withheld(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            let withheld = played.call.from.is_withheld();
            for dial in dials(&played) {
                if dial.then.position == Position::Emergency {
                    continue;
                }
                if withheld {
                    prop_assert_eq!(&dial.caller_id, &CallerId::Unset);
                } else if dial.trunk.is_none() && matches!(dial.then.position, Position::Extension { .. } | Position::Room) {
                    prop_assert_eq!(&dial.caller_id, &CallerId::AsReceived(played.call.from.text.clone()));
                }
            }
            let document = document(&scene, &played);
            for (verb, dial) in dial_verbs(&document).into_iter().zip(dials(&played)) {
                prop_assert_eq!(verb.caller_id.is_none(), dial.caller_id == CallerId::Unset);
            }
        }
    }
}
