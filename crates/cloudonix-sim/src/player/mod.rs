//! Plays documents: a stage verb by verb, then the next stage, until the call ends.
//!
//! Source: CXML reference §2, vendor page Verbs (documented): verbs run in order, one that requests its `action` or redirects ends
//! the stage, one that does not falls through to the next, and behind the last the call is hung up.

mod ask;
mod conference;
mod dial;
mod ending;
mod gather;
mod media;
mod record;
mod ringing;
mod sound;

use std::collections::BTreeSet;

use cxml::{Method, Reject, Response, Verb};
use reqwest::Url;

use crate::call::{Call, Direction};
use crate::clock::{Moment, Span};
use crate::dial_status::DialStatus;
use crate::exchange::Exchange;
use crate::http::{Fault, resolve};
use crate::people::People;
use crate::request::{Extras, Session};
use crate::settings::Pace;
use crate::switches::{Failure, Switches};
use crate::transcript::{Event, Line, RoundTrip, Transcript, Why};

/// Why a call is over.
#[derive(Clone, Debug)]
enum Over {
    CallerHungUp,
    Hangup,
    Rejected(Reject),
    DocumentEnded,
    Failed(String),
}

/// What comes after a verb.
#[derive(Debug)]
enum Next {
    Verb,
    Stage(Stage),
}

/// A document to be requested.
#[derive(Debug)]
struct Stage {
    why: Why,
    method: Method,
    url: Url,
    extras: Extras,
}

/// A notification that waits for the end of the call.
type Deferred = (Why, Method, Url, Extras);

/// A call that is being played.
struct Player<'a> {
    exchange: &'a Exchange,
    call: Call,
    people: People,
    session: Session,
    now: Moment,
    /// When the caller hangs up, whatever is going on.
    hangs_up: Moment,
    answered: Option<Moment>,
    last_dial: Option<DialStatus>,
    /// The address of the current document.
    document: Url,
    streams: BTreeSet<String>,
    recordings: u32,
    deferred: Vec<Deferred>,
    lines: Vec<Line>,
    requests: Vec<RoundTrip>,
}

/// Plays a call to its end.
pub(crate) async fn play(exchange: &Exchange, call: Call, people: People, session: Session) -> Transcript {
    let hangs_up = Moment::START + people.hangs_up_at;
    let mut player = Player {
        exchange,
        call,
        people,
        session,
        now: Moment::START,
        hangs_up,
        answered: None,
        last_dial: None,
        document: exchange.application.clone(),
        streams: BTreeSet::new(),
        recordings: 0,
        deferred: Vec::new(),
        lines: Vec::new(),
        requests: Vec::new(),
    };
    player.log(Event::Calls {
        from: player.call.from.clone(),
        to: player.call.to.clone(),
        direction: player.call.direction,
        caller_name: player.call.caller_name.clone(),
    });
    // The reference: such a call reaches the application when whoever was called has answered.
    if player.call.direction == Direction::OutboundApi {
        player.answer();
    }
    let over = player.stages().await;
    player.finish(over).await
}

impl Player<'_> {
    /// Stage after stage.
    async fn stages(&mut self) -> Over {
        let mut stage = Stage {
            why: Why::Start,
            method: self.exchange.settings.application.method,
            url: self.exchange.application.clone(),
            extras: Extras::new(),
        };
        let limit = self.switches().max_stages;
        for _ in 0..limit {
            self.document = stage.url.clone();
            let document = match self.fetch(stage).await {
                Ok(document) => document,
                Err(fault) => return self.failed(&fault),
            };
            match self.stage(document).await {
                Ok(next) => stage = next,
                Err(over) => return over,
            }
        }
        Over::Failed(format!("more than {limit} documents in one call"))
    }

    /// One document, until it goes on elsewhere or the call ends.
    async fn stage(&mut self, document: Response) -> Result<Stage, Over> {
        for verb in document.verbs {
            if let Next::Stage(stage) = self.verb(verb).await? {
                return Ok(stage);
            }
        }
        self.log(Event::DocumentEnds);
        Err(Over::DocumentEnded)
    }

    async fn verb(&mut self, verb: Verb) -> Result<Next, Over> {
        match verb {
            Verb::Dial(dial) => self.dial(&dial).await,
            Verb::Gather(gather) => self.gather(&gather).await,
            Verb::Say(say) => self.say(&say, None).await,
            Verb::Play(play) => self.play(&play, None).await,
            Verb::Pause(pause) => self.pause(&pause, None),
            Verb::Record(record) => self.record(&record).await,
            Verb::Redirect(redirect) => {
                self.next_stage(Why::Redirect, redirect.method, Some(redirect.url.as_str()), Extras::new())
            }
            Verb::Hangup(_) => {
                self.log(Event::ApplicationHangsUp);
                Err(Over::Hangup)
            }
            Verb::Reject(reject) => {
                let reason = reject.reason.unwrap_or(cxml::RejectReason::Rejected).to_string();
                self.log(Event::ApplicationRejects { reason });
                Err(Over::Rejected(reject))
            }
            Verb::Coach(coach) => self.coach(&coach),
            Verb::Start(start) => self.start_stream(&start).await,
            Verb::Stop(stop) => self.stop_stream(&stop),
            Verb::Connect(connect) => self.connect(&connect).await,
            Verb::Converse(converse) => self.converse(&converse).await,
        }
    }

    /// The stage at this address, which is the current document's own when none is given. Every verb's method is `POST` by default.
    fn next_stage(
        &mut self,
        why: Why,
        method: Option<Method>,
        address: Option<&str>,
        extras: Extras,
    ) -> Result<Next, Over> {
        let url = match address {
            None => self.document.clone(),
            Some(address) => match resolve(&self.document, address) {
                Ok(url) => url,
                Err(fault) => {
                    self.log(Event::RequestFails { reason: fault.to_string() });
                    return Err(self.failed(&fault));
                }
            },
        };
        Ok(Next::Stage(Stage { why, method: method.unwrap_or(Method::Post), url, extras }))
    }

    fn failed(&self, fault: &Fault) -> Over {
        match self.switches().failure {
            Failure::Error => Over::Failed(fault.to_string()),
            Failure::EndOfDocument => Over::DocumentEnded,
        }
    }

    /// Lets time pass, up to the moment when the caller hangs up.
    fn advance(&mut self, length: Span) -> Result<(), Over> {
        self.advance_to(self.now + length)
    }

    fn advance_to(&mut self, moment: Moment) -> Result<(), Over> {
        if moment < self.hangs_up {
            self.now = self.now.max(moment);
            return Ok(());
        }
        self.now = self.now.max(self.hangs_up);
        Err(self.hang_up())
    }

    fn hang_up(&mut self) -> Over {
        self.log(Event::HangsUp);
        Over::CallerHungUp
    }

    /// Makes the caller hang up at this moment at the latest.
    fn hang_up_by(&mut self, moment: Moment) {
        self.hangs_up = self.hangs_up.min(moment);
    }

    fn answer(&mut self) {
        if self.answered.is_none() {
            self.answered = Some(self.now);
            self.log(Event::IsAnswered);
        }
    }

    /// For verbs that need sound in both directions. When exactly the platform answers for them is not documented.
    fn answer_for_media(&mut self) {
        if self.switches().media_answers {
            self.answer();
        }
    }

    fn log(&mut self, event: Event) {
        self.lines.push(Line { at: self.now, event });
    }

    fn switches(&self) -> &Switches {
        &self.exchange.settings.switches
    }

    fn pace(&self) -> Pace {
        self.exchange.settings.pace
    }
}
