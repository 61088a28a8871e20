//! `Gather`: what the caller presses or says while prompts play.
//!
//! Source: vendor page Verb/gather (documented): input ends at `numDigits`, at `finishOnKey` (which is not part of it) or when
//! `timeout` passes without more; both timeouts start when the prompts have ended or been stopped; input requests the `action`, no
//! input runs the next verb unless `actionOnEmptyResult`.

use cxml::{FinishOnKey, Gather, GatherInput, Key, SpeechTimeout};

use super::{Next, Over, Player, sound};
use crate::clock::{Moment, Span};
use crate::people::{Act, Then};
use crate::request::Extras;
use crate::switches::EmptyDigits;
use crate::transcript::{Event, Why};

/// When a `Gather` stops waiting.
struct Waiting {
    /// For the first input.
    first: Span,
    /// For more after some.
    more: Span,
    /// In all.
    end: Moment,
}

impl Player<'_> {
    pub(super) async fn gather(&mut self, gather: &Gather) -> Result<Next, Over> {
        self.answer_for_media();
        let pace = self.pace();
        let begun = self.now;
        let waiting = Waiting {
            first: Span::seconds(gather.max_timeout.unwrap_or(30)),
            more: Span::seconds(gather.timeout.unwrap_or(5)),
            end: begun + Span::seconds(gather.max_duration.unwrap_or(300)),
        };
        let input = gather.input.unwrap_or(GatherInput::Dtmf);
        let (takes_keys, takes_speech) = (input != GatherInput::Speech, input != GatherInput::Dtmf);
        // Who does not press into the prompts hears them first.
        let heard = begun + sound::heard_once(&gather.prompts, &pace) + pace.reaction;
        let mut extras = Extras::new();
        match self.people.next_act() {
            Act::Press { keys, after, gap } if takes_keys => {
                let first = after.map_or(heard, |after| begun + after);
                let digits = self.keys(gather, &waiting, &keys, first, gap).await?;
                if !digits.is_empty() {
                    extras.push(("Digits", digits));
                }
            }
            Act::Say(text) if takes_speech => {
                let speech = self.speech(gather, &waiting, heard, text).await?;
                extras.extend(speech.map(|text| ("SpeechResult", text)));
            }
            act => {
                match act {
                    Act::HangUp { after } | Act::Speak { length: after, then: Then::HangUp } => {
                        self.hang_up_by(begun + after);
                    }
                    _ => {}
                }
                self.listen(gather, waiting.end).await?;
                self.ignore(&act);
                self.wait_until((self.now + waiting.first).min(waiting.end))?;
            }
        }
        if extras.is_empty() {
            if gather.action_on_empty_result != Some(true) {
                return Ok(Next::Verb);
            }
            if self.switches().empty_digits == EmptyDigits::Empty {
                extras.push(("Digits", String::new()));
            }
        }
        let action = gather.action.as_ref().map(cxml::Url::as_str);
        self.next_stage(Why::GatherAction, gather.method, action, extras)
    }

    /// The prompts, until this moment at the latest.
    async fn listen(&mut self, gather: &Gather, until: Moment) -> Result<(), Over> {
        self.prompts(&gather.prompts, until).await?;
        if let Some(agent) = &gather.converse
            && self.now < until
        {
            self.log(Event::Converses { model: agent.converse.model.as_ref().map(ToString::to_string) });
            self.advance_to((self.now + self.pace().audio).min(until))?;
        }
        Ok(())
    }

    /// Plays the prompts, takes keys that the caller presses from a moment on, and gives those that count.
    async fn keys(
        &mut self,
        gather: &Gather,
        waiting: &Waiting,
        keys: &[Key],
        first: Moment,
        gap: Span,
    ) -> Result<String, Over> {
        let stops = gather.interruptible != Some(false);
        self.listen(gather, if stops { first.min(waiting.end) } else { waiting.end }).await?;
        let finish = match gather.finish_on_key {
            None => Some(Key::HASH),
            Some(FinishOnKey::Never) => None,
            Some(FinishOnKey::Key(key)) => Some(key),
        };
        let keep_early = self.switches().keep_early_keys;
        let most = gather.num_digits.map_or(usize::MAX, |most| usize::try_from(most.get()).unwrap_or(usize::MAX));
        let listening = self.now;
        let (mut digits, mut typed, mut deadline) = (String::new(), Typed::default(), listening + waiting.first);
        let mut taken = 0;
        for (&key, at) in keys.iter().zip(moments(first, gap)) {
            if at < listening && !keep_early {
                taken += 1;
                self.log(Event::PressesInVain { keys: key.to_string() });
                continue;
            }
            deadline = deadline.min(waiting.end);
            let at = at.max(self.now);
            if at > deadline {
                break;
            }
            if at >= self.hangs_up {
                typed.flush(self);
            }
            typed.flush_before(self, at);
            self.advance_to(at)?;
            typed.press(key, at);
            taken += 1;
            if Some(key) == finish {
                typed.flush(self);
                self.ignore_keys(&keys[taken..]);
                return Ok(digits);
            }
            digits.push(key.label());
            if digits.len() >= most {
                typed.flush(self);
                self.ignore_keys(&keys[taken..]);
                return Ok(digits);
            }
            deadline = at + waiting.more;
        }
        typed.flush(self);
        self.wait_until(deadline.min(waiting.end))?;
        self.ignore_keys(&keys[taken..]);
        Ok(digits)
    }

    /// Plays the prompts and takes what the caller says then.
    async fn speech(
        &mut self,
        gather: &Gather,
        waiting: &Waiting,
        begins: Moment,
        text: String,
    ) -> Result<Option<String>, Over> {
        self.listen(gather, waiting.end).await?;
        let begins = begins.max(self.now);
        let deadline = (self.now + waiting.first).min(waiting.end);
        if begins > deadline {
            self.wait_until(deadline)?;
            self.log(Event::SaysInVain { text });
            return Ok(None);
        }
        self.advance_to(begins)?;
        let length = sound::words(&text, &self.pace());
        self.log(Event::Says { text: text.clone() });
        let silence = match gather.speech_timeout {
            Some(SpeechTimeout::Seconds(seconds)) => Span::seconds(seconds),
            Some(SpeechTimeout::Auto) | None => self.pace().speech_end,
        };
        self.advance_to((self.now + length + silence).min(waiting.end))?;
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// Silence until a moment.
    fn wait_until(&mut self, moment: Moment) -> Result<(), Over> {
        let length = moment.min(self.hangs_up) - self.now;
        if length > Span::ZERO {
            self.log(Event::StaysSilent { length });
        }
        self.advance_to(moment)
    }

    /// Notes an act that means nothing here, so that nobody wonders where it went.
    fn ignore(&mut self, act: &Act) {
        match act {
            Act::Press { keys, .. } => self.ignore_keys(keys),
            Act::Say(text) => self.log(Event::SaysInVain { text: text.clone() }),
            Act::Speak { .. } | Act::StaySilent | Act::HangUp { .. } => {}
        }
    }

    pub(super) fn ignore_keys(&mut self, keys: &[Key]) {
        if !keys.is_empty() {
            self.log(Event::PressesInVain { keys: keys.iter().map(ToString::to_string).collect() });
        }
    }
}

/// The moments of keys.
fn moments(first: Moment, gap: Span) -> impl Iterator<Item = Moment> {
    std::iter::successors(Some(first), move |&moment| Some(moment + gap))
}

/// Keys that are pressed in quick succession and make one line of the transcript.
#[derive(Default)]
struct Typed {
    keys: String,
    first: Moment,
    last: Moment,
}

impl Typed {
    fn press(&mut self, key: Key, at: Moment) {
        if self.keys.is_empty() {
            self.first = at;
        }
        self.keys.push(key.label());
        self.last = at;
    }

    /// Writes the line if the next key comes a second later or more.
    fn flush_before(&mut self, player: &mut Player<'_>, next: Moment) {
        if next - self.last >= Span::seconds(1) {
            self.flush(player);
        }
    }

    fn flush(&mut self, player: &mut Player<'_>) {
        if !self.keys.is_empty() {
            let event = Event::Presses { keys: std::mem::take(&mut self.keys) };
            player.lines.push(crate::transcript::Line { at: self.first, event });
        }
    }
}
