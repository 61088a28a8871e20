//! Who may subscribe to what: asked for over the API, presented over the socket.
//!
//! Whoever is let in gets a signature over the socket, the channel and what others are told about them, as Pusher's protocol
//! wants it. Who it was stays here, for a minute: what the client sends is not believed beyond the signature.

use super::channel::{Channel, ChannelName};
use super::socket_id::SocketId;
use super::{KEY, Subscriber, TooManyGrants};
use crate::secret_key::SecretKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::time::Instant;

/// How long a signature may be presented.
const LASTS: Duration = Duration::from_secs(60);
/// The most that may be waiting to be presented.
const MOST: usize = 10_000;

/// Signs what may be subscribed to, and remembers for whom.
pub(super) struct Grants {
    key: Hmac<Sha256>,
    pending: Mutex<HashMap<(SocketId, ChannelName), Grant>>,
}

/// What was granted.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) channel: Channel,
    pub(super) subscriber: Subscriber,
    until: Instant,
}

impl Grants {
    /// With a key of their own, made from the installation's secret.
    pub(super) fn new(secret: &SecretKey) -> Self {
        Self { key: Hmac::new(&secret.derive("opbx/live/channel").into()), pending: Mutex::default() }
    }

    /// Lets someone subscribe with a socket, and answers what is to be presented.
    ///
    /// # Errors
    ///
    /// [`TooManyGrants`].
    pub(super) fn grant(
        &self,
        socket: SocketId,
        channel: Channel,
        subscriber: Subscriber,
        channel_data: Option<&str>,
    ) -> Result<String, TooManyGrants> {
        let now = Instant::now();
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= MOST {
            pending.retain(|_, grant| now < grant.until);
            if pending.len() >= MOST {
                return Err(TooManyGrants);
            }
        }
        pending.insert((socket, channel.name()), Grant { channel, subscriber, until: now + LASTS });
        Ok(self.signed(socket, channel.name(), channel_data))
    }

    /// What was granted to a socket, if what it presents is what was signed for it. It is presented once.
    pub(super) fn redeem(
        &self,
        socket: SocketId,
        name: ChannelName,
        auth: &str,
        channel_data: Option<&str>,
    ) -> Option<Grant> {
        let signed = self.signed(socket, name, channel_data);
        if !bool::from(signed.as_bytes().ct_eq(auth.as_bytes())) {
            return None;
        }
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.remove(&(socket, name)).filter(|grant| Instant::now() < grant.until)
    }

    /// `key:signature`
    fn signed(&self, socket: SocketId, name: ChannelName, channel_data: Option<&str>) -> String {
        let mut text = format!("{socket}:{name}");
        if let Some(data) = channel_data {
            text.extend([":", data]);
        }
        let signature = self.key.clone().chain_update(text).finalize().into_bytes();
        signature.iter().fold(format!("{KEY}:"), |mut auth, byte| {
            // Writing into a text does not fail.
            let _ = write!(auth, "{byte:02x}");
            auth
        })
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grants(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::subscriber;
    use super::*;
    use opbx_core::id::{OrganizationId, UserId};

    const CHANNEL: Channel = Channel::Organization(OrganizationId::new(1));
    const DATA: Option<&str> = Some(r#"{"user_id":"7"}"#);

    fn grants() -> Grants {
        Grants::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_signed_is_taken_once_unchanged_and_within_a_minute() {
        let grants = grants();
        let (socket, other) = (SocketId::new(1, 2), SocketId::new(1, 3));
        let grant = || grants.grant(socket, CHANNEL, subscriber(7), DATA).unwrap();
        let redeem = |socket, name, auth: &str, data| grants.redeem(socket, name, auth, data).is_some();
        let auth = grant();
        assert!(auth.starts_with("opbx:") && auth.len() == 5 + 64, "{auth}");
        let user = ChannelName::User(UserId::new(1));
        assert!(!redeem(other, CHANNEL.name(), &auth, DATA));
        assert!(!redeem(socket, user, &auth, DATA));
        assert!(!redeem(socket, CHANNEL.name(), &auth, Some(r#"{"user_id":"8"}"#)));
        assert!(!redeem(socket, CHANNEL.name(), &auth, None));
        assert!(!redeem(socket, CHANNEL.name(), "opbx:", DATA));
        assert!(redeem(socket, CHANNEL.name(), &auth, DATA));
        assert!(!redeem(socket, CHANNEL.name(), &auth, DATA), "twice");
        let auth = grant();
        tokio::time::advance(LASTS).await;
        assert!(!redeem(socket, CHANNEL.name(), &auth, DATA), "too late");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_wait_than_may() {
        let grants = grants();
        for number in 0..MOST {
            let socket = SocketId::new(1, u32::try_from(number).unwrap());
            grants.grant(socket, CHANNEL, subscriber(7), None).unwrap();
        }
        let another = || grants.grant(SocketId::new(2, 1), CHANNEL, subscriber(7), None);
        assert_eq!(another(), Err(TooManyGrants));
        tokio::time::advance(LASTS).await;
        assert!(another().is_ok());
    }
}
