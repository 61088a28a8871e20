//! Who is told by mail of calls that nobody took: looked up once for a batch in which there are any, and left as jobs in its
//! transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use opbx_core::call_log::{CallLog, ViaKind};
use opbx_core::id::{ExtensionId, RingGroupId};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::CallChange;
use super::apply::AT_ONCE;
use crate::entity::{extension_missed_mail, ring_group_missed_mail, voicemail_messages};
use crate::error::Error;
use crate::job::{NewJob, insert};
use crate::millis::Millis;
use crate::pool::{Line, Writing};
use crate::tenant::TenantStore;

/// The word of the work of telling someone by mail of a call that nobody took.
pub const MISSED_CALL_LETTER: &str = "missed_call_letter";

/// With the pauses between them, these take about half an hour.
const LETTERS: u32 = 8;
/// How long a letter waits: a message may still be on its way, and so may the word that somebody took the call after all.
const WAIT: SignedDuration = SignedDuration::from_secs(30);
/// A call that began before that is no news any more: what an outage held up must not come as a flood of letters.
const NEWS: SignedDuration = SignedDuration::from_hours(1);

/// What rang in a call, of its own accord: a member of a group does not miss what its group missed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rang {
    Extension(ExtensionId),
    RingGroup(RingGroupId),
}

/// What rang, by what it was called then, in the order of time.
fn rang(log: &CallLog) -> Vec<(Rang, Box<str>)> {
    let mut all = Vec::new();
    let mut known = BTreeSet::new();
    for leg in log.legs() {
        let (rang, name) = match (leg.via.kind, leg.via.ring_group, leg.phone.extension) {
            (ViaKind::RingGroup, Some(group), _) => (Rang::RingGroup(group), leg.via.name.unwrap_or_default()),
            (ViaKind::RingGroup, None, _) | (_, _, None) => continue,
            (_, _, Some(extension)) => (Rang::Extension(extension), leg.phone.number),
        };
        if known.insert(rang) {
            all.push((rang, name));
        }
    }
    all
}

/// Whether a change made it a call that nobody took. One that was joined out of several rows counts anew: the letter of a
/// row that is gone has nothing to tell of.
fn became_missed(change: &CallChange, now: Timestamp) -> bool {
    let is_news = change.after.initiated_at().is_some_and(|at| now.duration_since(at) <= NEWS);
    let was = matches!(change.before.as_slice(), [before] if before.is_missed());
    is_news && !was && change.after.is_missed()
}

impl TenantStore {
    /// Leaves a letter for each call that became one that nobody took and each address that wants to know of it: once,
    /// whatever is said of the call later.
    pub(super) async fn leave_missed_letters(
        &self,
        writing: &Writing,
        changes: &[CallChange],
        now: Timestamp,
    ) -> Result<(), Error> {
        let missed = changes.iter().filter(|change| became_missed(change, now));
        let missed: Vec<_> = missed.map(|change| (change.call, rang(&change.after))).collect();
        let things: BTreeSet<Rang> = missed.iter().flat_map(|(_, rang)| rang.iter().map(|(rang, _)| *rang)).collect();
        let addresses = self.told_of(writing, &things).await?;
        if addresses.is_empty() {
            return Ok(());
        }
        for (call, rang) in missed {
            let mut letters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (rang, name) in &rang {
                if let Some(email) = addresses.get(rang) {
                    letters.entry(email).or_default().push(name);
                }
            }
            for (email, names) in letters {
                let payload = json!({ "call_id": call, "email": email, "rang": names });
                let digest = Sha256::digest(email);
                let address: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
                // Identifiers of calls are those of the installation.
                let unique_key = Some(format!("{MISSED_CALL_LETTER}:{call}:{address}"));
                let job = NewJob::new(MISSED_CALL_LETTER, payload, now + WAIT, LETTERS);
                let job = NewJob { unique_key, ..job };
                insert(&**writing, &self.store.keys, Some(self.organization), &job, now).await?;
            }
        }
        Ok(())
    }

    /// The addresses of those of these things that have one. No query where there is none of a kind.
    async fn told_of(&self, writing: &Writing, things: &BTreeSet<Rang>) -> Result<BTreeMap<Rang, String>, Error> {
        use extension_missed_mail::{Column as OfExtension, Entity as OfExtensions};
        use ring_group_missed_mail::{Column as OfGroup, Entity as OfGroups};
        let (mut extensions, mut groups) = (Vec::new(), Vec::new());
        for thing in things {
            match thing {
                Rang::Extension(id) => extensions.push(id.get().cast_signed()),
                Rang::RingGroup(id) => groups.push(id.get().cast_signed()),
            }
        }
        let mut addresses = BTreeMap::new();
        for some in extensions.chunks(AT_ONCE) {
            let rows = self.rows::<OfExtensions>().filter(OfExtension::ExtensionId.is_in(some.iter().copied()));
            let rows = rows.all(&**writing).await?.into_iter();
            let rang = |id: i64| Rang::Extension(ExtensionId::new(id.cast_unsigned()));
            addresses.extend(rows.map(|row| (rang(row.extension_id), row.email)));
        }
        for some in groups.chunks(AT_ONCE) {
            let rows = self.rows::<OfGroups>().filter(OfGroup::RingGroupId.is_in(some.iter().copied()));
            let rows = rows.all(&**writing).await?.into_iter();
            let rang = |id: i64| Rang::RingGroup(RingGroupId::new(id.cast_unsigned()));
            addresses.extend(rows.map(|row| (rang(row.ring_group_id), row.email)));
        }
        Ok(addresses)
    }

    /// Whether the caller of a call left a message in a voicemail box, as far as it is known.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn left_a_message(&self, call_id: &str, began: Timestamp) -> Result<bool, Error> {
        use voicemail_messages::{Column, Entity};
        let work = async |line: Line| {
            // By their age, which has an index: nobody leaves a message before the call has begun.
            let later = Column::ReceivedAt.gte(Millis::of(began));
            let rows = self.rows::<Entity>().filter(later.and(Column::CallId.eq(call_id)));
            Ok(rows.one(line.db()).await?.is_some())
        };
        self.store.pool.attempt(work).await
    }
}
