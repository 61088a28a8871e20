//! `Record`, and what is told about any recording.
//!
//! Source: vendor page Verb/record (documented): prompts, a beep, then the caller is recorded until `timeout` seconds of silence, a
//! key of `finishOnKey` or `maxLength`. Nothing recorded is no `action`; the next verb runs.

use cxml::{Key, KeySet, Record, RecordingEvent, Trim, Url};

use super::{Next, Over, Player, sound};
use crate::clock::{Moment, Span};
use crate::http::resolve;
use crate::people::{Act, Then};
use crate::request::Extras;
use crate::switches::ReportTime;
use crate::transcript::{Event, Why};

/// A recording that there is.
pub(super) struct Recording {
    pub(super) url: String,
    pub(super) length: Span,
}

/// Who wants to know about recordings, and of which event.
pub(super) struct Report<'a> {
    pub(super) address: Option<&'a Url>,
    pub(super) method: Option<cxml::Method>,
    pub(super) event: Option<RecordingEvent>,
}

/// What ended a recording.
enum Finish {
    Silence,
    Key(Key),
    LongEnough,
    HungUp(Over),
}

impl Player<'_> {
    pub(super) async fn record(&mut self, record: &Record) -> Result<Next, Over> {
        let report = Report {
            address: record.recording_status_callback.as_ref(),
            method: record.recording_status_callback_method,
            event: record.recording_status_callback_event,
        };
        self.answer_for_media();
        let act = self.people.next_act();
        if let Act::HangUp { after } = act {
            self.hang_up_by(self.now + after);
        }
        self.prompts(&record.prompts, Moment::START + Span::FOREVER).await?;
        if record.play_beep != Some(false) {
            self.log(Event::HearsBeep);
            self.advance(self.pace().beep)?;
        }
        self.report(&report, RecordingEvent::InProgress, None).await;
        let begun = self.now;
        let (spoken, finish) = self.recorded(record, &act);
        if spoken == Span::ZERO {
            self.log(Event::NothingRecorded);
            self.report(&report, RecordingEvent::Absent, None).await;
            return match finish {
                Finish::HungUp(over) => Err(over),
                _ => Ok(Next::Verb),
            };
        }
        let length = if record.trim == Some(Trim::DoNotTrim) { self.now - begun } else { spoken };
        let recording = self.new_recording(length);
        self.log(Event::IsRecorded { length, url: recording.url.clone() });
        self.report(&report, RecordingEvent::Completed, Some(&recording)).await;
        let mut extras: Extras = vec![("RecordingUrl", recording.url)];
        if self.switches().record_details {
            extras.push(("RecordingDuration", recording.length.begun_seconds().to_string()));
            extras.push(("RecordingStatus", "completed".to_owned()));
            if let Finish::Key(key) = finish {
                extras.push(("Digits", key.to_string()));
            }
        }
        let action = record.action.as_ref().map(Url::as_str);
        if let Finish::HungUp(over) = finish {
            self.late_action(record.method, action, &extras).await;
            return Err(over);
        }
        self.next_stage(Why::RecordAction, record.method, action, extras)
    }

    /// The recording itself: how long the caller spoke, and what ended it.
    fn recorded(&mut self, record: &Record, act: &Act) -> (Span, Finish) {
        let begun = self.now;
        let most = Span::seconds(record.max_length.unwrap_or(3600));
        let end = begun + most;
        let silence = Span::seconds(record.timeout.unwrap_or(5));
        let finish_keys = record.finish_on_key.unwrap_or_else(KeySet::any);
        let (wish, then) = match act {
            Act::Speak { length, then } => (*length, *then),
            Act::Say(text) => (sound::words(text, &self.pace()), Then::Silence),
            Act::Press { keys, .. } => match keys.iter().find(|&&key| finish_keys.contains(key)) {
                Some(&key) => (Span::ZERO, Then::Press(key)),
                None => (Span::ZERO, Then::Silence),
            },
            Act::StaySilent | Act::HangUp { .. } => (Span::ZERO, Then::Silence),
        };
        let length = wish.min(most);
        match act {
            Act::Say(text) => self.log(Event::Says { text: text.clone() }),
            _ if length > Span::ZERO => self.log(Event::Speaks { length }),
            _ => {}
        }
        if let Err(over) = self.advance(length) {
            return (self.now - begun, Finish::HungUp(over));
        }
        if wish >= most {
            return (length, Finish::LongEnough);
        }
        match then {
            Then::Press(key) if finish_keys.contains(key) => {
                self.log(Event::Presses { keys: key.to_string() });
                return (length, Finish::Key(key));
            }
            Then::Press(key) => self.ignore_keys(&[key]),
            Then::HangUp => {
                let over = self.hang_up();
                return (length, Finish::HungUp(over));
            }
            Then::Silence => {}
        }
        let until = (self.now + silence).min(end);
        self.log(Event::StaysSilent { length: until.min(self.hangs_up) - self.now });
        match self.advance_to(until) {
            Ok(()) => (length, Finish::Silence),
            Err(over) => (length, Finish::HungUp(over)),
        }
    }

    /// A recording with an address of its own.
    pub(super) fn new_recording(&mut self, length: Span) -> Recording {
        self.recordings += 1;
        let settings = &self.exchange.settings;
        Recording { url: format!("{}{}-{}.wav", settings.recordings, self.session.token, self.recordings), length }
    }

    /// Tells about a recording whoever asked for this event.
    ///
    /// Source: CXML attribute tables for the events (documented, `completed` by default). What is told was never seen; these are the
    /// names of TwiML, in the standard request.
    pub(super) async fn report(&mut self, report: &Report<'_>, event: RecordingEvent, recording: Option<&Recording>) {
        let Some(address) = report.address else { return };
        if report.event.unwrap_or(RecordingEvent::Completed) != event {
            return;
        }
        let mut extras: Extras = vec![("RecordingStatus", event.to_string())];
        if let Some(recording) = recording {
            extras.push(("RecordingUrl", recording.url.clone()));
            extras.push(("RecordingDuration", recording.length.begun_seconds().to_string()));
        }
        let late = self.switches().recording_reported == ReportTime::AfterCall && event != RecordingEvent::InProgress;
        match resolve(&self.document, address.as_str()) {
            Ok(url) if late => {
                let method = report.method.unwrap_or(cxml::Method::Post);
                self.deferred.push((Why::RecordingStatus, method, url, extras));
            }
            _ => self.notify(Why::RecordingStatus, report.method, address.as_str(), &extras).await,
        }
    }

    /// The `action` of a verb during which the caller hung up: not requested, unless the switch says so.
    pub(super) async fn late_action(&mut self, method: Option<cxml::Method>, action: Option<&str>, extras: &Extras) {
        if self.switches().action_after_hangup {
            let address = action.unwrap_or_default();
            self.notify(Why::LateAction, method, address, extras).await;
        }
    }
}
