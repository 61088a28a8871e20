//! Short texts with a rule: names, voices, trunks. A text that holds one is within its length and free of control
//! characters. What goes into a document of the platform has the rule that `cxml` has for it, so that rendering cannot
//! fail.

use crate::invalid::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Writes one text type: its limits, its error, and a test for characters.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $min:literal..=$max:literal, $allowed:expr, $expected:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let allowed: fn(&str) -> bool = $allowed;
                if ($min..=$max).contains(&text.chars().count()) && allowed(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(Invalid::expected($expected))
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        crate::spelled::spelled!($name);
    )*};
}

/// Anything that can stand in one line.
fn printable(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// Anything that can stand in a text of several lines.
fn printable_or_break(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t')
}

/// Printable ASCII without blanks.
fn token(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Something, `@`, and the name of a host. A second `@` stands in quotes or not at all.
fn address(text: &str) -> bool {
    let Some((person, host)) = text.rsplit_once('@').filter(|_| token(text)) else { return false };
    let quoted = person.len() > 2 && person.starts_with('"') && person.ends_with('"');
    let is_person = (1..=64).contains(&person.len()) && (quoted || !person.contains('@'));
    is_person && host.split('.').all(|label| !label.is_empty()) && !host.contains(['/', ':', ',', ';'])
}

texts! {
    /// What people call an object.
    Name, 1..=255, printable, "a name of 1 to 255 characters";
    /// A sentence about an object, for people.
    Note, 0..=1_000, printable_or_break, "a text of at most 1,000 characters";
    /// What a prompt says.
    SpokenText, 1..=4_000, printable_or_break, "a text of 1 to 4,000 characters";
    /// A voice of the platform's speech engine, by its own name.
    Voice, 1..=100, |text| cxml::Voice::new(text).is_ok(), "the name of a voice (1 to 100 characters)";
    /// A carrier trunk at the platform, by name. A comma is not allowed: the platform's sources disagree about lists.
    TrunkName, 1..=100, |text| cxml::TrunkName::new(text).is_ok(), "the name of a trunk (1 to 100 characters, no comma)";
    /// What stands before a caller's name on the called phone.
    CallerNamePrefix, 1..=20, printable, "a text of 1 to 20 characters";
    /// What an outbound rule dials before the number.
    DialPrefix, 0..=16, |text| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'*' | b'#')), "at most 16 of 0-9 * # +";
    /// A voice-agent service at the platform, such as `retell`.
    ServiceProvider, 1..=60, |text| cxml::ProviderName::new(text).is_ok(), "the name of a service (1 to 60 characters, no blanks)";
    /// The number or name that a voice-agent service knows an assistant by.
    ServiceNumber, 1..=100, |text| cxml::ServiceNumber::new(text).is_ok(), "a number or name at the service (1 to 100 characters, no blanks)";
    /// The name of a stream parameter.
    ParameterName, 1..=100, token, "a parameter name (1 to 100 characters, no blanks)";
    /// The value of a stream parameter, or a user name.
    ParameterValue, 0..=1_000, printable, "a text of at most 1,000 characters";
    /// An e-mail address; only its shape is checked: something, `@`, the name of a host.
    EmailAddress, 3..=254, address, "an e-mail address like alice@acme.example";
    /// A time zone by its IANA name. Whether the zone database knows it is found out when the plan is compiled.
    ZoneName, 1..=100,
        |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+')), "a time zone like America/New_York";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_and_control_characters_are_refused() {
        assert!("Süd".parse::<Name>().is_ok());
        assert!("".parse::<Name>().is_err());
        assert!("a\nb".parse::<Name>().is_err());
        assert!("a\nb".parse::<SpokenText>().is_ok());
        assert!("äöüäöüäöüäöüäöüäöüäö".parse::<CallerNamePrefix>().is_ok());
        assert!("a,b".parse::<TrunkName>().is_err());
    }

    #[test]
    fn an_address_has_somebody_and_somewhere() {
        for good in ["alice@acme.example", "a+b@acme.example", "root@localhost", "\"a@b\"@acme.example"] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
        }
        for bad in
            ["alice", "@acme.example", "alice@", "alice@acme..example", "a b@acme.example", "a@b.example,c@d.example"]
        {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
    }
}
