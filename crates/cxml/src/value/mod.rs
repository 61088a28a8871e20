//! What attributes and text are made of: small types that hold only what the platform accepts.

/// Declares a text type whose every value passed one check.
///
/// The check is the whole difference between these types, so it stands in the declaration; everything a
/// string type needs besides is the same for all of them.
macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident, $expected:literal, $accepts:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Accepts ", $expected, ".")]
            ///
            /// # Errors
            ///
            /// [`Invalid`](crate::Invalid) for anything else.
            pub fn new(text: impl Into<String>) -> Result<Self, $crate::Invalid> {
                let text = text.into();
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(&text) {
                    Ok(Self(text))
                } else {
                    Err($crate::Invalid::new(stringify!($name), &text, $expected))
                }
            }

            /// The text as it is written, before escaping.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text as it is written, before escaping.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> Result<Self, $crate::Invalid> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: &str) -> Result<Self, $crate::Invalid> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: String) -> Result<Self, $crate::Invalid> {
                Self::new(text)
            }
        }

        impl $crate::value::Value for $name {
            fn read(text: &str) -> Result<Self, $crate::Invalid> {
                Self::new(text)
            }
        }
    };
}

mod amount;
mod dtmf;
mod header;
mod invalid;
mod name;
mod password;
mod sip_address;
mod text;
mod url;
mod vocabulary;

pub use amount::{MaxParticipants, Seconds, Temperature};
pub use dtmf::{FinishOnKey, Key, KeySet, PlayDigits};
pub use header::{ExtraHeaders, Header, HeaderName, HeaderValue};
pub use invalid::Invalid;
pub use name::{
    ConferenceName, Language, ModelName, Msisdn, ProviderName, ServiceNumber, SessionToken, StreamName, TrunkName,
    Voice,
};
pub use password::Password;
pub use sip_address::{SipAddress, SipTransport};
pub use text::Text;
pub use url::{Url, WssUrl};
pub use vocabulary::{Listed, Method, RecordingEvent, Trim, ValueSet, Vocabulary};
pub(crate) use {text::is_xml_char, vocabulary::vocabulary};

use std::fmt::Display;

/// Something that can stand in an attribute or be the text of an element: `Display` writes it (unescaped),
/// `read` accepts exactly what `Display` can produce, and other spellings of it.
pub(crate) trait Value: Display + Sized {
    /// Understands an unescaped value.
    fn read(text: &str) -> Result<Self, Invalid>;
}

impl Value for bool {
    fn read(text: &str) -> Result<Self, Invalid> {
        if text.eq_ignore_ascii_case("true") {
            Ok(true)
        } else if text.eq_ignore_ascii_case("false") {
            Ok(false)
        } else {
            Err(Invalid::new("boolean", text, "`true` or `false`"))
        }
    }
}

impl Value for u32 {
    fn read(text: &str) -> Result<Self, Invalid> {
        whole_number(text).ok_or_else(|| Invalid::new("number", text, "a whole number, 0 to 4294967295"))
    }
}

impl Value for std::num::NonZeroU32 {
    fn read(text: &str) -> Result<Self, Invalid> {
        whole_number(text)
            .and_then(Self::new)
            .ok_or_else(|| Invalid::new("number", text, "a whole number, 1 to 4294967295"))
    }
}

/// Digits only: the standard parser also takes a leading `+`, which nothing says the platform does.
fn whole_number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
