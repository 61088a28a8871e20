//! The files with sound that an organization has in the storage, which is not of the database.

use std::collections::HashSet;

use opbx_core::id::{OrganizationId, PromptId};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::edit::Edit;
use crate::entity::{prompt_files, prompts};
use crate::error::Error;
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
            let keys = self.rows::<prompt_files::Entity>().filter(prompt_files::Column::BlobKey.is_not_null());
            let keys = keys.select_only().column(prompt_files::Column::BlobKey);
            Ok(keys.into_tuple::<String>().all(line.db()).await?.into_iter().collect())
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
        let mut rows = self.rows::<prompt_files::Entity>().filter(prompt_files::Column::Bytes.is_not_null());
        if let Some(prompt) = beside {
            rows = rows.filter(prompt_files::Column::PromptId.ne(prompt.get().cast_signed()));
        }
        // Added up here: the engines have no common type for the sum of a column.
        let bytes = rows.select_only().column(prompt_files::Column::Bytes).into_tuple::<i64>().all(db).await?;
        Ok(bytes.into_iter().map(i64::cast_unsigned).sum())
    }
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

    /// The keys of all files that any organization has.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn audio_keys(&self) -> Result<Vec<String>, Error> {
        let work = async |line: Line| {
            let keys = prompt_files::Entity::find().filter(prompt_files::Column::BlobKey.is_not_null());
            let keys =
                keys.order_by_asc(prompt_files::Column::BlobKey).select_only().column(prompt_files::Column::BlobKey);
            Ok(keys.into_tuple::<String>().all(line.db()).await?)
        };
        self.store.pool.attempt(work).await
    }
}
