//! What happened in a call, in the order of time.

use super::super::answer::instant;
use super::mask::Numbers;
use super::trace::DecisionView;
use jiff::Timestamp;
use opbx_core::call_log::LegResult;
use opbx_core::call_state::{CallStatus, Ending, Progress};
use opbx_core::notice::Language;
use opbx_store::{KeptCall, KeptLeg, WholeCall};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Something that happened in a call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMoment)]
pub(super) struct MomentView {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// `initiated`, `decision`, `leg_started`, `ringing`, `answered`, `leg_answered`, `leg_ended`, `ended` or `returned`.
    #[schema(example = "leg_started")]
    kind: &'static str,
    /// What to say of it, in the organization's language.
    text: String,
    /// What the sentence says, for machines.
    #[schema(value_type = Object)]
    data: Value,
}

/// In the order in which they happen where the clock does not tell.
const KINDS: [&str; 9] =
    ["initiated", "decision", "leg_started", "ringing", "answered", "leg_answered", "leg_ended", "ended", "returned"];

/// The moments of a call.
pub(super) fn timeline(
    whole: &WholeCall,
    decisions: &[DecisionView],
    language: Language,
    numbers: Numbers,
) -> Vec<MomentView> {
    let teller = Teller { language, numbers };
    let mut moments = teller.course(&whole.call, &whole.reached);
    moments.extend(decisions.iter().map(decided));
    moments.extend(whole.call.legs.iter().flat_map(|leg| teller.leg(leg)));
    // Instants are written with as many digits each, so their texts are in their order.
    moments.sort_by_key(|moment| (moment.at.clone(), KINDS.iter().position(|kind| *kind == moment.kind)));
    moments
}

/// For whom it is told.
#[derive(Clone, Copy)]
struct Teller {
    language: Language,
    numbers: Numbers,
}

impl Teller {
    /// The call itself: how far it came, and its end.
    fn course(self, call: &KeptCall, reached: &[(Progress, Timestamp)]) -> Vec<MomentView> {
        let told = |progress| reached.iter().find(|(come, _)| *come == progress).map(|(_, at)| *at);
        let began = told(Progress::Initiated).map_or(call.initiated_at, |at| at.min(call.initiated_at));
        let say = |english: &str, spanish: &str| self.say(english, spanish).to_owned();
        let (from, to) = (self.numbers.shown(&call.from_number), self.numbers.shown(&call.to_number));
        let text = match self.language {
            Language::English => format!("{from} called {to}."),
            Language::Spanish => format!("{from} llamó a {to}."),
        };
        let mut moments = vec![moment(began, "initiated", text, json!({ "from": from, "to": to }))];
        if let Some(at) = told(Progress::Ringing) {
            moments.push(moment(at, "ringing", say("It rings.", "Está sonando."), json!({})));
        }
        if let Some(at) = call.answered_at.or_else(|| told(Progress::Answered)) {
            moments.push(moment(at, "answered", say("It was answered.", "Se contestó."), json!({})));
        }
        if let (Some(at), CallStatus::Ended(ending)) = (call.ended_at, call.status) {
            let data = json!({
                "status": call.status.as_str(),
                "disposition": call.disposition.map(opbx_core::call_state::Disposition::as_str),
                "duration": call.duration,
                "billsec": call.billsec,
            });
            moments.push(moment(at, "ended", self.ending(ending).to_owned(), data));
        }
        if let Some(at) = call.returned_at {
            let text = say("Somebody marked it as returned.", "Alguien la marcó como devuelta.");
            moments.push(moment(at, "returned", text, json!({})));
        }
        moments
    }

    /// A phone: that it rang, that it took the call, and how it came out.
    fn leg(self, leg: &KeptLeg) -> Vec<MomentView> {
        let number = self.numbers.shown(&leg.number);
        let name = leg.name.as_deref().map(|name| self.numbers.shown(name)).filter(|name| *name != number);
        let via = leg.via_name.as_deref().map(|name| self.numbers.shown(name));
        let phone = name.as_ref().map_or_else(|| number.to_string(), |name| format!("{number} {name}"));
        let data = |result: Option<LegResult>| {
            json!({
                "extension_id": leg.extension_id, "number": number, "name": name, "via": leg.via.as_str(),
                "ring_group_id": leg.ring_group_id, "via_name": via, "result": result.map(LegResult::as_str),
            })
        };
        let rang = match (&via, self.language) {
            (Some(via), Language::English) => format!("{phone} rings, by {via}."),
            (None, Language::English) => format!("{phone} rings."),
            (Some(via), Language::Spanish) => format!("Suena {phone}, por {via}."),
            (None, Language::Spanish) => format!("Suena {phone}."),
        };
        let mut moments = vec![moment(leg.started_at, "leg_started", rang, data(None))];
        if let Some(at) = leg.answered_at {
            let text = format!("{phone} {}", self.say("took the call.", "tomó la llamada."));
            moments.push(moment(at, "leg_answered", text, data(None)));
        }
        if let Some(at) = leg.ended_at {
            let text = leg.result.map_or_else(|| self.say("it is over", "terminó"), |result| self.result(result));
            moments.push(moment(at, "leg_ended", format!("{phone}: {text}."), data(leg.result)));
        }
        moments
    }

    const fn say<'t>(self, english: &'t str, spanish: &'t str) -> &'t str {
        match self.language {
            Language::English => english,
            Language::Spanish => spanish,
        }
    }

    const fn ending(self, ending: Ending) -> &'static str {
        match ending {
            Ending::Completed => self.say("The call ended.", "La llamada terminó."),
            Ending::Busy => self.say("The other side was busy.", "El otro lado estaba ocupado."),
            Ending::NoAnswer => self.say("Nobody answered.", "Nadie contestó."),
            Ending::Failed => self.say("The call could not be made.", "No se pudo hacer la llamada."),
            Ending::Canceled => self.say("The caller gave up.", "Quien llamaba desistió."),
        }
    }

    const fn result(self, result: LegResult) -> &'static str {
        match result {
            LegResult::Answered => self.say("the conversation is over", "la conversación terminó"),
            LegResult::OneAnswered => self.say(
                "this phone, or one that rang with it, took the call",
                "lo contestó este teléfono u otro a la vez",
            ),
            LegResult::AnsweredElsewhere => self.say("another phone took the call", "otro teléfono tomó la llamada"),
            LegResult::Busy => self.say("busy", "ocupado"),
            LegResult::NoAnswer => self.say("not answered in time", "no contestó a tiempo"),
            LegResult::Failed => self.say("could not be reached", "no se pudo alcanzar"),
            LegResult::Canceled => self.say("the caller gave up", "quien llamaba desistió"),
        }
    }
}

/// A decision, by the sentence of its last step.
fn decided(decision: &DecisionView) -> MomentView {
    let reason = decision.trace.last().map(|step| step.because.text.clone());
    let text = reason.unwrap_or_else(|| decision.outcome.replace('_', " "));
    let data = json!({ "decision_id": decision.id, "place": decision.place, "outcome": decision.outcome });
    MomentView { at: decision.at.clone(), kind: "decision", text, data }
}

fn moment(at: Timestamp, kind: &'static str, text: String, data: Value) -> MomentView {
    MomentView { at: instant(at), kind, text, data }
}
