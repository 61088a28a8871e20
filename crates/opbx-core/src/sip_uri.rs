//! SIP addresses, for phones and services that are reached without a subscriber.

use crate::invalid::Invalid;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(SipUri);

/// `[sip:]user@domain[:port][;parameter…]`, the grammar of the platform's `Sip` noun, held without the scheme.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SipUri(Box<str>);

impl SipUri {
    /// The address without `sip:`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SipUri {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: Invalid = Invalid::expected("a SIP address like bob@example.com");
        let address = match text.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("sip:") => text.get(4..).unwrap_or_default(),
            _ => text,
        };
        // The document that dials it has the last word on what an address is.
        match cxml::SipAddress::new(address) {
            Ok(_) if address.len() <= 255 => Ok(Self(address.into())),
            _ => Err(EXPECTED),
        }
    }
}

impl fmt::Display for SipUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_of_the_platform_is_kept() {
        for good in ["bob@example.com", "sip:bob@example.com:5061;transport=tls", "+12125550100@gw-1.example.com"] {
            assert!(good.parse::<SipUri>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "bob",
            "@example.com",
            "bob@",
            "bob@exa mple",
            "bob@example.com:0",
            "a@b@c",
            "bob@example.com;",
            "sip:",
        ] {
            assert!(bad.parse::<SipUri>().is_err(), "{bad}");
        }
        assert_eq!("SIP:bob@example.com".parse::<SipUri>().unwrap().as_str(), "bob@example.com");
    }
}
