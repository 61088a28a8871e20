//! What the platform says about a call: a query, a form, an object of JSON, or several of them.
//!
//! The fields of the platform's reference (docs/platform.md) that decide something are read, all others ignored. A
//! value is a text or a number; an object, a list, a `null` or a truth value says nothing.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The fields of a voice request that decide something. Those of the body go before those of the address.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct VoiceRequest {
    pub(super) domain: Option<String>,
    pub(super) session: Option<String>,
    pub(super) call_sid: Option<String>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) caller_name: Option<String>,
    pub(super) direction: Option<String>,
    pub(super) call_status: Option<String>,
    pub(super) dial_call_status: Option<String>,
    pub(super) digits: Option<String>,
    pub(super) speech_result: Option<String>,
    pub(super) recording_url: Option<String>,
    pub(super) recording_duration: Option<String>,
}

impl VoiceRequest {
    /// The platform's token of the call.
    pub(super) fn call_id(&self) -> Option<&str> {
        let given = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).is_some();
        let id = if given(&self.session) { &self.session } else { &self.call_sid };
        id.as_deref().filter(|id| !id.is_empty())
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "Domain" => &mut self.domain,
            "Session" => &mut self.session,
            "CallSid" => &mut self.call_sid,
            "From" => &mut self.from,
            "To" => &mut self.to,
            "CallerName" => &mut self.caller_name,
            "Direction" => &mut self.direction,
            "CallStatus" => &mut self.call_status,
            "DialCallStatus" => &mut self.dial_call_status,
            "Digits" => &mut self.digits,
            "SpeechResult" => &mut self.speech_result,
            "RecordingUrl" => &mut self.recording_url,
            "RecordingDuration" => &mut self.recording_duration,
            _ => return None,
        })
    }

    /// Reads `name=value&…`.
    pub(super) fn read_form(&mut self, text: &[u8]) {
        for (name, value) in form_urlencoded::parse(text) {
            if let Some(field) = self.field(&name) {
                *field = Some(value.into_owned());
            }
        }
    }

    /// Reads a body. What kind it is, it says itself; the header decides where it does not.
    ///
    /// # Errors
    ///
    /// When it is nothing that the platform sends. What was read until then stays.
    pub(super) fn read_body(&mut self, content_type: Option<&str>, body: &[u8]) -> Result<(), String> {
        let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        if text.is_empty() {
            return Ok(());
        }
        let said = |kind: &str| content_type.is_some_and(|said| said.to_ascii_lowercase().contains(kind));
        if said("form-urlencoded") || !text.starts_with(b"{") && !said("json") && text.contains(&b'=') {
            self.read_form(text);
            return Ok(());
        }
        // Carriers send names in whatever encoding; a letter that nobody can read must not cost the call. What is UTF-8,
        // nearly all of it, is checked several bytes at a time, which the lossy reading does not do.
        let text = std::str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text), Cow::Borrowed);
        let mut json = serde_json::Deserializer::from_str(&text);
        let read = json.deserialize_map(&mut *self).and_then(|()| json.end());
        read.map_err(|fault| fault.to_string())
    }
}

impl<'de> Visitor<'de> for &mut VoiceRequest {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(Name(self))? {
            match field {
                Some(field) => {
                    if let Scalar(Some(value)) = map.next_value()? {
                        *field = Some(value);
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The name of a field, read into the place for its value.
struct Name<'r>(&'r mut VoiceRequest);

impl<'de, 'r> DeserializeSeed<'de> for Name<'r> {
    type Value = Option<&'r mut Option<String>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'r> Visitor<'_> for Name<'r> {
    type Value = Option<&'r mut Option<String>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.field(name))
    }
}

/// A text or a number; anything else is nothing.
struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self(None))
    }
}

impl<'de> Visitor<'de> for Scalar {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self, E> {
        Ok(Self(Some(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self, E> {
        Ok(Self(Some(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self, E> {
        Ok(Self(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self, E> {
        Ok(Self(Some(number.to_string())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(Self(None))
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(Self(None))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: Option<&str>, body: &str) -> Result<VoiceRequest, String> {
        let mut request = VoiceRequest::default();
        request.read_body(content_type, body.as_bytes()).map(|()| request)
    }

    #[test]
    fn values_are_texts_or_numbers_and_the_rest_says_nothing() {
        let body = r#" {"From": 1004, "To":"3000\u0030", "Digits": 7, "RecordingDuration": 12.5, "Session": null,
            "CallSid": ["x", {"y": 1}], "Domain": {"name": "acme"}, "CallStatus": true, "CallerName": -1,
            "SessionData": {"From": "9999", "profile": {"To": [1, 2]}}, "Unknown": "x"} "#;
        let request = read(Some("application/json"), body).unwrap();
        let expected = VoiceRequest {
            from: Some("1004".into()),
            to: Some("30000".into()),
            digits: Some("7".into()),
            recording_duration: Some("12.5".into()),
            caller_name: Some("-1".into()),
            ..VoiceRequest::default()
        };
        assert_eq!(request, expected);
    }

    #[test]
    fn the_body_goes_before_the_address_and_fills_what_it_leaves_out() {
        let mut request = VoiceRequest::default();
        request.read_form(b"From=1&To=2&Domain=a");
        request.read_body(None, br#"{"To": "3", "Domain": null}"#).unwrap();
        let read = (request.from.as_deref(), request.to.as_deref(), request.domain.as_deref());
        assert_eq!(read, (Some("1"), Some("3"), Some("a")));
    }

    #[test]
    fn the_kind_of_a_body_is_seen_in_it() {
        for content_type in [None, Some("text/plain"), Some("application/json; charset=utf-8")] {
            assert_eq!(read(content_type, r#"{"From":"1"}"#).unwrap().from.as_deref(), Some("1"));
        }
        for content_type in [None, Some("application/x-www-form-urlencoded"), Some("text/plain")] {
            assert_eq!(read(content_type, "From=%2B1+212&x").unwrap().from.as_deref(), Some("+1 212"));
        }
        assert_eq!(read(None, "\u{feff}{\"From\":\"1\"}").unwrap().from.as_deref(), Some("1"));
        assert_eq!(read(None, " \n"), Ok(VoiceRequest::default()));
    }

    #[test]
    fn what_the_platform_never_sends_is_unreadable() {
        for body in ["{", "{\"From\":", "[]", "[{\"From\":\"1\"}]", "nonsense", "{} {}", "\"x\"", "<Response/>"] {
            assert!(read(None, body).is_err(), "{body}");
        }
        assert!(read(Some("application/json"), "From=1").is_err());
    }

    #[test]
    fn a_letter_that_is_no_utf_8_costs_only_itself() {
        let mut request = VoiceRequest::default();
        request.read_body(None, b"{\"From\":\"1001\",\"CallerName\":\"M\xfcller\",\"Other\":\"\xff\"}").unwrap();
        assert_eq!(request.from.as_deref(), Some("1001"));
        assert_eq!(request.caller_name.as_deref(), Some("M\u{fffd}ller"));
    }

    #[test]
    fn a_call_is_known_by_its_session() {
        let call = |session: &str, sid: &str| VoiceRequest {
            session: Some(session.into()),
            call_sid: Some(sid.into()),
            ..VoiceRequest::default()
        };
        assert_eq!(call("s", "c").call_id(), Some("s"));
        assert_eq!(call("", "c").call_id(), Some("c"));
        assert_eq!(VoiceRequest::default().call_id(), None);
    }
}
