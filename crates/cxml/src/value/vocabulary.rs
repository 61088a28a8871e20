use std::collections::BTreeSet;
use std::fmt;

use super::{Invalid, Value};

/// A closed list of words, one of which is the value of an attribute.
pub trait Vocabulary: Copy + Ord + fmt::Display + 'static {
    /// Every word, in the order the platform's documentation lists them.
    const ALL: &'static [Self];

    /// The word as it is written.
    fn as_str(self) -> &'static str;
}

/// Declares an enumeration of attribute values: the variants with their exact spelling. Reading ignores case,
/// writing never varies it. A second spelling is only ever read.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $other:literal)*,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* #[doc = concat!("\n\nWritten `", $word, "`.")] $variant,)+ }

        impl $name {
            /// Every value, in the order the platform's documentation lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl $crate::Vocabulary for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> Result<Self, $crate::Invalid> {
                $(if text.eq_ignore_ascii_case($word) $(|| text.eq_ignore_ascii_case($other))* {
                    return Ok(Self::$variant);
                })+
                Err($crate::Invalid::new(stringify!($name), text, concat!("one of", $(" `", $word, "`"),+)))
            }
        }

        impl $crate::value::Value for $name {
            fn read(text: &str) -> Result<Self, $crate::Invalid> {
                text.parse()
            }
        }
    };
}
pub(crate) use vocabulary;

/// A vocabulary of which an attribute may name several words at once.
pub trait Listed: Vocabulary {
    /// What stands between two words. Readers take commas and spaces alike.
    const SEPARATOR: &'static str;
    /// How "none of them" is written.
    const NONE: &'static str;
    /// What is expected, in words, for errors.
    const EXPECTED: &'static str;
}

/// Any number of different words of one vocabulary, in canonical order.
///
/// ```
/// use cxml::{ConferenceEvent, ValueSet};
///
/// let events: ValueSet<_> = [ConferenceEvent::Leave, ConferenceEvent::Join].into();
/// assert_eq!(events.to_string(), "join,leave");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueSet<T: Listed>(BTreeSet<T>);

impl<T: Listed> ValueSet<T> {
    /// A set without a word in it.
    pub const fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// Adds a word; says whether it is new.
    pub fn insert(&mut self, word: T) -> bool {
        self.0.insert(word)
    }

    /// Whether the word is in the set.
    pub fn contains(&self, word: T) -> bool {
        self.0.contains(&word)
    }

    /// Whether no word is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words, in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }
}

impl<T: Listed> Default for ValueSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Listed> FromIterator<T> for ValueSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

impl<T: Listed, const N: usize> From<[T; N]> for ValueSet<T> {
    fn from(words: [T; N]) -> Self {
        words.into_iter().collect()
    }
}

impl<T: Listed> fmt::Display for ValueSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str(T::NONE);
        }
        for (index, word) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(T::SEPARATOR)?;
            }
            f.write_str(word.as_str())?;
        }
        Ok(())
    }
}

impl<T: Listed> Value for ValueSet<T> {
    fn read(text: &str) -> Result<Self, Invalid> {
        if text.eq_ignore_ascii_case(T::NONE) {
            return Ok(Self::new());
        }
        text.split([',', ' ', '\t', '\n', '\r'])
            .filter(|word| !word.is_empty())
            .map(|word| {
                T::ALL
                    .iter()
                    .copied()
                    .find(|known| known.as_str().eq_ignore_ascii_case(word))
                    .ok_or_else(|| Invalid::new("list", text, T::EXPECTED))
            })
            .collect()
    }
}

vocabulary! {
    /// How the platform sends a request.
    ///
    /// Source: vendor pages of every verb with a callback; the platform's default is always `POST`.
    pub enum Method {
        /// Parameters in the query string.
        Get = "GET",
        /// Parameters in the body.
        Post = "POST",
    }
}

vocabulary! {
    /// When `recordingStatusCallback` is requested. The platform's default is `completed`.
    ///
    /// Source: vendor pages Verb/record, Verb/dial/conference.
    pub enum RecordingEvent {
        /// The recording has begun.
        InProgress = "in-progress",
        /// The recording is ready.
        Completed = "completed",
        /// There is no recording.
        Absent = "absent",
    }
}

vocabulary! {
    /// What happens to silence at both ends of a recording. The platform's default is `trim-silence`.
    ///
    /// A conference spells the second value differently: [`ConferenceTrim`](crate::ConferenceTrim).
    ///
    /// Source: vendor page Verb/record.
    pub enum Trim {
        /// Silence is cut off.
        TrimSilence = "trim-silence",
        /// Silence stays.
        DoNotTrim = "do-not-trim",
    }
}
