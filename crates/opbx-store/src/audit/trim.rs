//! Letting go of old entries. The chain then begins behind them: its head keeps the link before the oldest entry that is
//! left, so that what is left can still be verified.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use serde_json::json;

use super::{Entry, damaged};
use crate::edit::Edit;
use crate::entity::{audit_entries, audit_heads};
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::settings::Retention;

/// What an organization that has set nothing keeps is the `?` in it, as [`Retention::default`] says.
const OUTGROWN: &str = "\
    SELECT oldest.organization_id AS id, COALESCE(kept.audit, ?) AS days FROM ( \
        SELECT organization_id, MIN(at) AS at FROM audit_entries WHERE organization_id > ? GROUP BY organization_id \
    ) oldest LEFT JOIN organization_retention kept ON kept.organization_id = oldest.organization_id \
    WHERE COALESCE(kept.audit, ?) > 0 AND oldest.at + COALESCE(kept.audit, ?) * 86400000 < ? \
    ORDER BY oldest.organization_id LIMIT ?";

impl Platform {
    /// The organizations behind `after` whose audit log has entries that are older than they keep them, in the order of
    /// their identifiers, so many at most; with the days for which each keeps them.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn outgrown_audit_logs(
        &self,
        after: Option<OrganizationId>,
        most: u64,
        now: Timestamp,
    ) -> Result<Vec<(OrganizationId, u32)>, Error> {
        let after = after.map_or(0, |id| id.get().cast_signed());
        let usual = i64::from(Retention::default().audit);
        let values = [
            usual.into(),
            after.into(),
            usual.into(),
            usual.into(),
            Millis::of(now).number().into(),
            most.cast_signed().into(),
        ];
        let work = async |line: Line| {
            let asked = Statement::from_sql_and_values(line.db().get_database_backend(), OUTGROWN, values);
            let rows = line.db().query_all_raw(asked).await?;
            rows.into_iter()
                .map(|row| {
                    let (id, days): (i64, i64) = (row.try_get("", "id")?, row.try_get("", "days")?);
                    Ok((OrganizationId::new(id.cast_unsigned()), u32::try_from(days).unwrap_or_default()))
                })
                .collect()
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// Lets go of entries from before an instant, the oldest `most` at once, and leaves an entry that says so. Answers how
    /// many: fewer than `most` means that no more are left.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; [`Error::Corrupt`] where an entry is missing.
    pub async fn trim_audit_log(&mut self, before: Timestamp, most: u64) -> Result<u64, Error> {
        let gone = self.within(self.trim(before, most)).await?;
        if gone > 0 {
            let after = Some(json!({ "entries": gone, "before": before }));
            self.record(&Entry { after, ..Entry::of("trimmed", "audit_log", None, "audit log") }).await?;
        }
        Ok(gone)
    }

    async fn trim(&self, before: Timestamp, most: u64) -> Result<u64, Error> {
        use audit_entries::Column;
        let db = &*self.writing;
        let Some(head) = self.tenant.rows::<audit_heads::Entity>().one(db).await? else { return Ok(0) };
        let entries = || self.tenant.rows::<audit_entries::Entity>();
        // Up to the first one that is kept: a clock that was put back must not tear a hole.
        let kept = entries().filter(Column::At.gte(Millis::of(before))).order_by_asc(Column::Sequence).limit(1);
        let end = kept.one(db).await?.map_or(head.sequence, |kept| kept.sequence - 1);
        let end = Ord::min(end, head.base_sequence.saturating_add(most.cast_signed()));
        if end <= head.base_sequence {
            return Ok(0);
        }
        let last = entries().filter(Column::Sequence.eq(end)).one(db).await?;
        let last = last.ok_or_else(|| damaged("an entry that was to be let go is missing"))?;
        let own = Column::OrganizationId.eq(self.tenant.key()).and(Column::Sequence.lte(end));
        let gone = audit_entries::Entity::delete_many().filter(own).exec(db).await?.rows_affected;
        let base =
            audit_heads::ActiveModel { base_sequence: Set(end), base_chain: Set(last.chain), ..Default::default() };
        let own = audit_heads::Column::OrganizationId.eq(self.tenant.key());
        audit_heads::Entity::update_many().set(base).filter(own).exec(db).await?;
        Ok(gone)
    }
}
