//! The address at which the platform reaches this server.

use std::fmt;
use std::str::FromStr;

/// An `http` or `https` address without query and fragment, at most 200 characters; documents append paths to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl(Box<str>);

/// A text that is no such address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an address like https://pbx.example.com")]
pub struct NotAnAddress;

impl PublicUrl {
    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PublicUrl {
    /// Scheme and host, as a browser names the origin of a page.
    pub(crate) fn origin(&self) -> &str {
        let path = self.0.split_once("://").and_then(|(scheme, rest)| Some(scheme.len() + 3 + rest.find('/')?));
        path.map_or(&self.0, |path| self.0.get(..path).unwrap_or(&self.0))
    }
}

impl FromStr for PublicUrl {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let address = text.trim_end_matches('/');
        let uri: axum::http::Uri = address.parse().map_err(|_| NotAnAddress)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        let host = uri.host().is_some_and(|host| !host.is_empty());
        let bare = uri.query().is_none() && !address.contains('#');
        if web && host && bare && address.len() <= 200 { Ok(Self(address.into())) } else { Err(NotAnAddress) }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_before_paths() {
        for (text, kept) in [
            ("https://pbx.example.com/", "https://pbx.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://example.com/pbx", "https://example.com/pbx"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().as_str(), kept);
        }
        for bad in
            ["", "pbx.example.com", "ftp://example.com", "https://", "https://a.b/?x=1", "https://a.b/#x", "/api"]
        {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }
}
