//! What a call does: one pure function, the same for live calls, explanations, tests and the lint.
//!
//! Each kind of destination has a file. None of them calls another: an entered destination answers where the call
//! goes next and one loop goes there, so that no configuration, however circular, can recurse; the guards
//! of that loop end every call.

mod announcement;
mod assistant;
mod business_hours;
mod caller_id;
mod classify;
mod conference;
mod emergency;
mod ending;
mod extension;
mod feature;
mod forward;
mod menu;
mod outbound;
mod owner_menu;
mod ring_group;
mod screen;
mod step;
mod target;
mod token;
mod voicemail;

pub use self::business_hours::{HoursAnswer, ask_hours};
pub use self::step::{GroupStep, OwnerPlace, OwnerStep, Passed, Position, Step};
pub(crate) use self::target::Target;
pub use self::token::DecodeError;

use crate::call::{Answer, BoxContents, Call, Question};
use crate::decision::{Action, Decision, Effect, Event, Outcome, OutcomeCode, Routed, Speech};
use crate::extension::Extension;
use crate::id::{ExtensionId, VoicemailBoxId};
use crate::notice::{Notice, Reason};
use crate::plan::RoutingPlan;
use crate::trace::{Because, Node, NotTaken, Params, TraceStep};
use jiff::Timestamp;

/// Destinations entered in one decision; beyond it a call is circular.
pub const MOST_ENTERED_AT_ONCE: u8 = 20;
/// Destinations entered in one call.
pub const MOST_ENTERED: u8 = 60;
/// Forwards in one call.
pub const MOST_FORWARDS: u8 = 3;

/// Decides what a call does now, or asks for what only shared state can tell.
///
/// The same plan, call and instant always give the same answer, and there is always one: whatever is missing,
/// inactive or circular ends in a sentence that the caller hears.
pub fn route<'p>(plan: &'p RoutingPlan, call: &Call, now: Timestamp) -> Routed<'p> {
    let router = Router {
        plan,
        call,
        now,
        passed: call.step.passed,
        entered_now: 0,
        actions: Vec::new(),
        trace: Vec::new(),
        effects: Vec::new(),
        events: Vec::new(),
        outcome: None,
    };
    router.run()
}

/// One decision in the making.
struct Router<'p, 'c> {
    plan: &'p RoutingPlan,
    call: &'c Call,
    now: Timestamp,
    /// What the call has been through; goes into every step that leaves this decision.
    passed: Passed,
    entered_now: u8,
    actions: Vec<Action<'p>>,
    trace: Vec<TraceStep<'p>>,
    effects: Vec<Effect>,
    events: Vec<Event>,
    outcome: Option<Outcome>,
}

/// What follows a step of routing.
enum Go<'p> {
    /// A destination; with the extension whose forward leads there, if one's does.
    Enter(Target<'p>, Option<ExtensionId>),
    /// The decision is complete.
    Done,
    /// Something must be known first.
    Ask(Question),
}

impl<'p> Router<'p, '_> {
    fn run(mut self) -> Routed<'p> {
        let mut go = self.begin();
        loop {
            go = match go {
                Go::Enter(target, forwarder) => self.enter(target, forwarder),
                Go::Ask(question) => return Routed::Asks(question),
                Go::Done => break,
            };
        }
        let outcome = self.outcome.unwrap_or(Outcome { code: OutcomeCode::Hangup, destination: None });
        Routed::Decided(Decision {
            actions: self.actions,
            trace: self.trace,
            effects: self.effects,
            events: self.events,
            outcome,
        })
    }

    /// Takes up the call where it is.
    fn begin(&mut self) -> Go<'p> {
        if let Some(go) = self.refuse_if_suspended() {
            return go;
        }
        match &self.call.step.position {
            Position::Start => self.classify(),
            Position::Extension { extension } => self.after_extension(*extension),
            Position::Forward { by } => self.after_forward(*by),
            Position::Outbound => self.after_outbound(),
            Position::Emergency => self.after_emergency(),
            Position::Group(step) => self.after_group(step),
            Position::Menu { menu, silent } => self.after_menu(*menu, *silent),
            Position::RoomPin { room, tries, silent } => self.after_room_pin(*room, *tries, *silent),
            Position::Room => self.hang_up(Node::call(), Reason::ConferenceOver, vec![]),
            Position::Assistant { assistant } => self.after_assistant(*assistant),
            Position::BoxGreeting { voicemail_box } => self.after_greeting(*voicemail_box),
            Position::BoxMessage { voicemail_box } => self.after_message(*voicemail_box),
            Position::BoxNumber { tries } => self.after_box_number(*tries),
            Position::BoxPin { voicemail_box, tries } => self.after_box_pin(*voicemail_box, *tries),
            Position::Owner(step) => self.after_owner_key(*step),
        }
    }

    /// Enters a destination, unless a guard forbids it.
    fn enter(&mut self, target: Target<'p>, forwarder: Option<ExtensionId>) -> Go<'p> {
        if self.entered_now >= MOST_ENTERED_AT_ONCE || self.passed.entered >= MOST_ENTERED {
            self.events.push(Event::GuardTripped);
            let params = vec![("entered", u32::from(self.passed.entered).into())];
            return self.notice(Node::call(), Reason::GuardTripped, params, Notice::CannotBeCompleted);
        }
        self.entered_now += 1;
        self.passed.entered += 1;
        match target {
            Target::Extension(id) => self.enter_extension(id),
            Target::RingGroup(id) => self.enter_group(id),
            Target::IvrMenu(id) => self.enter_menu(id),
            Target::BusinessHours(id) => self.enter_hours(id),
            Target::ConferenceRoom(id) => self.enter_room(id),
            Target::Voicemail(id) => self.enter_box(id),
            Target::AiAssistant(id) => self.enter_assistant(id),
            Target::Forward(to) => self.enter_forward(to, forwarder),
            Target::Announcement(prompt, then) => self.enter_announcement(prompt, then, forwarder),
            Target::Hangup => self.hang_up(Node::call(), Reason::HangsUp, vec![]),
            Target::Busy => self.busy(),
        }
    }

    /// The active extension that calls; `None` for everybody else.
    fn caller(&self) -> Option<&'p Extension> {
        if self.call.direction.is_from_outside() {
            return None;
        }
        let extension = self.plan.extension_by_number(self.call.from.extension()?)?;
        extension.status.is_active().then_some(extension)
    }

    /// A step that brings the call back to `position` with all it has been through.
    const fn step(&self, position: Position) -> Step {
        Step { position, passed: self.passed }
    }

    /// Adds a step to the trace.
    fn because(&mut self, node: Node<'p>, reason: Reason, params: Params<'p>) {
        self.because_not(node, reason, params, Vec::new());
    }

    /// Adds a step to the trace, with the ways not taken.
    fn because_not(&mut self, node: Node<'p>, reason: Reason, params: Params<'p>, not_taken: Vec<NotTaken<'p>>) {
        self.trace.push(TraceStep { node, because: Because { reason, params }, not_taken });
    }

    /// Says how the decision came out.
    fn comes_out(&mut self, code: OutcomeCode, target: Option<Target<'p>>) {
        self.outcome = Some(Outcome { code, destination: target.map(Target::to_destination) });
    }

    /// Says something; that answers the call.
    fn speak(&mut self, speech: Speech<'p>) {
        self.passed.answered = true;
        self.actions.push(Action::Speak(speech));
    }

    /// The contents of a box, or the question for them.
    fn contents(&self, voicemail_box: VoicemailBoxId) -> Result<Option<&BoxContents>, Question> {
        self.call
            .answers
            .iter()
            .find_map(|answer| match answer {
                Answer::Box { voicemail_box: asked, contents } if *asked == voicemail_box => Some(contents.as_ref()),
                _ => None,
            })
            .ok_or(Question::Box { voicemail_box })
    }
}
