//! What an organization is called at the platform.

use std::fmt;
use std::str::FromStr;

/// The name of a domain at the platform, such as `acme.cloudonix.net`, in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DomainName(Box<str>);

/// The platform's identifier of a domain: a UUID, in lower case with its hyphens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DomainUuid(Box<str>);

/// A text that is no name of a domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected the name of a domain like acme.cloudonix.net, without a scheme or a port")]
pub struct NoDomainName;

/// A text that is no identifier of a domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected an identifier like 2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f")]
pub struct NoDomainUuid;

impl FromStr for DomainName {
    type Err = NoDomainName;

    fn from_str(text: &str) -> Result<Self, NoDomainName> {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // An address of the network is no name: nobody has it as a domain, and a port would never match.
        let is_name = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
        let is_address = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_name && !is_address { Ok(Self(text.to_ascii_lowercase().into())) } else { Err(NoDomainName) }
    }
}

impl FromStr for DomainUuid {
    type Err = NoDomainUuid;

    fn from_str(text: &str) -> Result<Self, NoDomainUuid> {
        match uuid::Uuid::try_parse(text) {
            Ok(uuid) if text.len() == 36 => Ok(Self(uuid.hyphenated().to_string().into())),
            _ => Err(NoDomainUuid),
        }
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DomainUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_name_and_nothing_around_it() {
        for good in ["acme.cloudonix.net", "ACME.Cloudonix.Net", "a-1.example", "acme_2.cloudonix.net"] {
            assert_eq!(good.parse::<DomainName>().unwrap().to_string(), good.to_ascii_lowercase());
        }
        let long = format!("{}.net", "a".repeat(64));
        for bad in [
            "",
            "acme",
            "https://acme.cloudonix.net",
            "acme.cloudonix.net:5060",
            "acme.cloudonix.net/",
            ".net",
            "acme..net",
            "acme.net.",
            "-acme.net",
            "acme net.net",
            "192.0.2.7",
            "ацме.net",
            &long,
        ] {
            assert_eq!(bad.parse::<DomainName>(), Err(NoDomainName), "{bad}");
        }
    }

    #[test]
    fn an_identifier_has_its_usual_form() {
        let uuid = "2B1D7C3E-0000-4000-8000-9a0b1c2d3e4f";
        assert_eq!(uuid.parse::<DomainUuid>().unwrap().to_string(), uuid.to_ascii_lowercase());
        for bad in ["", "4321", "2b1d7c3e0000400080009a0b1c2d3e4f", "{2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f}", "x"] {
            assert_eq!(bad.parse::<DomainUuid>(), Err(NoDomainUuid), "{bad}");
        }
    }
}
