//! Calls that show a number.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Erasure, SEARCHED_AT_ONCE};
use crate::edit::Author;
use crate::entity::call_evidence::{Column, Entity};
use crate::entity::calls;
use crate::error::Error;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// How many calls one transaction blanks.
const AT_ONCE: usize = 100;

impl TenantStore {
    /// Blanks them, and notes the texts that they showed. Their recordings go first: of a call that is blank nobody would know any
    /// more that they are to go.
    pub(super) async fn erase_from_calls(
        &self,
        digits: &str,
        (author, now): (&Author, Timestamp),
        erasure: &mut Erasure,
        texts: &mut BTreeSet<String>,
    ) -> Result<(), Error> {
        let mut after = 0;
        while let Some((found, last)) = self.calls_with(digits, after).await? {
            for some in found.chunks(AT_ONCE) {
                let tokens = self.tokens_of(some).await?;
                let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
                let recordings = self.erase_recordings_of(&tokens, author.clone(), now).await?;
                let turn = self.turn().await?;
                let work = async |line: Line| {
                    let writing = self.begin(&line, turn).await?;
                    let blanked = self.blank_calls(&writing, some, digits).await?;
                    writing.commit().await?;
                    Ok(blanked)
                };
                let blanked = self.store.pool.attempt(work).await?;
                erasure.calls += blanked.calls;
                erasure.payloads += blanked.payloads;
                // What the record of a call says of a recording is mostly what was fetched.
                erasure.recordings += Ord::max(blanked.recordings, recordings);
                erasure.decisions += blanked.decisions;
                texts.extend(blanked.texts);
            }
            after = last;
        }
        Ok(())
    }

    /// By what these calls are called, if by anything.
    async fn tokens_of(&self, calls: &[i64]) -> Result<Vec<String>, Error> {
        let rows = self.rows::<calls::Entity>().filter(calls::Column::Id.is_in(calls.iter().copied()));
        let rows = rows.filter(calls::Column::CallId.ne("")).select_only().column(calls::Column::CallId);
        self.store.pool.attempt(async |line: Line| Ok(rows.clone().into_tuple().all(line.db()).await?)).await
    }

    /// Which of the next calls behind one show the digits, and the last one that was looked at.
    async fn calls_with(&self, digits: &str, after: i64) -> Result<Option<(Vec<i64>, i64)>, Error> {
        let work = async |line: Line| {
            let next = || self.rows::<Entity>().filter(Column::OfCall.gt(after)).order_by_asc(Column::OfCall);
            let ids = || next().select_only().column(Column::OfCall);
            let last = ids().offset(SEARCHED_AT_ONCE - 1).limit(1).into_tuple::<i64>().one(line.db()).await?;
            let last = match last {
                Some(last) => last,
                // Fewer than that: up to the very last one.
                None => {
                    let last = self.rows::<Entity>().order_by_desc(Column::OfCall).select_only();
                    let last = last.column(Column::OfCall).limit(1).into_tuple::<i64>().one(line.db()).await?;
                    match last.filter(|last| *last > after) {
                        Some(last) => last,
                        None => return Ok(None),
                    }
                }
            };
            let shows = Column::Evidence.contains(digits).or(Column::Payload.contains(digits));
            let found = ids().filter(Column::OfCall.lte(last)).filter(shows).into_tuple().all(line.db()).await?;
            Ok(Some((found, last)))
        };
        self.store.pool.attempt(work).await
    }
}
