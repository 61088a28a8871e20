//! The name of a request, in its answer and in the log.

use crate::clock::Clock;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::{Builder, Uuid};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's identifier: the one that it brought, if that is a UUID, else a new one.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// As a header of the answer.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

/// Names requests.
#[derive(Clone, Debug)]
pub(crate) struct RequestIds {
    clock: Clock,
    /// The random part of this process, and what makes each identifier another one.
    seed: Arc<(RandomState, AtomicU64)>,
}

impl RequestIds {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, seed: Arc::default() }
    }

    pub(crate) fn of(&self, headers: &HeaderMap) -> RequestId {
        let given = headers.get(REQUEST_ID).filter(|value| value.len() == 36);
        match given.filter(|value| Uuid::try_parse_ascii(value.as_bytes()).is_ok()) {
            Some(given) => RequestId(given.clone()),
            None => self.next(),
        }
    }

    /// A new identifier (UUID version 7): the millisecond, then a random number of this process mixed with a count.
    /// Drawing one from the system for each request would cost more than everything else here, and nobody has to be
    /// unable to guess it.
    fn next(&self) -> RequestId {
        let (random, count) = &*self.seed;
        let count = count.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 10];
        let (high, low) = bytes.split_at_mut(8);
        high.copy_from_slice(&random.hash_one(count).to_be_bytes());
        low.copy_from_slice(&(count as u16).to_be_bytes());
        let millis = u64::try_from(self.clock.now().as_millisecond()).unwrap_or_default();
        let id = Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid();
        let mut text = [0; 36];
        let text = id.hyphenated().encode_lower(&mut text);
        RequestId(HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn identifiers_are_new_ones_of_version_seven() {
        let ids = RequestIds::new(Clock::new(|| "2026-03-09T10:00:00Z".parse().unwrap()));
        let made: HashSet<String> = (0..10_000).map(|_| ids.next().to_string()).collect();
        assert_eq!(made.len(), 10_000);
        for id in made {
            assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 7);
        }
    }

    #[test]
    fn only_a_uuid_is_taken_over() {
        let ids = RequestIds::new(Clock::new(|| "2026-03-09T10:00:00Z".parse().unwrap()));
        let given = |text: &'static str| {
            let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(text))]);
            ids.of(&headers).to_string()
        };
        let uuid = "0190A6C8-4A4B-4A41-9A3E-6B3F6F2F5B11";
        assert_eq!(given(uuid), uuid);
        for other in ["", "7", "0190a6c84a4b4a419a3e6b3f6f2f5b11", "urn:uuid:0190a6c8-4a4b-4a41-9a3e-6b3f6f2f5b11"] {
            assert_ne!(given(other), other);
        }
    }
}
