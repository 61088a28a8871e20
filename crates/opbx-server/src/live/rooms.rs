//! Who listens to what: everything that changes together, behind one lock. Nothing here waits.

use super::channel::{Channel, ChannelName};
use super::ending::Ending;
use super::outbox::Outbox;
use super::socket_id::SocketId;
use super::{Payload, Sees, Subscriber, frame};
use opbx_core::id::{OrganizationId, UserId};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The most sockets of a server.
pub(super) const MOST_SOCKETS: usize = 10_000;
/// The most sockets with which one person subscribes.
pub(super) const MOST_OF_A_PERSON: usize = 50;
/// The most channels of a socket.
pub(super) const MOST_CHANNELS: usize = 250;
/// As many channels are counted, also while nobody listens to them; then those without anyone are forgotten.
const MOST_COUNTED: usize = 50_000;

/// Who listens to what.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: HashMap<Channel, Room>,
    sockets: HashMap<SocketId, Socket>,
    /// With how many sockets a person subscribes.
    people: HashMap<(OrganizationId, UserId), usize>,
    /// How many subscriptions there are in an organization.
    watched: HashMap<OrganizationId, usize>,
    /// Where something happened that was told nobody, since nobody listened.
    missed: HashSet<OrganizationId>,
    /// How often channels were forgotten.
    forgotten: u64,
    is_stopping: bool,
}

#[derive(Debug)]
struct Socket {
    outbox: Arc<Outbox>,
    /// Whose it is, from the first subscription on.
    of: Option<(OrganizationId, UserId)>,
    channels: Vec<(Channel, Subscriber)>,
}

#[derive(Debug)]
struct Room {
    /// How often channels had been forgotten when its count began.
    born: u64,
    /// How many events there have been since.
    seq: u64,
    listeners: HashMap<SocketId, Listener>,
    /// Who is there, with how many sockets, and what the others are told of them. Only where presence is known.
    members: BTreeMap<UserId, (usize, Value)>,
}

#[derive(Debug)]
struct Listener {
    outbox: Arc<Outbox>,
    sees: Sees,
}

/// Why someone cannot subscribe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refused {
    /// The socket has gone.
    Gone,
    /// It is someone else's.
    NotTheirs,
    /// It listens already.
    Already,
    /// It listens to as many as it may.
    TooManyChannels,
    /// They have as many sockets as they may.
    TooManySockets,
}

impl Rooms {
    /// A new socket.
    ///
    /// # Errors
    ///
    /// Why it is closed at once.
    pub(super) fn open(&mut self, id: SocketId, outbox: Arc<Outbox>) -> Result<(), Ending> {
        if self.is_stopping {
            return Err(Ending::Stopping);
        }
        if self.sockets.len() >= MOST_SOCKETS || self.sockets.contains_key(&id) {
            return Err(Ending::Full);
        }
        self.sockets.insert(id, Socket { outbox, of: None, channels: Vec::new() });
        Ok(())
    }

    /// A socket has gone.
    pub(super) fn close(&mut self, id: SocketId) {
        let Some(socket) = self.sockets.remove(&id) else { return };
        for (channel, subscriber) in socket.channels {
            self.left(id, channel, &subscriber);
        }
        if let Some(of) = socket.of {
            fewer(&mut self.people, of);
        }
    }

    /// How many sockets there are.
    pub(super) fn sockets(&self) -> usize {
        self.sockets.len()
    }

    /// How many channels are counted.
    #[cfg(test)]
    pub(super) fn counted(&self) -> usize {
        self.rooms.len()
    }

    /// How many subscriptions there are.
    pub(super) fn subscriptions(&self) -> usize {
        self.watched.values().sum()
    }

    /// Whether nobody of an organization listens to anything; then it is noted that something happened.
    pub(super) fn is_missed(&mut self, organization: OrganizationId) -> bool {
        let is_missed = !self.watched.contains_key(&organization);
        if is_missed {
            self.missed.insert(organization);
        }
        is_missed
    }

    /// Whether anyone of an organization listens to anything.
    #[cfg(test)]
    pub(super) fn is_watched(&self, organization: OrganizationId) -> bool {
        self.watched.contains_key(&organization)
    }

    /// Takes no more sockets, and ends those that there are.
    pub(super) fn stop(&mut self) {
        self.is_stopping = true;
        for socket in self.sockets.values() {
            socket.outbox.end(Ending::Stopping);
        }
    }

    /// Ends a socket.
    pub(super) fn end(&self, id: SocketId, ending: Ending) {
        if let Some(socket) = self.sockets.get(&id) {
            socket.outbox.end(ending);
        }
    }

    /// Who subscribed to what with which socket.
    pub(super) fn subscribers(&self) -> Vec<(SocketId, Channel, Subscriber)> {
        let all = self.sockets.iter().flat_map(|(id, socket)| socket.channels.iter().map(move |it| (id, it)));
        all.map(|(id, (channel, subscriber))| (*id, *channel, subscriber.clone())).collect()
    }

    /// A socket subscribes: it is told so, and what else is to be told is told.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub(super) fn subscribe(
        &mut self,
        id: SocketId,
        channel: Channel,
        subscriber: &Subscriber,
        epoch: &str,
    ) -> Result<(), Refused> {
        let socket = self.sockets.get_mut(&id).ok_or(Refused::Gone)?;
        let of = (subscriber.organization, subscriber.user);
        if socket.of.is_some_and(|other| other != of) {
            return Err(Refused::NotTheirs);
        }
        if socket.channels.iter().any(|(known, _)| *known == channel) {
            return Err(Refused::Already);
        }
        if socket.channels.len() >= MOST_CHANNELS {
            return Err(Refused::TooManyChannels);
        }
        if socket.of.is_none() {
            let sockets = self.people.entry(of).or_default();
            if *sockets >= MOST_OF_A_PERSON {
                return Err(Refused::TooManySockets);
            }
            *sockets += 1;
            socket.of = Some(of);
        }
        let outbox = Arc::clone(&socket.outbox);
        socket.channels.push((channel, subscriber.clone()));
        *self.watched.entry(channel.organization()).or_default() += 1;
        let name = channel.name().to_string();
        let room = self.room(channel);
        if let Channel::Organization(_) = channel {
            let (sockets, _) = room.members.entry(subscriber.user).or_insert_with(|| (0, subscriber.info.clone()));
            *sockets += 1;
            if *sockets == 1 {
                let joined = json!({ "user_id": subscriber.user.to_string(), "user_info": subscriber.info });
                room.tell(&frame::of_channel(&name, "pusher_internal:member_added", &joined));
            }
        }
        outbox.push(frame::of_channel(&name, "pusher_internal:subscription_succeeded", &room.told(channel, epoch)));
        room.listeners.insert(id, Listener { outbox, sees: subscriber.sees });
        Ok(())
    }

    /// A socket listens no longer. Answers whether it did.
    pub(super) fn unsubscribe(&mut self, id: SocketId, channel: ChannelName) -> bool {
        let Some(socket) = self.sockets.get_mut(&id) else { return false };
        let Some(place) = socket.channels.iter().position(|(known, _)| known.name() == channel) else { return false };
        let (channel, subscriber) = socket.channels.swap_remove(place);
        self.left(id, channel, &subscriber);
        true
    }

    fn left(&mut self, id: SocketId, channel: Channel, subscriber: &Subscriber) {
        fewer(&mut self.watched, channel.organization());
        let Some(room) = self.rooms.get_mut(&channel) else { return };
        room.listeners.remove(&id);
        let Some((sockets, _)) = room.members.get_mut(&subscriber.user) else { return };
        *sockets = sockets.saturating_sub(1);
        if *sockets == 0 {
            room.members.remove(&subscriber.user);
            let gone = json!({ "user_id": subscriber.user.to_string() });
            room.tell(&frame::of_channel(&channel.name().to_string(), "pusher_internal:member_removed", &gone));
        }
    }

    /// Counts an event, and sends it to everyone who listens. Answers to how many.
    pub(super) fn publish(&mut self, channel: Channel, event: &str, payload: &Payload, epoch: &str) -> usize {
        let room = self.room(channel);
        room.seq += 1;
        if room.listeners.is_empty() {
            return 0;
        }
        let (name, sequence) = (channel.name().to_string(), room.sequence(epoch));
        let written = |value| frame::of_channel(&name, event, &Sequenced(value, &sequence));
        let (mut whole, mut masked) = (None, None);
        for listener in room.listeners.values() {
            let frame = match (listener.sees, &payload.masked) {
                (Sees::Masked, Some(value)) => masked.get_or_insert_with(|| written(value)),
                _ => whole.get_or_insert_with(|| written(&payload.whole)),
            };
            listener.outbox.push(frame.clone());
        }
        room.listeners.len()
    }

    /// A channel, whose count begins now if there is none.
    fn room(&mut self, channel: Channel) -> &mut Room {
        let organization = channel.organization();
        if self.missed.remove(&organization) {
            // Nobody was there to say on which channels: whoever comes back to one of them reads again.
            for (_, room) in self.rooms.iter_mut().filter(|(other, _)| other.organization() == organization) {
                room.seq += 1;
            }
        }
        if self.rooms.len() >= MOST_COUNTED && !self.rooms.contains_key(&channel) {
            self.rooms.retain(|_, room| !room.listeners.is_empty());
            // Those whose count begins again do so in another epoch.
            self.forgotten += 1;
        }
        let born = self.forgotten;
        self.rooms.entry(channel).or_insert_with(|| Room {
            born,
            seq: 0,
            listeners: HashMap::new(),
            members: BTreeMap::new(),
        })
    }
}

impl Room {
    fn tell(&self, frame: &axum::extract::ws::Utf8Bytes) {
        for listener in self.listeners.values() {
            listener.outbox.push(frame.clone());
        }
    }

    /// At which event it is: the next one has the next number.
    fn sequence(&self, epoch: &str) -> Value {
        json!({ "epoch": format!("{epoch}-{}", self.born), "seq": self.seq })
    }

    /// What whoever has subscribed is told.
    fn told(&self, channel: Channel, epoch: &str) -> Value {
        let mut told = Map::new();
        if let Channel::Organization(_) = channel {
            let ids: Vec<String> = self.members.keys().map(ToString::to_string).collect();
            let hash: Map<String, Value> =
                self.members.iter().map(|(user, (_, info))| (user.to_string(), info.clone())).collect();
            told.insert("presence".to_owned(), json!({ "count": ids.len(), "ids": ids, "hash": hash }));
        }
        told.insert("sequence".to_owned(), self.sequence(epoch));
        Value::Object(told)
    }
}

/// What an event carries, with its place in the channel.
struct Sequenced<'v>(&'v Value, &'v Value);

impl Serialize for Sequenced<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            Value::Object(fields) => {
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
            }
            Value::Null => {}
            value => map.serialize_entry("value", value)?,
        }
        map.serialize_entry("sequence", self.1)?;
        map.end()
    }
}

/// One less; what is none is forgotten.
fn fewer<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, usize>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() = count.get().saturating_sub(1);
        if *count.get() == 0 {
            count.remove();
        }
    }
}
