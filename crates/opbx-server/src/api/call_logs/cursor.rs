//! A place in the log as a text that stands in an address.

use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use opbx_store::CallCursor;

/// The text for a place. Clients hand it back as it is.
pub(super) fn written(CallCursor { initiated_at, id }: CallCursor) -> String {
    let mut bytes = [0; 16];
    let (at, number) = bytes.split_at_mut(8);
    at.copy_from_slice(&initiated_at.as_millisecond().to_be_bytes());
    number.copy_from_slice(&id.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place again.
///
/// # Errors
///
/// [`Problem::BadRequest`] for a text that is none of ours.
pub(super) fn read(text: &str) -> Result<CallCursor, Problem> {
    let wrong = || Problem::BadRequest("The cursor cannot be read. Take it from next_cursor as it is.".into());
    let bytes: [u8; 16] =
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
    let number = u128::from_be_bytes(bytes);
    let (at, id) = ((number >> 64) as u64, number as u64);
    let initiated_at = Timestamp::from_millisecond(at.cast_signed()).map_err(|_| wrong())?;
    if i64::try_from(id).is_ok() { Ok(CallCursor { initiated_at, id }) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_and_stands_in_an_address() {
        for (at, id) in
            [("2026-03-09T14:00:00.123Z", 1), ("1969-12-31T23:59:59Z", u64::MAX >> 1), ("9999-12-30T22:00:00Z", 0)]
        {
            let cursor = CallCursor { initiated_at: at.parse().unwrap(), id };
            let text = written(cursor);
            assert!(text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter)), "{text}");
            assert_eq!(read(&text).unwrap(), cursor);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let end = URL_SAFE_NO_PAD.encode([0xff; 16]);
        let far = URL_SAFE_NO_PAD.encode([[0x7f; 8], [0; 8]].concat());
        for text in ["", "x", "1", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAA", &end, &far, "+/+/+/+/+/+/+/+/+/+/+A", "a b"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
