//! Calls that are written again without a number.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::apply::KeptFrom;
use super::{Applied, columns};
use crate::entity::decisions;
use crate::error::Error;
use crate::pool::Writing;
use crate::tenant::TenantStore;

/// What was blanked.
#[derive(Debug, Default)]
pub(crate) struct Blanked {
    /// Calls.
    pub(crate) calls: u64,
    /// Payloads that are gone.
    pub(crate) payloads: u64,
    /// Recordings that are led to no longer.
    pub(crate) recordings: u64,
    /// Decisions about those calls.
    pub(crate) decisions: u64,
    /// The texts that those calls showed.
    pub(crate) texts: Vec<String>,
}

impl TenantStore {
    /// Writes calls that show a number again without it, and removes why they were decided as they were. What is counted
    /// over calls is counted as of any change of them.
    pub(crate) async fn blank_calls(&self, writing: &Writing, ids: &[i64], digits: &str) -> Result<Blanked, Error> {
        let mut slots = self.slots(writing, ids, &Default::default()).await?;
        slots.change(|log| log.without_number(digits));
        let mut applied = Applied::default();
        self.write_calls(writing, slots, KeptFrom { records: None, payloads: None }, &mut applied).await?;
        let mut blanked = Blanked { calls: applied.changes.len() as u64, ..Blanked::default() };
        let mut known_as = Vec::new();
        for change in &applied.changes {
            for before in &change.before {
                let record = before.record.as_ref();
                blanked.payloads += u64::from(record.is_some_and(|record| !record.payload.is_empty()));
                blanked.recordings += u64::from(before.recording_url().is_some());
                blanked.texts.extend(columns::texts(before));
                known_as.push(before.call_id().into_string());
            }
        }
        known_as.retain(|call| !call.is_empty());
        let own = decisions::Column::OrganizationId.eq(self.key());
        let gone = decisions::Entity::delete_many().filter(own).filter(decisions::Column::CallId.is_in(known_as));
        blanked.decisions = gone.exec(&**writing).await?.rows_affected;
        Ok(blanked)
    }
}
