//! Reading back what was recorded.

use std::collections::HashMap;

use opbx_core::call_log::CallKey;
use opbx_core::id::{MessageId, VoicemailBoxId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::audio::LONGEST;
use super::{KeptAudio, KeptMessage, KeptRecording, conversation, message};
use crate::calls::{KeptCall, cut};
use crate::entity::call_recordings;
use crate::entity::voicemail_messages::{Column, Entity};
use crate::error::Error;
use crate::page::{Filter, FilterValue, Page, Query};
use crate::pool::Line;
use crate::tenant::TenantStore;

impl TenantStore {
    /// A page of the messages in a box; the newest first where no order is asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn messages(&self, of: VoicemailBoxId, query: &Query) -> Result<Page<KeptMessage>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let mut chosen = self.rows::<Entity>().filter(Column::VoicemailBoxId.eq(of.get().cast_signed()));
            for filter in &query.filters {
                chosen = chosen.filter(holds(filter));
            }
            let total = chosen.clone().count(&reading).await?;
            let rows = sorted(chosen, query).offset(query.offset).limit(query.limit).all(&reading).await?;
            reading.commit().await?;
            let items = rows.into_iter().map(message::kept).collect::<Result<_, Error>>()?;
            Ok(Page { items, total })
        };
        self.store.pool.attempt(work).await
    }

    /// One message.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn message(&self, id: MessageId) -> Result<KeptMessage, Error> {
        let row = self.rows::<Entity>().filter(Column::Id.eq(id.get().cast_signed()));
        let row = self.store.pool.attempt(async |line: Line| Ok(row.clone().one(line.db()).await?)).await?;
        message::kept(row.ok_or(Error::NotFound)?)
    }

    /// The call that a recording is of; `None`: there is no row of it (yet), or the recording is gone.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn recorded_call(&self, recording: u64) -> Result<Option<KeptCall>, Error> {
        use call_recordings::Column;
        let row = self.rows::<call_recordings::Entity>().filter(Column::Id.eq(recording.cast_signed()));
        let row = self.store.pool.attempt(async |line: Line| Ok(row.clone().one(line.db()).await?)).await?;
        let Some(row) = row else { return Ok(None) };
        let Some(call) = self.call_known_by(CallKey::Session(&row.call_id)).await? else { return Ok(None) };
        match self.call(call).await {
            Ok(found) => Ok(Some(found.call)),
            Err(Error::NotFound) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The recordings of calls by the tokens of these, one for each call that has any: of several the latest that can be
    /// played, else the latest.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn recordings_of(&self, calls: &[&str]) -> Result<HashMap<String, KeptRecording>, Error> {
        let calls: Vec<String> = calls.iter().map(|call| cut(call, LONGEST)).collect();
        if calls.is_empty() {
            return Ok(HashMap::new());
        }
        let work = async |line: Line| {
            use call_recordings::Column;
            let rows = self.rows::<call_recordings::Entity>().filter(Column::CallId.is_in(calls.iter().cloned()));
            let rows = rows.order_by_asc(Column::Id).all(line.db()).await?;
            let mut shown = HashMap::<String, KeptRecording>::new();
            for row in rows {
                let recording = conversation::kept(row)?;
                let is_better = shown.get(&recording.call_id).is_none_or(|other| rank(&recording) >= rank(other));
                if is_better {
                    shown.insert(recording.call_id.clone(), recording);
                }
            }
            Ok(shown)
        };
        self.store.pool.attempt(work).await
    }
}

/// What can be played goes before what may be played soon, and that before what cannot.
const fn rank(recording: &KeptRecording) -> u8 {
    match recording.audio {
        KeptAudio::Stored(_) => 2,
        KeptAudio::Receiving => 1,
        KeptAudio::Failed { .. } => 0,
    }
}

fn holds(filter: &Filter) -> Expr {
    match (filter.field, &filter.value) {
        ("seen", FilterValue::Flag(true)) => Column::HeardAt.is_not_null(),
        ("seen", FilterValue::Flag(false)) => Column::HeardAt.is_null(),
        ("saved", FilterValue::Flag(saved)) => Column::Saved.eq(*saved),
        ("state", FilterValue::Word(state)) => Column::State.eq(state.as_str()),
        // No other field is filtered by: nothing is what could be meant.
        _ => Expr::val(1).eq(0),
    }
}

/// The identifier settles what is equal otherwise.
fn sorted(chosen: Select<Entity>, query: &Query) -> Select<Entity> {
    let column = match query.sort_by.as_deref() {
        Some("id") => Column::Id,
        Some("from_number") => Column::FromNumber,
        Some("caller_name") => Column::CallerName,
        Some("call_id") => Column::CallId,
        Some("received_at") => Column::ReceivedAt,
        Some("seen") => Column::HeardAt,
        Some("saved") => Column::Saved,
        Some("state") => Column::State,
        Some("error") => Column::Error,
        Some("bytes") => Column::Bytes,
        Some("media_type") => Column::Format,
        Some("duration") => Column::Seconds,
        _ => return chosen.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id),
    };
    let order = if query.descending { Order::Desc } else { Order::Asc };
    chosen.order_by(column, order.clone()).order_by(Column::Id, order)
}
