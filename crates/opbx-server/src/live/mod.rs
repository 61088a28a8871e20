//! Live updates: what happens, to whoever listens, over sockets that speak Pusher's protocol.
//!
//! A channel counts its events whether anyone listens or not, so that a client that was away notices what it missed and reads
//! again; nothing is kept for it. Whoever publishes never waits: what a socket does not take in time costs that socket.

mod calls;
mod channel;
mod ending;
mod frame;
mod grant;
mod outbox;
mod revisions;
mod rooms;
mod route;
mod socket;
mod socket_id;
mod standing;
#[cfg(test)]
mod tests;

pub(crate) use self::calls::LiveCalls;
pub(crate) use self::channel::{Channel, ChannelName};
pub(crate) use self::revisions::tell_revisions;
pub(crate) use self::route::route;
pub(crate) use self::socket_id::SocketId;
pub(crate) use self::standing::watch;

use self::ending::Ending;
use self::grant::Grants;
use self::outbox::Outbox;
use self::rooms::Rooms;
use crate::secret_key::SecretKey;
use opbx_core::id::{OrganizationId, UserId};
use opbx_core::permission::Role;
use serde_json::{Value, json};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// The key in the address: one installation is one application.
pub(crate) const KEY: &str = "opbx";

/// The sockets of a server, and what they listen to.
#[derive(Clone, Debug)]
pub(crate) struct Live(Arc<Hub>);

#[derive(Debug)]
struct Hub {
    /// Another one each time a server starts: its counts begin anew.
    epoch: Box<str>,
    grants: Grants,
    rooms: Mutex<Rooms>,
    /// The last socket of a server that stops has gone.
    empty: Notify,
    sent: AtomicU64,
    ended: [AtomicU64; Ending::ALL.len()],
}

/// What an event carries: for those who see whole numbers, and for those who do not.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    /// An object; its place in the channel is added to it.
    pub(crate) whole: Value,
    /// The same with the numbers masked, where the organization wants them masked for some.
    pub(crate) masked: Option<Value>,
}

impl Payload {
    /// Without a number that anyone would mask.
    pub(crate) const fn plain(whole: Value) -> Self {
        Self { whole, masked: None }
    }
}

/// Who subscribes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Subscriber {
    pub(crate) organization: OrganizationId,
    pub(crate) user: UserId,
    /// What they may do as far as it was looked at when they asked.
    pub(crate) role: Role,
    /// What they came with: it is looked at again and again.
    pub(crate) pass: Pass,
    pub(crate) sees: Sees,
    /// What others are told of them.
    pub(crate) info: Value,
}

/// What someone was let in with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Pass {
    /// A session.
    Session(u64),
    /// A token of a person.
    Token(u64),
}

/// Which numbers someone sees, where the organization masks them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sees {
    Whole,
    Masked,
}

impl Sees {
    /// Reporters see numbers without their end, where the organization wants that.
    pub(crate) const fn of(role: Role) -> Self {
        match role {
            Role::Owner | Role::Admin | Role::Agent => Self::Whole,
            Role::Reporter => Self::Masked,
        }
    }
}

/// What a client presents to subscribe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Signed {
    pub(crate) auth: String,
    /// What others are told, where they are told of whoever is there.
    pub(crate) channel_data: Option<String>,
}

/// What is counted about sockets.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    pub(crate) sockets: usize,
    pub(crate) subscriptions: usize,
    /// How many events were handed to sockets.
    pub(crate) sent: u64,
    /// How many sockets the server closed, by reason.
    pub(crate) ended: [(&'static str, u64); Ending::ALL.len()],
}

/// There are as many grants as may wait to be presented.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TooManyGrants;

impl Live {
    /// Without sockets yet.
    pub(crate) fn new(secret: &SecretKey) -> Self {
        // No secret: it only has to differ from the last one. The keys of a hasher are drawn by the system.
        let epoch = format!("{:016x}", RandomState::new().hash_one(KEY)).into();
        Self(Arc::new(Hub {
            epoch,
            grants: Grants::new(secret),
            rooms: Mutex::default(),
            empty: Notify::new(),
            sent: AtomicU64::new(0),
            ended: Default::default(),
        }))
    }

    /// Sends an event to everyone who listens. It never waits, and never fails.
    pub(crate) fn publish(&self, channel: Channel, event: &'static str, payload: &Payload) {
        let listeners = self.rooms().publish(channel, event, payload, &self.0.epoch);
        self.0.sent.fetch_add(listeners as u64, Ordering::Relaxed);
    }

    /// Whether nobody of an organization listens to anything, so that what is costly to tell need not be told. That
    /// something happened is noted: whoever was there before and comes back sees a gap in the count.
    pub(crate) fn is_missed(&self, organization: OrganizationId) -> bool {
        self.rooms().is_missed(organization)
    }

    /// Whether anyone of an organization listens to anything.
    #[cfg(test)]
    pub(crate) fn is_watched(&self, organization: OrganizationId) -> bool {
        self.rooms().is_watched(organization)
    }

    /// Lets someone subscribe with a socket; that they may has been looked at.
    ///
    /// # Errors
    ///
    /// [`TooManyGrants`].
    pub(crate) fn grant(
        &self,
        socket: SocketId,
        channel: Channel,
        subscriber: Subscriber,
    ) -> Result<Signed, TooManyGrants> {
        let channel_data = matches!(channel, Channel::Organization(_))
            .then(|| json!({ "user_id": subscriber.user.to_string(), "user_info": subscriber.info }).to_string());
        let auth = self.0.grants.grant(socket, channel, subscriber, channel_data.as_deref())?;
        Ok(Signed { auth, channel_data })
    }

    /// What has been counted.
    pub(crate) fn figures(&self) -> Figures {
        let rooms = self.rooms();
        let mut ended = Ending::ALL.map(|ending| (ending.word(), 0));
        for (told, counted) in ended.iter_mut().zip(&self.0.ended) {
            told.1 = counted.load(Ordering::Relaxed);
        }
        let sent = self.0.sent.load(Ordering::Relaxed);
        Figures { sockets: rooms.sockets(), subscriptions: rooms.subscriptions(), sent, ended }
    }

    /// Takes no more sockets, closes those that there are, and waits until they have gone, but not for longer than this.
    pub(crate) async fn drain(&self, within: Duration) {
        self.rooms().stop();
        let gone = async {
            while self.rooms().sockets() > 0 {
                self.0.empty.notified().await;
            }
        };
        if tokio::time::timeout(within, gone).await.is_err() {
            tracing::debug!("stopped with sockets still open");
        }
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes why a socket was closed.
    fn ended(&self, ending: Ending) {
        if let Some(count) = Ending::ALL.iter().zip(&self.0.ended).find(|(known, _)| **known == ending) {
            count.1.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A socket that is open; dropped, it has gone.
#[derive(Debug)]
struct Open {
    live: Live,
    id: SocketId,
    outbox: Arc<Outbox>,
}

impl Open {
    fn new(live: &Live) -> Result<Self, Ending> {
        let id = SocketId::draw().map_err(|fault| {
            tracing::error!(%fault, "a socket cannot be given a name");
            Ending::Full
        })?;
        let outbox = Arc::new(Outbox::default());
        live.rooms().open(id, Arc::clone(&outbox))?;
        Ok(Self { live: live.clone(), id, outbox })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.live.rooms().close(self.id);
        self.live.0.empty.notify_one();
    }
}
