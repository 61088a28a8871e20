use super::{Pause, Play, Say};
use crate::read::{Element, Fault};
use crate::write::Writer;

/// What the caller hears while a [`Gather`](crate::Gather) listens, or before a [`Record`](crate::Record) begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Speech.
    Say(Say),
    /// Audio.
    Play(Play),
    /// Silence.
    Pause(Pause),
}

impl Prompt {
    pub(crate) fn read(element: Element<'_>, parent: &str, expected: &str) -> Result<Self, Fault> {
        Ok(match element.name.to_ascii_lowercase().as_str() {
            "say" => Say::read(element)?.into(),
            "play" => Play::read(element)?.into(),
            "pause" => Pause::read(element)?.into(),
            _ => return Err(element.unexpected(parent, expected)),
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Say(say) => say.write(writer),
            Self::Play(play) => play.write(writer),
            Self::Pause(pause) => pause.write(writer),
        }
    }
}

impl From<Say> for Prompt {
    fn from(say: Say) -> Self {
        Self::Say(say)
    }
}

impl From<Play> for Prompt {
    fn from(play: Play) -> Self {
        Self::Play(play)
    }
}

impl From<Pause> for Prompt {
    fn from(pause: Pause) -> Self {
        Self::Pause(pause)
    }
}
