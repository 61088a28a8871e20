//! From a decision to a document. Pure: the addresses in it come from the shell's [`Links`].

mod dial;
mod plain_links;
mod speech;

pub use self::plain_links::PlainLinks;

use self::speech::Tongue;
use crate::decision::{Action, Decision, Gather, Record, Recorded};
use crate::id::{ConferenceRoomId, MessageId};
use crate::notice::{Language, Notice};
use crate::plan::RoutingPlan;
use crate::prompt::Prompt;
use crate::region::LanguageTag;
use crate::route::Step;
use crate::text::Voice;
use std::num::NonZeroU32;

/// The addresses of a document. The shell knows its own address and signs what the platform brings back.
pub trait Links {
    /// Where the platform asks for the document of this step.
    fn step(&self, step: &Step) -> cxml::Url;

    /// Where the platform reports a recording.
    fn recording(&self, what: Recorded, then: Option<&Step>) -> cxml::Url;

    /// Where the platform reports what happens in a conference.
    fn conference(&self, room: ConferenceRoomId) -> cxml::Url;

    /// Where the platform fetches the file of a prompt, which [`Prompt::sound`] tells.
    fn prompt(&self, prompt: &Prompt) -> cxml::Url;

    /// Where the platform fetches a message left in a box.
    fn message(&self, message: MessageId) -> cxml::Url;
}

/// The document that carries out a decision.
pub fn render(decision: &Decision<'_>, plan: &RoutingPlan, links: &dyn Links) -> cxml::Response {
    let renderer = Renderer { plan, links };
    decision.actions.iter().map(|action| renderer.verb(action)).collect()
}

/// The document that says a sentence and ends the call: what can be said also where there is no decision, and no plan.
pub fn last_words(notice: Notice, language: &LanguageTag, voice: Option<&Voice>) -> cxml::Response {
    let say = Tongue { ours: Language::of(language), tag: language, voice }.notice(notice, &[]);
    [say.into(), cxml::Hangup.into()].into_iter().collect()
}

struct Renderer<'a> {
    plan: &'a RoutingPlan,
    links: &'a dyn Links,
}

impl Renderer<'_> {
    fn verb(&self, action: &Action<'_>) -> cxml::Verb {
        match action {
            Action::Speak(speech) => self.speech(speech).into(),
            Action::Dial(dial) => self.dial(dial),
            Action::Gather(gather) => self.gather(gather).into(),
            Action::Record(record) => self.record(record).into(),
            Action::Stream(assistant) => dial::stream(assistant),
            Action::Continue(step) => cxml::Redirect::to(self.links.step(step)).into(),
            Action::Hangup => cxml::Hangup.into(),
            Action::Busy => cxml::Reject::because(cxml::RejectReason::Busy).into(),
            Action::Reject => cxml::Reject::new().into(),
        }
    }

    fn gather(&self, gather: &Gather<'_>) -> cxml::Gather {
        let mut verb = cxml::Gather::new();
        verb.prompts = gather.prompts.iter().map(|speech| self.speech(speech)).collect();
        verb.input = Some(cxml::GatherInput::Dtmf);
        verb.num_digits = gather.num_digits.and_then(NonZeroU32::new);
        verb.max_timeout = Some(gather.first_key);
        verb.timeout = gather.next_key;
        verb.finish_on_key = Some(if gather.ends_with_hash {
            cxml::FinishOnKey::Key(cxml::Key::HASH)
        } else {
            cxml::FinishOnKey::Never
        });
        verb.action_on_empty_result = gather.silence_returns.then_some(true);
        verb.action = Some(self.links.step(&gather.then));
        verb
    }

    fn record(&self, record: &Record) -> cxml::Record {
        let mut verb = cxml::Record::new();
        verb.max_length = Some(record.max_length);
        verb.play_beep = Some(true);
        verb.finish_on_key = Some([cxml::Key::HASH].into_iter().collect());
        verb.action = Some(self.links.step(&record.then));
        verb.recording_status_callback = Some(self.links.recording(record.what, None));
        verb
    }
}
