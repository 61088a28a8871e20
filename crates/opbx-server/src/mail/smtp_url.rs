//! The address of a mail server.

use axum::http::Uri;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// `smtps://user:password@host:port` (TLS from the first byte, port 465), `smtp://…?tls=required` (STARTTLS, port 587) or
/// `smtp://host:port` (nothing is encrypted, port 25). A password only goes over an encrypted connection, or to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    text: Box<str>,
    host: Box<str>,
    protection: Protection,
}

/// How a connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Protection {
    None,
    StartTls,
    Wrapped,
}

/// A text that is no address of a mail server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "an address like smtps://user:password@mail.example.com or smtp://mail.example.com:587?tls=required; with a password \
     it must be one of these two forms"
)]
pub struct NotASmtpUrl;

impl SmtpUrl {
    /// The whole address, its password included.
    pub(super) fn reveal(&self) -> &str {
        &self.text
    }

    /// The name of the server.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn protection(&self) -> Protection {
        self.protection
    }
}

impl FromStr for SmtpUrl {
    type Err = NotASmtpUrl;

    fn from_str(text: &str) -> Result<Self, NotASmtpUrl> {
        let uri: Uri = text.parse().map_err(|_| NotASmtpUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(NotASmtpUrl)?;
        let protection = match (uri.scheme_str(), uri.query()) {
            (Some("smtps"), None) => Protection::Wrapped,
            (Some("smtp"), Some("tls=required")) => Protection::StartTls,
            (Some("smtp"), None) => Protection::None,
            _ => return Err(NotASmtpUrl),
        };
        let has_password = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        let here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        if has_password && protection == Protection::None && !here {
            return Err(NotASmtpUrl);
        }
        Ok(Self { text: text.into(), host: host.into(), protection })
    }
}

/// Without its password.
impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpUrl").field("host", &self.host).field("protection", &self.protection).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_it_is_protected() {
        for (text, protection) in [
            ("smtps://mail.example.com", Protection::Wrapped),
            ("smtps://user:pass%40word@mail.example.com:2465", Protection::Wrapped),
            ("smtp://user:password@mail.example.com?tls=required", Protection::StartTls),
            ("smtp://mail.example.com:2525", Protection::None),
            ("smtp://user:password@127.0.0.1:25", Protection::None),
        ] {
            let url: SmtpUrl = text.parse().unwrap();
            assert_eq!(url.protection(), protection, "{text}");
            assert!(!format!("{url:?}").contains("pass"), "{url:?}");
        }
        for bad in [
            "",
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://user:password@mail.example.com",
            "smtp://mail.example.com?tls=opportunistic",
            "smtp://mail.example.com?tls=none",
        ] {
            assert_eq!(bad.parse::<SmtpUrl>(), Err(NotASmtpUrl), "{bad}");
        }
    }
}
