//! The captured request, as the bytes of HTTP that it travels in.

/// A request whose session can be replaced in place: every one is another call, and none is longer than the other.
#[derive(Clone, PartialEq, Debug)]
pub struct Captured {
    bytes: Vec<u8>,
    /// Where the session stands.
    places: Vec<usize>,
}

/// The platform's sessions are 32 hexadecimal digits.
const SESSION: usize = 32;
/// What stands in a whole request for digits of its own.
const DIGITS: &str = "00000000000000000000000000000000";

impl Captured {
    /// Puts the request together; the body stays as it is, but for the session.
    ///
    /// # Errors
    ///
    /// The body has no session of 32 digits.
    pub fn new(host: &str, key: &str, body: &str) -> Result<Self, String> {
        let said = body.split_once("\"Session\"").and_then(|(_, rest)| rest.split('"').nth(1));
        let session = said.filter(|session| session.len() == SESSION).ok_or("The body has no session of 32 digits.")?;
        let request = format!(
            "POST /api/voice/route HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let places = request.match_indices(session).map(|(place, _)| place).collect();
        Ok(Self { places, bytes: request.into_bytes() })
    }

    /// A whole request as it is, of any address; where thirty-two zeros stand, something else stands in each.
    pub fn whole(request: &str) -> Self {
        let places = request.match_indices(DIGITS).map(|(place, _)| place).collect();
        Self { places, bytes: request.as_bytes().to_vec() }
    }

    /// The request of this call.
    pub fn of(&mut self, call: u128) -> &[u8] {
        let session = format!("{call:032x}");
        for &place in &self.places {
            if let Some(old) = self.bytes.get_mut(place..place + SESSION) {
                old.copy_from_slice(session.as_bytes());
            }
        }
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_replaced_everywhere_and_nothing_else() {
        let old = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";
        let body = format!(r#"{{"To":"3000","Session": "{old}","SessionData":{{"token":"{old}"}}}}"#);
        let mut captured = Captured::new("localhost:1", "secret", &body).unwrap();
        let first = captured.of(1).to_vec();
        let second = String::from_utf8(captured.of(0xabc).to_vec()).unwrap();
        assert_eq!(first.len(), second.len());
        assert!(!second.contains(old));
        assert!(second.ends_with(&body.replace(old, &format!("{:032x}", 0xabc))), "{second}");
        assert!(second.contains("\r\nAuthorization: Bearer secret\r\n"));
    }

    #[test]
    fn a_whole_request_differs_where_it_says_so() {
        let mut list = Captured::whole("GET / HTTP/1.1\r\n\r\n");
        assert_eq!(list.of(1).to_vec(), list.of(2).to_vec());
        let mut patch = Captured::whole(&format!("PATCH / HTTP/1.1\r\n\r\n{{\"name\":\"{DIGITS}\"}}"));
        assert!(String::from_utf8(patch.of(0xabc).to_vec()).unwrap().ends_with("0abc\"}"));
    }

    #[test]
    fn a_body_without_a_session_is_no_voice_request() {
        assert!(Captured::new("localhost:1", "secret", "{}").is_err());
        assert!(Captured::new("localhost:1", "secret", r#"{"Session":"7"}"#).is_err());
    }
}
