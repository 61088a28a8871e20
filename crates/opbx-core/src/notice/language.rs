//! The languages OPBX speaks by itself.

use crate::region::LanguageTag;
use jiff::civil::Weekday;

/// A language with all sentences.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The language for a tag: that of its first part, or English where there is none.
    pub fn of(tag: &LanguageTag) -> Self {
        match tag.primary().as_str() {
            "es" => Self::Spanish,
            _ => Self::English,
        }
    }

    /// Its tag for the speech engine of the platform, whose own default is `en-US`.
    pub const fn speech_tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Spanish => "es-ES",
        }
    }

    /// The name of a weekday.
    pub const fn weekday(self, day: Weekday) -> &'static str {
        let (english, spanish) = match day {
            Weekday::Monday => ("Mon", "lun"),
            Weekday::Tuesday => ("Tue", "mar"),
            Weekday::Wednesday => ("Wed", "mié"),
            Weekday::Thursday => ("Thu", "jue"),
            Weekday::Friday => ("Fri", "vie"),
            Weekday::Saturday => ("Sat", "sáb"),
            Weekday::Sunday => ("Sun", "dom"),
        };
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}
