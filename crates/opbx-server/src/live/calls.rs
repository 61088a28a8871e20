//! What becomes of calls, for whoever listens.
//!
//! What is acknowledged is followed here before it is in the database, by the same joining of facts that makes the rows: so
//! what is told here is what will stand there, as far as it was heard of. A call that was not heard of since the server started
//! is told by what is said of it now; whoever wants all of it reads it. Where nobody listens, nothing is followed.
//!
//! A call has its identifier when it is in the database. Events before that have none (`null`); the first one after it tells it.

use super::{Channel, Live, Payload};
use crate::api::{Numbers, call_view};
use crate::clock::Clock;
use crate::plans::Plans;
use jiff::{SignedDuration, Timestamp};
use opbx_core::call_log::{CallLog, Fact};
use opbx_core::call_state::{CallStatus, Progress};
use opbx_core::id::{ExtensionId, OrganizationId, UserId};
use opbx_store::{CallChange, KeptCall, KeptRecording};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many calls are followed. The oldest go first.
const MOST: usize = 4_096;

/// Follows calls. Clones follow the same.
#[derive(Clone)]
pub(crate) struct LiveCalls(Arc<Inner>);

struct Inner {
    live: Live,
    plans: Arc<Plans>,
    clock: Clock,
    /// After how long a silence the end of a call counts as lost.
    stale_after: SignedDuration,
    followed: Mutex<Followed>,
}

/// A call by what it is called.
type Name = (OrganizationId, Box<str>);

#[derive(Default)]
struct Followed {
    calls: HashMap<Name, Call>,
    order: VecDeque<Name>,
}

#[derive(Default)]
struct Call {
    log: CallLog,
    id: Option<u64>,
}

/// What is told, and of which call.
struct Told {
    events: Vec<&'static str>,
    call: KeptCall,
    extensions: BTreeSet<ExtensionId>,
}

impl LiveCalls {
    pub(crate) fn new(live: Live, plans: Arc<Plans>, clock: Clock, stale_after: SignedDuration) -> Self {
        Self(Arc::new(Inner { live, plans, clock, stale_after, followed: Mutex::default() }))
    }

    /// Something was said of a call of an organization, and is acknowledged. Never waits, and where nobody listens it does
    /// not even look.
    pub(crate) fn heard(&self, organization: OrganizationId, fact: impl FnOnce() -> Option<Fact>) {
        if self.0.live.is_missed(organization) {
            return;
        }
        let Some(fact) = fact() else { return };
        let Some(name) = name_of(organization, &fact) else { return };
        let told = self.0.followed().take(name, &fact);
        if let Some(told) = told {
            self.0.tell(organization, &told);
        }
    }

    /// Calls are in the database now, by these identifiers.
    pub(crate) fn applied(&self, changes: &[CallChange]) {
        for change in changes {
            let told = self.0.followed().identify(change);
            if let Some(told) = told {
                self.0.tell(change.organization, &told);
            }
        }
    }

    /// The sound of a recording of a call is here now, or will not come.
    pub(crate) fn recorded(&self, organization: OrganizationId, call: &KeptCall, recording: &KeptRecording) {
        let view = |numbers| {
            let seen = call_view(call, self.0.silent_since(), numbers).recorded(recording);
            with_itself(serde_json::to_value(seen).unwrap_or_default())
        };
        self.0.publish(organization, &extensions_of(call), &["call.updated"], view);
    }

    /// A message was left in the box of an extension.
    pub(crate) fn message_received(
        &self,
        organization: OrganizationId,
        (owner, call_id): (Option<ExtensionId>, &str),
        voicemail: &Value,
    ) {
        let followed = self.0.followed();
        let call = followed.calls.get(&(organization, call_id.into())).map(|call| KeptCall::of(call.id, &call.log));
        drop(followed);
        let view = |numbers| {
            let call = call.as_ref().map(|call| call_view(call, self.0.silent_since(), numbers));
            let call = call.and_then(|call| serde_json::to_value(call).ok()).unwrap_or_default();
            let from = voicemail.get("from_number").and_then(|from| from.as_str()).unwrap_or_default();
            let mut voicemail = voicemail.clone();
            if let Some(shown) = voicemail.get_mut("from_number") {
                *shown = numbers.shown(from).into();
            }
            let mut event = with_itself(call);
            event["voicemail"] = voicemail;
            event
        };
        self.0.publish(organization, &owner.into_iter().collect(), &["voicemail.received"], view);
    }
}

impl Inner {
    fn tell(&self, organization: OrganizationId, told: &Told) {
        let view = |numbers| {
            let call = call_view(&told.call, self.silent_since(), numbers);
            // Texts and numbers: nothing in it can fail to be JSON.
            with_itself(serde_json::to_value(call).unwrap_or_default())
        };
        self.publish(organization, &told.extensions, &told.events, view);
    }

    /// Tells the whole organization, the extensions that a call is of, and their people.
    fn publish(
        &self,
        organization: OrganizationId,
        extensions: &BTreeSet<ExtensionId>,
        events: &[&'static str],
        view: impl Fn(Numbers) -> Value,
    ) {
        let plan = self.plans.held(organization);
        // Where the settings are not at hand, less is shown than might be.
        let masks = plan.as_ref().is_none_or(|current| current.plan.organization().mask_numbers);
        let payload = Payload { whole: view(Numbers::Whole), masked: masks.then(|| view(Numbers::Masked)) };
        let user = |id: &ExtensionId| plan.as_ref()?.plan.extension(*id)?.user;
        let users: BTreeSet<UserId> = extensions.iter().filter_map(user).collect();
        let mut channels = vec![Channel::Organization(organization)];
        channels.extend(extensions.iter().map(|id| Channel::Extension(organization, *id)));
        channels.extend(users.into_iter().map(|id| Channel::User(organization, id)));
        for channel in channels {
            for event in events {
                self.live.publish(channel, event, &payload);
            }
        }
    }

    fn silent_since(&self) -> Timestamp {
        self.clock.now().saturating_sub(self.stale_after).unwrap_or(Timestamp::MIN)
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        // Nothing that can panic stands between two changes that belong together.
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Followed {
    /// Joins what is said with what is known. What changes nothing that anyone sees is not told.
    fn take(&mut self, name: Name, fact: &Fact) -> Option<Told> {
        if !self.calls.contains_key(&name) {
            self.make_room();
            self.order.push_back(name.clone());
        }
        let call = self.calls.entry(name).or_default();
        let before = (!call.log.call_id().is_empty()).then(|| (seen(call), call.log.record.is_some()));
        call.log.advance(fact);
        let after = seen(call);
        let mut events = Vec::new();
        match &before {
            Some((before, _)) if *before == after => {}
            Some((before, _)) if before.status.rank() == after.status.rank() => events.push("call.updated"),
            _ => events.push(event_of(after.status)),
        }
        if call.log.record.is_some() && !before.is_some_and(|(_, had_record)| had_record) {
            events.push("cdr.created");
        }
        (!events.is_empty()).then(|| told(call, events))
    }

    fn identify(&mut self, change: &CallChange) -> Option<Told> {
        let call = self.calls.get_mut(&(change.organization, change.after.call_id()))?;
        if call.id.replace(change.call) == Some(change.call) {
            return None;
        }
        Some(told(call, vec!["call.updated"]))
    }

    fn make_room(&mut self) {
        while self.calls.len() >= MOST {
            let Some(oldest) = self.order.pop_front() else { return };
            self.calls.remove(&oldest);
        }
    }
}

/// A call by the name that its row will have. What names it otherwise is another call here, until the database knows better.
fn name_of(organization: OrganizationId, fact: &Fact) -> Option<Name> {
    let name = CallLog::from(fact).call_id();
    (!name.is_empty()).then_some((organization, name))
}

/// What people see of a call, apart from when it was last heard of.
fn seen(call: &Call) -> KeptCall {
    KeptCall { last_received_at: Timestamp::UNIX_EPOCH, ..KeptCall::of(call.id, &call.log) }
}

fn told(call: &Call, events: Vec<&'static str>) -> Told {
    let kept = KeptCall::of(call.id, &call.log);
    Told { events, extensions: extensions_of(&kept), call: kept }
}

/// The extensions that a call is of.
fn extensions_of(call: &KeptCall) -> BTreeSet<ExtensionId> {
    let extensions = call.legs.iter().map(|leg| leg.extension_id).chain([call.extension_id]);
    extensions.flatten().map(ExtensionId::new).collect()
}

/// A call as an event: its fields, and below `call` the same once more, for clients that hand it on as a whole.
fn with_itself(call: Value) -> Value {
    let mut event = if call.is_object() { call.clone() } else { json!({}) };
    event["call"] = call;
    event
}

const fn event_of(status: CallStatus) -> &'static str {
    match status {
        CallStatus::Live(Progress::Initiated) => "call.initiated",
        CallStatus::Live(Progress::Ringing) => "call.ringing",
        CallStatus::Live(Progress::Answered) => "call.answered",
        CallStatus::Ended(_) => "call.ended",
    }
}

impl fmt::Debug for LiveCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveCalls").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opbx_core::call_log::{CallKeys, Parties, StateReport};
    use opbx_core::call_state::{PlatformStatus, StatusEvent};

    fn report(word: &str, second: i64) -> Fact {
        let at = Timestamp::from_second(1_773_057_600 + second).unwrap();
        let status = PlatformStatus::parse(word);
        let status = StatusEvent { status, at, started_at: None, answered_at: None, ended_at: None };
        let keys = CallKeys::of_session("5b1f");
        Fact::Report(StateReport { keys, received_at: at, status, parties: Parties::default() })
    }

    fn events(followed: &mut Followed, word: &str, second: i64) -> Vec<&'static str> {
        let fact = report(word, second);
        let name = name_of(OrganizationId::new(1), &fact).unwrap();
        followed.take(name, &fact).map(|told| told.events).unwrap_or_default()
    }

    #[test]
    fn a_call_is_told_as_it_moves_on_and_only_then() {
        let mut followed = Followed::default();
        assert_eq!(events(&mut followed, "new", 0), ["call.initiated"]);
        assert_eq!(events(&mut followed, "processing", 1), [""; 0]);
        assert_eq!(events(&mut followed, "ringing", 2), ["call.ringing"]);
        assert_eq!(events(&mut followed, "ringing", 3), [""; 0]);
        assert_eq!(events(&mut followed, "connected", 4), ["call.answered"]);
        assert_eq!(events(&mut followed, "ringing", 5), [""; 0]);
        assert_eq!(events(&mut followed, "answer", 6), ["call.ended"]);
        assert_eq!(events(&mut followed, "connected", 7), [""; 0]);
    }

    #[test]
    fn the_oldest_calls_are_followed_no_longer() {
        let mut followed = Followed::default();
        for number in 0..MOST + 5 {
            let fact = Fact::Report(StateReport {
                keys: CallKeys::of_session(&number.to_string()),
                ..match report("new", 0) {
                    Fact::Report(report) => report,
                    _ => unreachable!(),
                }
            });
            let name = name_of(OrganizationId::new(1), &fact).unwrap();
            assert!(followed.take(name, &fact).is_some());
        }
        assert_eq!((followed.calls.len(), followed.order.len()), (MOST, MOST));
    }
}
