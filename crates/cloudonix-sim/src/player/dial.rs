//! `Dial` to numbers, SIP addresses and voice agents: ringing, talking, and what the `action` is told.
//!
//! Source: vendor page Verb/dial (documented): the caller is answered when whoever was called answers; when the dial has failed or
//! the conversation is over, the `action` is requested with the result, or without one the next verb runs.

use std::collections::BTreeMap;

use cxml::{Dial, DialRecord, DialTarget, Key, RecordingEvent, Url};

use super::record::Report;
use super::ringing::{Rung, Stop, course, everyone};
use super::{Next, Over, Player};
use crate::clock::{Moment, Span};
use crate::dial_status::DialStatus;
use crate::people::{Callee, Parting};
use crate::request::Extras;
use crate::transcript::{Event, Why};

/// How a dial went, whatever ended it.
struct Dialled {
    status: DialStatus,
    talked: Span,
    /// Set when the caller hung up meanwhile.
    over: Option<Over>,
}

impl Player<'_> {
    pub(super) async fn dial(&mut self, dial: &Dial) -> Result<Next, Over> {
        let rung = match &dial.target {
            DialTarget::Conference(conference) => return self.conference(dial, conference).await,
            DialTarget::Endpoints(endpoints) => everyone(endpoints, &mut self.people),
            DialTarget::Service(agent) => {
                let name = format!("{}:{}", agent.provider, agent.number);
                let callee = self.people.answers_as([agent.number.as_str(), name.as_str()]);
                vec![Rung { name, callee }]
            }
        };
        let begun = self.now;
        let dialled = self.ring(dial, &rung);
        let recording = self.dial_recording(dial, begun, &dialled).await;
        self.dial_ends(dial, dialled, recording).await
    }

    /// Tells the `action` how it went, when there is one and the call goes on.
    async fn dial_ends(&mut self, dial: &Dial, dialled: Dialled, recording: Option<String>) -> Result<Next, Over> {
        let Dialled { status, talked, over } = dialled;
        self.last_dial = Some(status);
        self.log(Event::DialEnds { status });
        let action = dial.action.as_ref().map(Url::as_str);
        let mut extras: Extras =
            vec![("CallStatus", status.as_str().to_owned()), ("DialCallStatus", status.as_str().to_owned())];
        if self.switches().dial_details {
            extras.push(("DialCallDuration", talked.begun_seconds().to_string()));
            extras.push(("DialCallSid", self.session.token.clone()));
            extras.extend(recording.map(|url| ("RecordingUrl", url)));
        }
        match (over, action) {
            (None, None) => Ok(Next::Verb),
            (None, Some(_)) => self.next_stage(Why::DialAction, dial.method, action, extras),
            (Some(over), None) => Err(over),
            (Some(over), Some(_)) => {
                self.late_action(dial.method, action, &extras).await;
                Err(over)
            }
        }
    }

    /// A dial that rings nobody any more: a conference.
    pub(super) async fn dial_ended(&mut self, dial: &Dial, status: DialStatus, stayed: Span) -> Result<Next, Over> {
        self.dial_ends(dial, Dialled { status, talked: stayed, over: None }, None).await
    }

    fn ring(&mut self, dial: &Dial, rung: &[Rung]) -> Dialled {
        let timeout = Span::seconds(dial.timeout.unwrap_or(self.switches().ring_timeout));
        let begun = self.now;
        self.log(rings(dial, rung, timeout));
        let patience = self.hangs_up;
        if let Some(ring_patience) = self.people.ring_patience {
            self.hang_up_by(begun + ring_patience);
        }
        let (mut busy, mut declined, mut unreachable) = (0, 0, 0);
        for (after, index, stop) in course(rung, timeout) {
            if let Err(over) = self.advance_to(begun + after) {
                return Dialled { status: DialStatus::Canceled, talked: Span::ZERO, over: Some(over) };
            }
            let Some(Rung { name, callee }) = rung.get(index) else { continue };
            let whom = name.clone();
            match stop {
                Stop::Answer => {
                    self.log(Event::CalleeAnswers { whom });
                    self.hangs_up = patience;
                    return self.talk(dial, name, callee);
                }
                Stop::Busy => {
                    busy += 1;
                    self.log(Event::CalleeBusy { whom });
                }
                Stop::Decline => {
                    declined += 1;
                    self.log(Event::CalleeDeclines { whom });
                }
                Stop::Unreachable => {
                    unreachable += 1;
                    self.log(Event::CalleeUnreachable { whom });
                }
            }
        }
        // As long as one phone rings the dial goes on.
        if busy + declined + unreachable < rung.len() {
            if let Err(over) = self.advance_to(begun + timeout) {
                return Dialled { status: DialStatus::Canceled, talked: Span::ZERO, over: Some(over) };
            }
            self.log(Event::NobodyAnswers { length: timeout });
        }
        self.hangs_up = patience;
        let status = if busy + declined + unreachable < rung.len() {
            DialStatus::NoAnswer
        } else if busy > 0 {
            DialStatus::Busy
        } else if declined > 0 {
            self.switches().declined
        } else {
            self.switches().unreachable
        };
        Dialled { status, talked: Span::ZERO, over: None }
    }

    /// The conversation, which answers the caller.
    fn talk(&mut self, dial: &Dial, whom: &str, callee: &Callee) -> Dialled {
        self.answer();
        let begun = self.now;
        let limit = Span::seconds(dial.time_limit.unwrap_or(self.switches().time_limit));
        let over = self.talk_until(dial, whom, callee, begun + limit, limit).err();
        Dialled { status: self.switches().talked, talked: self.now - begun, over }
    }

    fn talk_until(&mut self, dial: &Dial, whom: &str, callee: &Callee, end: Moment, limit: Span) -> Result<(), Over> {
        let parting = self.now + callee.talk();
        self.advance_to(parting.min(end))?;
        if let Parting::CallerPresses(key) = callee.parting()
            && parting < end
        {
            if ends_dial(dial, key) {
                self.log(Event::KeyEndsDial { key: key.to_string() });
                return Ok(());
            }
            self.ignore_keys(&[key]);
            self.advance_to((parting + callee.talk()).min(end))?;
        }
        if self.now >= end {
            self.log(Event::TimeLimit { whom: whom.to_owned(), limit });
            return Ok(());
        }
        match callee.parting() {
            Parting::CallerHangsUp => Err(self.hang_up()),
            Parting::CalleeHangsUp | Parting::CallerPresses(_) => {
                self.log(Event::CalleeHangsUp { whom: whom.to_owned() });
                Ok(())
            }
        }
    }

    /// What `record` recorded: from the answer, or from the first ring.
    async fn dial_recording(&mut self, dial: &Dial, begun: Moment, dialled: &Dialled) -> Option<String> {
        let length = match dial.record? {
            DialRecord::FromAnswer => dialled.talked,
            DialRecord::FromRinging => self.now - begun,
        };
        let report = Report {
            address: dial.recording_status_callback.as_ref(),
            method: dial.recording_status_callback_method,
            event: dial.recording_status_callback_event,
        };
        if length == Span::ZERO {
            self.report(&report, RecordingEvent::Absent, None).await;
            return None;
        }
        let recording = self.new_recording(length);
        self.log(Event::CallRecorded { length, url: recording.url.clone() });
        self.report(&report, RecordingEvent::InProgress, None).await;
        self.report(&report, RecordingEvent::Completed, Some(&recording)).await;
        Some(recording.url)
    }
}

/// Source: cloudonix-js `src/verbs/dial.js` (from an SDK only; `hangupOnStar` is off by default as in TwiML).
pub(super) fn ends_dial(dial: &Dial, key: Key) -> bool {
    key == Key::STAR && dial.hangup_on_star == Some(true) || dial.hangup_on.is_some_and(|keys| keys.contains(key))
}

fn rings(dial: &Dial, rung: &[Rung], timeout: Span) -> Event {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    let extra = dial.extra_headers.iter().flat_map(cxml::ExtraHeaders::as_slice);
    for header in extra.chain(&dial.headers) {
        headers.insert(header.name.to_string(), header.value.to_string());
    }
    Event::Rings {
        whom: rung.iter().map(|rung| rung.name.clone()).collect(),
        timeout,
        caller_id: dial.caller_id.as_ref().map(ToString::to_string),
        caller_name: dial.caller_name.as_ref().map(ToString::to_string),
        trunk: dial.trunks.as_ref().map(ToString::to_string),
        headers,
    }
}
