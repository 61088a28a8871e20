//! `Dial` to a conference room.
//!
//! Source: vendor page Verb/dial/conference (documented). What other participants do is in the script of the room.

use cxml::{Conference, ConferenceEvent, ConferenceRecord, Dial, Key, RecordingEvent, StartOnEnter};

use super::dial::ends_dial;
use super::record::Report;
use super::{Next, Over, Player};
use crate::clock::{Moment, Span};
use crate::dial_status::DialStatus;
use crate::people::{Leaving, Room};
use crate::transcript::{Event, Why};

/// How a stay in a room ended that left the call as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stayed {
    /// The caller left.
    Left,
    /// The conference ended for everyone.
    UntilItsEnd,
}

impl Player<'_> {
    pub(super) async fn conference(&mut self, dial: &Dial, conference: &Conference) -> Result<Next, Over> {
        self.answer_for_media();
        let name = conference.name.as_ref().map_or("default", cxml::ConferenceName::as_str).to_owned();
        let script = self.people.room_named(&name);
        if script.leaving == Leaving::Full {
            self.log(Event::ConferenceFull { room: name });
            return self.dial_ended(dial, DialStatus::Failed, Span::ZERO).await;
        }
        let begun = self.now;
        self.log(Event::JoinsConference { room: name.clone(), muted: conference.muted == Some(true) });
        self.tell(conference, ConferenceEvent::Join).await;
        let mut started = None;
        let stayed = self.stay(dial, conference, &name, &script, &mut started).await;
        let ended = matches!(stayed, Ok(Stayed::UntilItsEnd));
        if !ended {
            self.log(Event::LeavesConference { room: name.clone() });
        }
        self.tell(conference, ConferenceEvent::Leave).await;
        if started.is_some() && (ended || conference.end_conference_on_exit == Some(true)) {
            self.log(Event::ConferenceEnds { room: name });
            self.tell(conference, ConferenceEvent::End).await;
        }
        if let Some(started) = started {
            self.conference_recording(conference, started).await;
        }
        stayed?;
        self.dial_ended(dial, DialStatus::Completed, self.now - begun).await
    }

    /// Waits for the conference to start, and stays until the script says otherwise.
    async fn stay(
        &mut self,
        dial: &Dial,
        conference: &Conference,
        name: &str,
        script: &Room,
        started: &mut Option<Moment>,
    ) -> Result<Stayed, Over> {
        let begun = self.now;
        let starts_it = matches!(conference.start_conference_on_enter, None | Some(StartOnEnter::Yes));
        let starts_after = if starts_it { Some(Span::ZERO) } else { script.starts_after };
        if !starts_it {
            let music = conference.hold_music != Some(false);
            self.log(Event::WaitsInConference { room: name.to_owned(), music });
        }
        if let Some(after) = starts_after.filter(|&after| after < script.stay) {
            self.advance_to(begun + after)?;
            *started = Some(self.now);
            self.log(Event::ConferenceStarts { room: name.to_owned() });
            self.tell(conference, ConferenceEvent::Start).await;
        }
        let end = begun + script.stay;
        let limit = dial.time_limit.map(|limit| begun + Span::seconds(limit));
        if let Some(limit) = limit.filter(|&limit| limit < end) {
            self.advance_to(limit)?;
            let length = self.now - begun;
            self.log(Event::TimeLimit { whom: self.call.from.clone(), limit: length });
            return Ok(Stayed::Left);
        }
        self.advance_to(end)?;
        match script.leaving {
            Leaving::CallerPressesStar if ends_dial(dial, Key::STAR) => {
                self.log(Event::KeyEndsDial { key: Key::STAR.to_string() });
                Ok(Stayed::Left)
            }
            Leaving::CallerPressesStar => {
                self.ignore_keys(&[Key::STAR]);
                self.advance(script.stay)?;
                Err(self.hang_up())
            }
            Leaving::CallerHangsUp | Leaving::Full => Err(self.hang_up()),
            Leaving::ConferenceEnds => Ok(Stayed::UntilItsEnd),
        }
    }

    /// Tells about the conference, if the document asked for this event.
    ///
    /// Source: a running application for `participant-join` (seen); the other names are those of TwiML, and a switch.
    async fn tell(&mut self, conference: &Conference, event: ConferenceEvent) {
        let wanted = conference.status_callback_event.as_ref().is_some_and(|events| events.contains(event));
        let Some(address) = conference.status_callback.as_ref().filter(|_| wanted) else { return };
        let name = match event {
            ConferenceEvent::Join => format!("participant-{event}"),
            _ if !self.switches().conference_prefixes => event.to_string(),
            ConferenceEvent::Start | ConferenceEvent::End => format!("conference-{event}"),
            _ => format!("participant-{event}"),
        };
        let method = conference.status_callback_method;
        self.notify(Why::ConferenceStatus, method, address.as_str(), &vec![("StatusCallbackEvent", name)]).await;
    }

    async fn conference_recording(&mut self, conference: &Conference, started: Moment) {
        let length = self.now - started;
        if conference.record != Some(ConferenceRecord::RecordFromStart) || length == Span::ZERO {
            return;
        }
        let recording = self.new_recording(length);
        self.log(Event::CallRecorded { length, url: recording.url.clone() });
        let report = Report {
            address: conference.recording_status_callback.as_ref(),
            method: conference.recording_status_callback_method,
            event: conference.recording_status_callback_event,
        };
        self.report(&report, RecordingEvent::Completed, Some(&recording)).await;
    }
}
