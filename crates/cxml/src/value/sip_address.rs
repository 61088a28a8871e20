use super::vocabulary;

text_type! {
    /// A SIP address in the grammar of the platform,
    /// `[sip:]user@domain[:port][;transport={udp|tcp|tls}[;param=value…]]`: a transport comes before any other
    /// parameter, and `sips:` is not part of it.
    ///
    /// ```
    /// use cxml::{SipAddress, SipTransport};
    ///
    /// let address = SipAddress::new("sip:1001@acme.cloudonix.net:5061;transport=tls").unwrap();
    /// assert_eq!((address.user(), address.domain(), address.port()), ("1001", "acme.cloudonix.net", Some(5061)));
    /// assert_eq!(address.transport(), Some(SipTransport::Tls));
    /// assert!(SipAddress::new("1001").is_err());
    /// ```
    ///
    /// Source: vendor page Verb/dial/sip.
    SipAddress,
    "`[sip:]user@domain[:port][;transport=udp|tcp|tls[;param=value…]]`",
    |text| Parts::of(text).is_some()
}

vocabulary! {
    /// How SIP travels to an address.
    pub enum SipTransport {
        /// Datagrams.
        Udp = "udp",
        /// A stream.
        Tcp = "tcp",
        /// An encrypted stream.
        Tls = "tls",
    }
}

/// The pieces of an address that passed the grammar.
struct Parts<'a> {
    user: &'a str,
    domain: &'a str,
    port: Option<u16>,
    transport: Option<SipTransport>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = match text.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("sip:") => &text[4..],
            _ => text,
        };
        let (user, rest) = text.split_once('@')?;
        let mut parameters = rest.split(';');
        let (domain, port) = host_and_port(parameters.next()?)?;
        if user.is_empty() || !user.bytes().all(is_user_byte) {
            return None;
        }
        let transport = match parameters.next() {
            None => None,
            Some(first) => {
                let (name, value) = first.split_once('=')?;
                if !name.eq_ignore_ascii_case("transport") {
                    return None;
                }
                Some(value.parse().ok()?)
            }
        };
        let well_formed = |parameter: &str| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                !name.is_empty()
                    && !value.is_empty()
                    && name.bytes().all(is_parameter_byte)
                    && value.bytes().all(is_parameter_byte)
            })
        };
        parameters.all(well_formed).then_some(Self { user, domain, port, transport })
    }
}

fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    // An IPv6 address has colons of its own, hence the brackets.
    let split = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
    let (host, port) = text.split_at(split);
    let named = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let numbered = |host: &str| host.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte));
    let good_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(inner) => !inner.is_empty() && numbered(inner),
        None => !host.is_empty() && named(host),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|&port: &u16| port != 0)?)
        }
        Some(_) => return None,
    };
    good_host.then_some((host, port))
}

/// `user` of RFC 3261 without `;`, `?`, `:` and `/`: they would make the address mean something else to a reader
/// that splits it the way the platform's grammar does.
fn is_user_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,%#".contains(&byte)
}

fn is_parameter_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()[]/:&+$%".contains(&byte)
}

impl SipAddress {
    /// What stands before the `@`.
    pub fn user(&self) -> &str {
        Parts::of(self.as_str()).map_or("", |parts| parts.user)
    }

    /// The host name or address behind the `@`; an IPv6 address keeps its brackets.
    pub fn domain(&self) -> &str {
        Parts::of(self.as_str()).map_or("", |parts| parts.domain)
    }

    /// The port, 1 to 65535, when one is written.
    pub fn port(&self) -> Option<u16> {
        Parts::of(self.as_str()).and_then(|parts| parts.port)
    }

    /// The transport, when one is written.
    pub fn transport(&self) -> Option<SipTransport> {
        Parts::of(self.as_str()).and_then(|parts| parts.transport)
    }
}
