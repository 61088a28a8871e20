//! What is let go: with time, or because a person wants to be forgotten. Files go by a job that is left with the rows.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Select, Statement};

use super::audio::LONGEST;
use crate::calls::cut;
use crate::edit::{Author, Edit};
use crate::entity::{RecordedRow, call_recordings, voicemail_messages};
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::settings::Retention;
use crate::tenant::TenantStore;

/// How many rows are let go in one transaction: others wait for it.
const AT_ONCE: u64 = 500;

/// The organizations whose oldest message or recording is older than they keep them. `{kept}` and `{table}` are ours; what an
/// organization that has set nothing keeps is the first `?`.
const OUTGROWN: &str = "\
    SELECT oldest.organization_id AS id, COALESCE(kept.{kept}, ?) AS days FROM ( \
        SELECT organization_id, MIN(received_at) AS at FROM {table} WHERE organization_id > ? GROUP BY organization_id \
    ) oldest LEFT JOIN organization_retention kept ON kept.organization_id = oldest.organization_id \
    WHERE COALESCE(kept.{kept}, ?) > 0 AND oldest.at + COALESCE(kept.{kept}, ?) * 86400000 < ? \
    ORDER BY oldest.organization_id LIMIT ?";

impl Platform {
    /// The organizations behind `after` that have messages which are older than they keep them, in the order of their
    /// identifiers, so many at most; with the days for which each keeps them.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn outgrown_messages(
        &self,
        after: Option<OrganizationId>,
        most: u64,
        now: Timestamp,
    ) -> Result<Vec<(OrganizationId, u32)>, Error> {
        let usual = Retention::default().voicemail;
        self.organizations_past(("voicemail", "voicemail_messages"), usual, after, most, now).await
    }

    /// The same for recordings of conversations.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn outgrown_recordings(
        &self,
        after: Option<OrganizationId>,
        most: u64,
        now: Timestamp,
    ) -> Result<Vec<(OrganizationId, u32)>, Error> {
        let usual = Retention::default().recordings;
        self.organizations_past(("recordings", "call_recordings"), usual, after, most, now).await
    }

    async fn organizations_past(
        &self,
        (kept, table): (&str, &str),
        usual: u32,
        after: Option<OrganizationId>,
        most: u64,
        now: Timestamp,
    ) -> Result<Vec<(OrganizationId, u32)>, Error> {
        let (after, usual) = (after.map_or(0, |id| id.get().cast_signed()), i64::from(usual));
        let now = Millis::of(now).number();
        let values = [usual.into(), after.into(), usual.into(), usual.into(), now.into(), most.cast_signed().into()];
        let sql = OUTGROWN.replace("{kept}", kept).replace("{table}", table);
        let work = async |line: Line| {
            let asked = Statement::from_sql_and_values(line.db().get_database_backend(), &sql, values.clone());
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

impl TenantStore {
    /// Lets go of messages that were left before an instant, saved ones too: some at once, until none is left. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn let_messages_go(&self, before: Timestamp, author: Author, now: Timestamp) -> Result<u64, Error> {
        let old = voicemail_messages::Column::ReceivedAt.lt(Millis::of(before));
        self.forget(self.rows::<voicemail_messages::Entity>().filter(old), &author, now).await
    }

    /// Lets go of recordings of conversations from before an instant: some at once, until none is left. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn let_recordings_go(&self, before: Timestamp, author: Author, now: Timestamp) -> Result<u64, Error> {
        let old = call_recordings::Column::ReceivedAt.lt(Millis::of(before));
        self.forget(self.rows::<call_recordings::Entity>().filter(old), &author, now).await
    }

    /// Removes the messages whose caller showed these digits, in their number or their name. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub(crate) async fn erase_messages_of(&self, digits: &str, author: Author, now: Timestamp) -> Result<u64, Error> {
        use voicemail_messages::{Column, Entity};
        let theirs = Column::FromNumber.contains(digits).or(Column::CallerName.contains(digits));
        self.forget(self.rows::<Entity>().filter(theirs), &author, now).await
    }

    /// Removes the recordings of calls, by the tokens of these. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub(crate) async fn erase_recordings_of(
        &self,
        calls: &[&str],
        author: Author,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut gone = 0;
        for some in calls.chunks(usize::try_from(AT_ONCE).unwrap_or(usize::MAX)) {
            let some: Vec<String> = some.iter().map(|call| cut(call, LONGEST)).collect();
            let theirs = self.rows::<call_recordings::Entity>().filter(call_recordings::Column::CallId.is_in(some));
            gone += self.forget(theirs, &author, now).await?;
        }
        Ok(gone)
    }

    /// Removes what is found: some at once, until none is left. Answers how many.
    async fn forget<R: RecordedRow>(&self, those: Select<R>, author: &Author, now: Timestamp) -> Result<u64, Error> {
        let ids = those.order_by_asc(R::ID).limit(AT_ONCE).select_only().column(R::ID);
        let mut all = 0;
        loop {
            let mut edit = self.edit(author.clone(), now).await?;
            let some = async { Ok(ids.clone().into_tuple::<i64>().all(&*edit.writing).await?) };
            let some = edit.within(some).await?;
            if some.is_empty() {
                return Ok(all);
            }
            all += edit.remove_recorded::<R>(&some).await?;
            edit.commit().await?;
        }
    }
}

impl Edit {
    /// Removes messages or recordings, leaves their files to a job, and remembers for a day that they were there. Answers how many
    /// there were.
    pub(super) async fn remove_recorded<R: RecordedRow>(&mut self, ids: &[i64]) -> Result<u64, Error> {
        let these = || R::ID.is_in(ids.iter().copied());
        let rows = self.tenant.rows::<R>().filter(these()).select_only().columns([R::IDENTITY, R::BLOB_KEY]);
        let rows = self.within(async { Ok(rows.into_tuple().all(&*self.writing).await?) }).await?;
        let (identities, keys): (Vec<Vec<u8>>, Vec<Option<String>>) = rows.into_iter().unzip();
        let those = R::ORGANIZATION.eq(self.tenant.key()).and(these());
        let gone = async { Ok(R::delete_many().filter(those).exec(&*self.writing).await?.rows_affected) };
        let gone = self.within(gone).await?;
        self.remember(identities).await?;
        self.leave_files(&keys.into_iter().flatten().collect::<Vec<String>>()).await?;
        Ok(gone)
    }
}
