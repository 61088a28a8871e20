//! Whether those who listen still may: looked at every two seconds, since a session can end, a person be deactivated and an
//! organization suspended by anyone and anywhere. While the store is away, nobody loses anything.

use super::channel::Channel;
use super::ending::Ending;
use super::{Live, Pass, SocketId, Subscriber};
use crate::access::admitted;
use crate::clock::Clock;
use opbx_core::id::{ExtensionId, UserId};
use opbx_core::permission::Role;
use opbx_store::{Error, Person, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_secs(2);

/// Ends the sockets of those who may no longer listen, for as long as it is polled.
pub(crate) async fn watch(live: Live, store: Store, clock: Clock) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(fault) = look(&live, &store, &clock).await {
            tracing::debug!(
                fault = &fault as &dyn std::error::Error,
                "whether those who listen still may is not known"
            );
        }
    }
}

/// Everything that decides whether someone may go on.
struct Now {
    sessions: BTreeMap<u64, Person>,
    tokens: BTreeMap<u64, Person>,
    holders: BTreeMap<ExtensionId, UserId>,
}

async fn look(live: &Live, store: &Store, clock: &Clock) -> Result<(), Error> {
    let listening = live.rooms().subscribers();
    if listening.is_empty() {
        return Ok(());
    }
    let (mut sessions, mut tokens, mut held) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (_, channel, subscriber) in &listening {
        match subscriber.pass {
            Pass::Session(id) => sessions.insert(id),
            Pass::Token(id) => tokens.insert(id),
        };
        if let (Channel::Extension(_, extension), Role::Agent) = (channel, subscriber.role) {
            held.insert(*extension);
        }
    }
    let (platform, now) = (store.platform(), clock.now());
    let now = Now {
        sessions: platform.people_in_sessions(&listed(sessions), now).await?,
        tokens: platform.people_behind_tokens(&listed(tokens), now).await?,
        holders: platform.holders_of_extensions(&listed(held)).await?,
    };
    let ends: Vec<(SocketId, Ending)> = listening
        .iter()
        .filter_map(|(id, channel, subscriber)| Some((*id, now.against(*channel, subscriber)?)))
        .collect();
    let rooms = live.rooms();
    for (id, ending) in ends {
        rooms.end(id, ending);
    }
    Ok(())
}

fn listed<T>(set: BTreeSet<T>) -> Vec<T> {
    set.into_iter().collect()
}

impl Now {
    /// Why someone may not go on with a channel, if they may not.
    fn against(&self, channel: Channel, subscriber: &Subscriber) -> Option<Ending> {
        let person = match subscriber.pass {
            Pass::Session(id) => self.sessions.get(&id),
            Pass::Token(id) => self.tokens.get(&id),
        };
        let person = person.filter(|person| admitted(person).is_ok() && !person.second_factor_missing);
        match (person, channel) {
            (None, _) => Some(Ending::Unauthorized),
            (Some(person), _) if person.role != subscriber.role => Some(Ending::Changed),
            (Some(_), Channel::Extension(_, extension))
                if subscriber.role == Role::Agent && self.holders.get(&extension) != Some(&subscriber.user) =>
            {
                Some(Ending::Changed)
            }
            (Some(_), _) => None,
        }
    }
}
