//! Streams, agents and supervisors. Nothing is connected: how long it lasts is in the script.
//!
//! Source: vendor pages Verb/{start,stop,connect,connect/stream,coach,converse} (documented); the `action` of `Connect` was seen in a
//! running application.

use cxml::{Coach, Connect, Converse, ConverseEvent, KeySet, Start, Stop, Stream, Url};

use super::{Next, Over, Player};
use crate::clock::Span;
use crate::people::Act;
use crate::request::Extras;
use crate::transcript::{Event, Why};

impl Player<'_> {
    /// Blocks until the stream ends; then the `action`, or the next verb.
    pub(super) async fn connect(&mut self, connect: &Connect) -> Result<Next, Over> {
        self.answer_for_media();
        let stream = &connect.stream;
        self.log(Event::StreamConnects { url: stream.url.to_string() });
        self.tell_stream(stream, "stream-started").await;
        self.advance(self.people.media)?;
        self.log(Event::StreamEnds { name: stream.name.as_ref().map(ToString::to_string) });
        self.tell_stream(stream, "stream-stopped").await;
        match &connect.action {
            Some(action) => self.next_stage(Why::ConnectAction, None, Some(action.as_str()), Extras::new()),
            None => Ok(Next::Verb),
        }
    }

    /// The next verb runs at once. A second stream of the same name re-uses the first.
    pub(super) async fn start_stream(&mut self, start: &Start) -> Result<Next, Over> {
        let stream = &start.stream;
        let name = stream.name.as_ref().map(ToString::to_string);
        let new = name.as_ref().is_none_or(|name| self.streams.insert(name.clone()));
        if new {
            self.log(Event::StreamStarts { url: stream.url.to_string(), name });
            self.tell_stream(stream, "stream-started").await;
        }
        Ok(Next::Verb)
    }

    pub(super) fn stop_stream(&mut self, stop: &Stop) -> Result<Next, Over> {
        let name = stop.name.to_string();
        let event = if self.streams.remove(&name) {
            Event::StreamEnds { name: Some(name) }
        } else {
            Event::NoSuchStream { name }
        };
        self.log(event);
        Ok(Next::Verb)
    }

    /// What is told about a stream is not known; this is the name of TwiML.
    async fn tell_stream(&mut self, stream: &Stream, event: &str) {
        if let Some(address) = &stream.status_callback {
            let extras = vec![("StreamEvent", event.to_owned())];
            self.notify(Why::StreamStatus, stream.status_callback_method, address.as_str(), &extras).await;
        }
    }

    /// Until a key of `finishOnKey`, or until the other session ends, which here is half a minute later.
    pub(super) fn coach(&mut self, coach: &Coach) -> Result<Next, Over> {
        self.answer_for_media();
        let begun = self.now;
        let policy = coach.policy.unwrap_or(cxml::CoachPolicy::Whisper).to_string();
        self.log(Event::Coaches { session: coach.session.to_string(), policy });
        let end = begun + Span::seconds(30);
        let finish_keys = coach.finish_on_key.unwrap_or_else(KeySet::any);
        match self.people.next_act() {
            Act::Press { keys, after, gap } => {
                let mut at = begun + after.unwrap_or(self.pace().reaction);
                for key in keys {
                    if at >= end {
                        break;
                    }
                    self.advance_to(at)?;
                    at += gap;
                    if finish_keys.contains(key) {
                        self.log(Event::Presses { keys: key.to_string() });
                        self.log(Event::CoachingEnds);
                        return Ok(Next::Verb);
                    }
                    self.ignore_keys(&[key]);
                }
            }
            Act::HangUp { after } => self.hang_up_by(begun + after),
            Act::StaySilent | Act::Say(_) | Act::Speak { .. } => {}
        }
        self.advance_to(end)?;
        self.log(Event::CoachingEnds);
        Ok(Next::Verb)
    }

    /// A conversation with a language model, of which only its length is known.
    pub(super) async fn converse(&mut self, converse: &Converse) -> Result<Next, Over> {
        self.answer_for_media();
        self.log(Event::Converses { model: converse.model.as_ref().map(ToString::to_string) });
        self.tell_converse(converse, ConverseEvent::InProgress).await;
        self.advance(self.people.media)?;
        self.log(Event::ConversationEnds);
        self.tell_converse(converse, ConverseEvent::Completed).await;
        Ok(Next::Verb)
    }

    async fn tell_converse(&mut self, converse: &Converse, event: ConverseEvent) {
        // Documented: these two, when the document does not choose.
        let wanted = converse.status_callback_event.as_ref().is_none_or(|events| events.contains(event));
        if let Some(address) = converse.status_callback.as_ref().map(Url::as_str).filter(|_| wanted) {
            let extras = vec![("StatusCallbackEvent", event.to_string())];
            self.notify(Why::ConverseStatus, converse.status_callback_method, address, &extras).await;
        }
    }
}
