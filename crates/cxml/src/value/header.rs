use std::fmt;

use super::{Invalid, Value, is_xml_char};

text_type! {
    /// The name of a custom SIP header. It begins with `X-`: the platform ignores every other name.
    ///
    /// Source: vendor page Verb/dial/header.
    HeaderName,
    "`X-` and at least one more character of a SIP header name",
    |text| {
        text.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("x-"))
            && text.len() > 2
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte))
    }
}

text_type! {
    /// The value of a SIP header: one line. A line end in it would let the value add headers of its own.
    ///
    /// Source: vendor page Verb/dial/header.
    HeaderValue,
    "one line of text without control characters",
    |text| text.chars().all(is_header_char)
}

fn is_header_char(c: char) -> bool {
    !c.is_control() && is_xml_char(c)
}

impl HeaderValue {
    /// Drops the characters a header cannot carry.
    pub fn lossy(text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.retain(is_header_char);
        Self(text)
    }
}

/// A SIP header that a [`Dial`](crate::Dial) adds to the leg it calls. Subscribers reached without registration do
/// not get it.
///
/// Source: vendor page Verb/dial/header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Header {
    /// The name, with its `X-`.
    pub name: HeaderName,
    /// The value.
    pub value: HeaderValue,
}

impl Header {
    /// A header of this name and value.
    pub fn new(name: HeaderName, value: HeaderValue) -> Self {
        Self { name, value }
    }
}

/// The value of the `headers` attribute of [`Dial`](crate::Dial): one or more headers, written
/// `application/x-www-form-urlencoded`.
///
/// ```
/// use cxml::{ExtraHeaders, Header, HeaderName, HeaderValue};
///
/// let header = Header::new(HeaderName::new("X-Queue").unwrap(), HeaderValue::new("Sales & support").unwrap());
/// assert_eq!(ExtraHeaders::new(header).to_string(), "X-Queue=Sales+%26+support");
/// ```
///
/// Source: vendor page Verb/dial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtraHeaders(Vec<Header>);

impl ExtraHeaders {
    /// One header; more are pushed.
    pub fn new(first: Header) -> Self {
        Self(vec![first])
    }

    /// Adds a header behind the others.
    pub fn push(&mut self, header: Header) {
        self.0.push(header);
    }

    /// The headers, in order.
    pub fn as_slice(&self) -> &[Header] {
        &self.0
    }
}

impl TryFrom<Vec<Header>> for ExtraHeaders {
    type Error = Invalid;

    fn try_from(headers: Vec<Header>) -> Result<Self, Invalid> {
        if headers.is_empty() { Err(Invalid::new("ExtraHeaders", "", EXPECTED)) } else { Ok(Self(headers)) }
    }
}

const EXPECTED: &str = "at least one `X-Name=value`, joined with `&`, form-urlencoded";

impl fmt::Display for ExtraHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, header) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("&")?;
            }
            form_encode(header.name.as_str(), f)?;
            f.write_str("=")?;
            form_encode(header.value.as_str(), f)?;
        }
        Ok(())
    }
}

impl Value for ExtraHeaders {
    fn read(text: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("ExtraHeaders", text, EXPECTED);
        let headers: Option<Vec<_>> = text
            .split('&')
            .map(|pair| {
                let (name, value) = pair.split_once('=')?;
                let name = HeaderName::new(form_decode(name)?).ok()?;
                let value = HeaderValue::new(form_decode(value)?).ok()?;
                Some(Header { name, value })
            })
            .collect();
        Self::try_from(headers.ok_or_else(refuse)?)
    }
}

/// The serializer of the URL standard, section 5.2: letters, digits and `*-._` stay, a space is `+`.
fn form_encode(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in text.bytes() {
        match byte {
            b' ' => f.write_str("+")?,
            b'*' | b'-' | b'.' | b'_' => write!(f, "{}", char::from(byte))?,
            byte if byte.is_ascii_alphanumeric() => write!(f, "{}", char::from(byte))?,
            byte => write!(f, "%{byte:02X}")?,
        }
    }
    Ok(())
}

/// `None` when a percent sign is not followed by two hexadecimal digits, or the result is not UTF-8.
fn form_decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}
