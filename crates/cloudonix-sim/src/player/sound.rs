//! `Say`, `Play` and `Pause`, by themselves and as prompts.
//!
//! Source: vendor pages Verb/{say,play,pause} (documented). `Say` and `Play` answer the call unless `answer="false"`, and then their
//! sound is early media; `Pause` does not answer unless `answer="true"`.

use cxml::{Mixed, Pause, Play, PlaySource, Prompt, Say, Ssml};

use super::{Next, Over, Player};
use crate::clock::{Moment, Span};
use crate::settings::Pace;
use crate::transcript::{Event, Why};

impl Player<'_> {
    pub(super) async fn say(&mut self, say: &Say, until: Option<Moment>) -> Result<Next, Over> {
        self.answer_unless_early(say.answer);
        let (text, loops) = (say.content.plain_text(), say.loops.unwrap_or(1));
        self.log(Event::Hears { text, early: self.answered.is_none(), loops });
        let once = spoken(&say.content, &self.pace());
        let ended = self.sounds(repeated(once, loops), until)?;
        if let Some(address) = say.status_callback.as_ref().filter(|_| ended) {
            self.playback_is_over(say.status_callback_method, address.as_str()).await;
        }
        Ok(Next::Verb)
    }

    pub(super) async fn play(&mut self, play: &Play, until: Option<Moment>) -> Result<Next, Over> {
        self.answer_unless_early(play.answer);
        let (early, loops) = (self.answered.is_none(), play.loops.unwrap_or(1));
        self.log(match &play.source {
            PlaySource::Url(url) => Event::HearsAudio { url: url.to_string(), early, loops },
            PlaySource::Digits(digits) => Event::HearsTones { digits: digits.to_string(), early, loops },
        });
        let once = sounding(play, &self.pace());
        let ended = self.sounds(repeated(once, loops), until)?;
        if let Some(address) = play.status_callback.as_ref().filter(|_| ended) {
            self.playback_is_over(play.status_callback_method, address.as_str()).await;
        }
        Ok(Next::Verb)
    }

    pub(super) fn pause(&mut self, pause: &Pause, until: Option<Moment>) -> Result<Next, Over> {
        if pause.answer == Some(true) {
            self.answer();
        }
        let length = silence(pause);
        self.log(Event::Waits { length });
        self.sounds(length, until)?;
        Ok(Next::Verb)
    }

    /// Prompts one after the other, until they are over or this moment comes.
    pub(super) async fn prompts(&mut self, prompts: &[Prompt], until: Moment) -> Result<(), Over> {
        for prompt in prompts {
            if self.now >= until {
                break;
            }
            match prompt {
                Prompt::Say(say) => self.say(say, Some(until)).await?,
                Prompt::Play(play) => self.play(play, Some(until)).await?,
                Prompt::Pause(pause) => self.pause(pause, Some(until))?,
            };
        }
        Ok(())
    }

    fn answer_unless_early(&mut self, answer: Option<bool>) {
        if answer != Some(false) {
            self.answer();
        }
    }

    /// Lets a sound last, and says whether it was heard to its end.
    fn sounds(&mut self, length: Span, until: Option<Moment>) -> Result<bool, Over> {
        let end = self.now + length;
        match until {
            Some(until) if until < end => self.advance_to(until).map(|()| false),
            _ => self.advance_to(end).map(|()| true),
        }
    }

    async fn playback_is_over(&mut self, method: Option<cxml::Method>, address: &str) {
        self.notify(Why::PlaybackStatus, method, address, &Vec::new()).await;
    }
}

/// How long prompts last, each heard once: a caller who hears one that never ends has then heard it all the same.
pub(super) fn heard_once(prompts: &[Prompt], pace: &Pace) -> Span {
    let length = |prompt: &Prompt| match prompt {
        Prompt::Say(say) => repeated(spoken(&say.content, pace), say.loops.unwrap_or(1).max(1)),
        Prompt::Play(play) => repeated(sounding(play, pace), play.loops.unwrap_or(1).max(1)),
        Prompt::Pause(pause) => silence(pause),
    };
    prompts.iter().map(length).sum()
}

/// How long words take to speak.
pub(super) fn words(text: &str, pace: &Pace) -> Span {
    // Breaks and indentation of a document are not spoken.
    let characters: usize = text.split_whitespace().map(|word| word.chars().count() + 1).sum();
    pace.character.times(u64::try_from(characters).unwrap_or(u64::MAX)).rounded_up()
}

fn spoken(content: &Mixed, pace: &Pace) -> Span {
    words(&content.plain_text(), pace) + breaks(content, pace)
}

/// What is not words: silence and sounds in speech.
fn breaks(content: &Mixed, pace: &Pace) -> Span {
    let length = |piece: &Ssml| match piece {
        Ssml::Break(silence) => Span::millis(silence.time.map_or(500, |time| u64::from(time.as_millis()))),
        Ssml::Audio(_) => pace.audio,
        Ssml::Element(element) => breaks(&element.content, pace),
        Ssml::Text(_) | Ssml::SayAs(_) => Span::ZERO,
    };
    content.as_slice().iter().map(length).sum()
}

fn sounding(play: &Play, pace: &Pace) -> Span {
    match &play.source {
        PlaySource::Url(_) => pace.audio,
        PlaySource::Digits(digits) => {
            let tone = |tone: char| if tone == 'w' { Span::millis(500) } else { pace.tone };
            digits.as_str().chars().map(tone).sum()
        }
    }
}

/// Source: vendor page Verb/pause (documented): one second unless it says otherwise.
fn silence(pause: &Pause) -> Span {
    pause.length.map_or(Span::seconds(1), |length| Span::millis(length.as_millis()))
}

/// Zero loops are endless: only the caller ends them.
fn repeated(once: Span, loops: u32) -> Span {
    if loops == 0 { Span::FOREVER } else { once.times(u64::from(loops)) }
}
