//! Erasing the number of a person: wherever calls, decisions and the audit log show it, it goes; that there were calls, when
//! and how they went stays, and so do all totals. What is still said of those calls does not bring it back.
//!
//! A number is looked for by its digits in the texts themselves, since no index leads to all places that may show it: in some
//! thousand rows at once, while others write. It is done in steps, each whole in itself: what a fault leaves undone is done
//! by erasing once more.

mod audit;
mod calls;
mod decisions;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use opbx_core::number::E164;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::audit::Entry;
use crate::edit::Author;
use crate::entity::statistics_shares;
use crate::error::Error;
use crate::pool::Line;
use crate::tenant::TenantStore;
use crate::word;

/// How many rows are searched at once.
const SEARCHED_AT_ONCE: u64 = 2_000;
/// The longest that the audit log is worked on: its entries go together with the entry that says so.
const LONGEST: Duration = Duration::from_secs(60);

/// What was erased of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Erasure {
    /// Calls that showed it, or whose payload did.
    pub calls: u64,
    /// Messages that it left.
    pub messages: u64,
    /// Payloads of those calls that are gone.
    pub payloads: u64,
    /// Recordings of those calls that are gone.
    pub recordings: u64,
    /// Decisions about them, and others that showed it.
    pub decisions: u64,
    /// Entries of the audit log whose content is gone.
    pub audit_entries: u64,
}

impl TenantStore {
    /// Erases a number and answers what of it was there. The audit log is told how much it was, and not which number.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn erase_number(&self, number: E164, author: Author, now: Timestamp) -> Result<Erasure, Error> {
        let number = word::write(&number)?;
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        // A cut that is being made would be told of each call twice, and of the number's sum not at all.
        self.finish_cut().await?;
        let mut erasure = Erasure::default();
        let mut texts = BTreeSet::from([number.clone(), digits.clone()]);
        self.erase_from_calls(&digits, (&author, now), &mut erasure, &mut texts).await?;
        erasure.messages = self.erase_messages_of(&digits, author.clone(), now).await?;
        erasure.decisions += self.erase_from_decisions(&digits).await?;
        self.forget_texts(texts).await?;
        self.erase_from_statistics([number, digits.clone()]).await?;
        self.erase_from_audit_log(&digits, author, now, &mut erasure).await?;
        Ok(erasure)
    }

    /// The sums of a number; what is left of them when its calls are blanked is of calls that are long gone.
    async fn erase_from_statistics(&self, names: [String; 2]) -> Result<(), Error> {
        use statistics_shares::{Column, Entity};
        let turn = self.turn().await?;
        let work = async |line: Line| {
            let writing = self.begin(&line, turn).await?;
            let own = Column::OrganizationId.eq(self.key()).and(Column::ThingId.eq(0));
            Entity::delete_many().filter(own).filter(Column::Name.is_in(names)).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    /// The content of entries that show the number; their digests stay, and the chain holds. In the same transaction what was
    /// erased is written down.
    async fn erase_from_audit_log(
        &self,
        digits: &str,
        author: Author,
        now: Timestamp,
        erasure: &mut Erasure,
    ) -> Result<(), Error> {
        let found = self.entries_with(digits).await?;
        let mut edit = self.edit(author, now).await?;
        edit.allow(LONGEST);
        erasure.audit_entries = edit.blank_entries(&found, digits).await?;
        let Erasure { calls, messages, payloads, recordings, decisions, audit_entries } = *erasure;
        let after = Some(json!({
            "calls": calls, "messages": messages, "payloads": payloads, "recordings": recordings, "decisions": decisions,
            "audit_entries": audit_entries,
        }));
        edit.record(&Entry { after, ..Entry::of("erased", "number", None, "a number") }).await?;
        edit.commit().await?;
        Ok(())
    }
}
