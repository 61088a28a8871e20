//! The files with sound that an organization has in the storage, which is not of the database: of prompts, messages and
//! recordings.

use std::collections::HashSet;

use opbx_core::id::{OrganizationId, PromptId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::edit::Edit;
use crate::entity::{FileRow, call_recordings, prompt_files, prompts, voicemail_messages};
use crate::error::Error;
use crate::migration::tables;
use crate::platform::Platform;
use crate::pool::Line;
use crate::tenant::TenantStore;

impl TenantStore {
    /// The keys of all files that the organization has.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn audio_keys(&self) -> Result<HashSet<String>, Error> {
        let work = async |line: Line| {
            let mut keys = keys_of(line.db(), self.rows::<prompt_files::Entity>()).await?;
            keys.extend(keys_of(line.db(), self.rows::<voicemail_messages::Entity>()).await?);
            keys.extend(keys_of(line.db(), self.rows::<call_recordings::Entity>()).await?);
            Ok(keys.into_iter().collect())
        };
        self.store.pool.attempt(work).await
    }

    /// How many bytes the organization's files have together, without that of one prompt.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn audio_bytes_beside(&self, prompt: Option<PromptId>) -> Result<u64, Error> {
        self.store.pool.attempt(async |line: Line| self.audio_bytes_in(line.db(), prompt).await).await
    }

    async fn audio_bytes_in(&self, db: &impl ConnectionTrait, beside: Option<PromptId>) -> Result<u64, Error> {
        let mut rows = self.rows::<prompt_files::Entity>();
        if let Some(prompt) = beside {
            rows = rows.filter(prompt_files::Column::PromptId.ne(prompt.get().cast_signed()));
        }
        let prompts = bytes_of(db, rows).await?;
        let messages = bytes_of(db, self.rows::<voicemail_messages::Entity>()).await?;
        let recordings = bytes_of(db, self.rows::<call_recordings::Entity>()).await?;
        Ok(prompts.saturating_add(messages).saturating_add(recordings))
    }
}

/// The keys of the files of rows.
async fn keys_of<E: FileRow>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<Vec<String>, Error> {
    let rows = rows.filter(E::BLOB_KEY.is_not_null()).select_only().column(E::BLOB_KEY);
    Ok(rows.into_tuple().all(db).await?)
}

/// How many bytes the files of rows have together. The engines have no common type for a sum, but for what it is cast to.
async fn bytes_of<E: FileRow>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<u64, Error> {
    let rows = rows.filter(E::BYTES.is_not_null()).select_only().expr(Expr::cust("CAST(SUM(bytes) AS SIGNED)"));
    Ok(rows.into_tuple::<Option<i64>>().one(db).await?.flatten().unwrap_or_default().cast_unsigned())
}

impl Edit {
    /// How many bytes the organization's files have together, without that of one prompt.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn audio_bytes_beside(&self, prompt: Option<PromptId>) -> Result<u64, Error> {
        self.within(self.tenant.audio_bytes_in(&*self.writing, prompt)).await
    }
}

impl Platform {
    /// Remote prompts of which there is no copy here, at most a hundred behind that one, by their identifiers.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn remote_prompts_without_copy(&self, after: PromptId) -> Result<Vec<(OrganizationId, PromptId)>, Error> {
        let work = async |line: Line| {
            let copied = Query::select()
                .column(prompt_files::Column::PromptId)
                .from(prompt_files::Entity)
                .and_where(prompt_files::Column::BlobKey.is_not_null())
                .take();
            let wanted = prompts::Entity::find()
                .filter(prompts::Column::Kind.eq("remote"))
                .filter(prompts::Column::Id.gt(after.get().cast_signed()))
                .filter(prompts::Column::Id.not_in_subquery(copied))
                .order_by_asc(prompts::Column::Id)
                .limit(100)
                .select_only()
                .columns([prompts::Column::OrganizationId, prompts::Column::Id]);
            let rows = wanted.into_tuple::<(i64, i64)>().all(line.db()).await?;
            let told =
                |(of, id): (i64, i64)| (OrganizationId::new(of.cast_unsigned()), PromptId::new(id.cast_unsigned()));
            Ok(rows.into_iter().map(told).collect())
        };
        self.store.pool.attempt(work).await
    }

    /// The keys of all files that any organization has, also in a database that is older than some kind of them.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn audio_keys(&self) -> Result<Vec<String>, Error> {
        let work = async |line: Line| {
            let tables = tables(line.db()).await?;
            let mut keys = all_keys_of::<prompt_files::Entity>(line.db(), &tables).await?;
            keys.extend(all_keys_of::<voicemail_messages::Entity>(line.db(), &tables).await?);
            keys.extend(all_keys_of::<call_recordings::Entity>(line.db(), &tables).await?);
            Ok(keys)
        };
        self.store.pool.attempt(work).await
    }
}

/// The keys of all files of a kind, if the database has a table of them.
async fn all_keys_of<E: FileRow>(db: &impl ConnectionTrait, tables: &[String]) -> Result<Vec<String>, Error> {
    if !tables.iter().any(|table| table == E::default().table_name()) {
        return Ok(Vec::new());
    }
    keys_of(db, E::find().order_by_asc(E::BLOB_KEY)).await
}
