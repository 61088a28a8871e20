//! Messages in voicemail boxes.

use jiff::{SignedDuration, Timestamp};
use opbx_core::call::{BoxContents, BoxMessage};
use opbx_core::id::{MessageId, VoicemailBoxId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::audio::{LONGEST, audio_columns, identity, kept_at, whole};
use super::work::Sought;
use super::{CallContext, KeptAudio, KeptMessage};
use crate::audit::{Entry, differences};
use crate::calls::{DeliveryKey, cut};
use crate::edit::Edit;
use crate::entity::voicemail_boxes;
use crate::entity::voicemail_messages::{ActiveModel, Column, Entity, Model};
use crate::error::Error;
use crate::millis::Millis;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// How long after it was first heard a message that is heard again is still that one playing.
const ONE_PLAYING: SignedDuration = SignedDuration::from_mins(10);
/// What a message is called in the audit log.
const MESSAGE: &str = "voicemail_message";

impl TenantStore {
    /// What is in a box now, for routing: also what is still being fetched, or could not be had. Nothing is in a box that is not
    /// there.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn box_contents(&self, voicemail_box: VoicemailBoxId, now: Timestamp) -> Result<BoxContents, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let rows = self.rows::<Entity>().filter(Column::VoicemailBoxId.eq(voicemail_box.get().cast_signed()));
            let rows = rows.order_by_asc(Column::Id).select_only().columns([Column::Id, Column::HeardAt]);
            let rows: Vec<(i64, Option<Millis>)> = rows.into_tuple().all(&reading).await?;
            let locked = self.is_locked(&reading, voicemail_box, now).await?;
            reading.commit().await?;
            let message = |(id, heard_at): (i64, Option<Millis>)| BoxMessage {
                id: MessageId::new(id.cast_unsigned()),
                new: heard_at.is_none(),
            };
            Ok(BoxContents { messages: rows.into_iter().map(message).collect(), locked })
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// A message was left. It is made once, whoever tells of it first; one that was deleted is not made again. Answers the
    /// message if it is new.
    pub(super) async fn message_left(
        &mut self,
        of: VoicemailBoxId,
        call: &CallContext,
        url: &str,
        seconds: Option<u32>,
    ) -> Result<Option<MessageId>, Error> {
        let identity = identity("message", &[&of.get().to_be_bytes(), call.call_id.as_bytes()]);
        let row = self.tenant.rows::<Entity>().filter(Column::Identity.eq(identity.to_vec()));
        if let Some(row) = self.within(async { Ok(row.one(&*self.writing).await?) }).await? {
            self.more_of_message(row, url, seconds).await?;
            return Ok(None);
        }
        // The box may have been removed while the caller spoke: then there is nowhere to keep it.
        let is_there = !self.within(self.ids::<voicemail_boxes::Entity>(&[of.get().cast_signed()])).await?.is_empty();
        if !is_there || self.is_known(DeliveryKey(identity)).await? {
            return Ok(None);
        }
        let (url, audio) = kept_at(url);
        let mut row = ActiveModel {
            organization_id: Set(self.tenant.key()),
            voicemail_box_id: Set(of.get().cast_signed()),
            identity: Set(identity.to_vec()),
            call_id: Set(cut(&call.call_id, LONGEST)),
            from_number: Set(cut(&call.from, LONGEST)),
            caller_name: Set(call.caller_name.as_deref().map(|name| cut(name, LONGEST))),
            received_at: Set(Millis::of(call.at)),
            heard_at: Set(None),
            saved: Set(false),
            url: Set(url),
            seconds: Set(seconds.map(i64::from)),
            ..Default::default()
        };
        audio_columns!(set row, &audio);
        let made = self.within(async { Ok(Entity::insert(row).exec(&*self.writing).await?) }).await?;
        let id = MessageId::new(made.last_insert_id.cast_unsigned());
        if audio == KeptAudio::Receiving {
            self.seek(Sought::Message(id)).await?;
        }
        Ok(Some(id))
    }

    /// What is told of a message that is there: its length where it was not known, and another address where the sound could not
    /// be had from the first.
    async fn more_of_message(&mut self, row: Model, url: &str, seconds: Option<u32>) -> Result<(), Error> {
        let id = MessageId::new(row.id.cast_unsigned());
        let mut change = ActiveModel::default();
        if row.seconds.is_none() {
            change.seconds = Set(seconds.map(i64::from));
        }
        let has_failed = KeptAudio::Failed { error: Box::default() }.word() == row.state;
        let again = has_failed && row.url.as_deref() != Some(url);
        if again && let (Some(url), audio) = kept_at(url) {
            change.url = Set(Some(url));
            audio_columns!(set change, &audio);
            self.seek(Sought::Message(id)).await?;
        }
        self.change_message(id, change).await
    }

    /// A message was heard: from now on it is not new. The audit log is told, though not of what is heard again within ten minutes
    /// of the first time.
    pub(super) async fn message_heard(&mut self, id: MessageId, at: Timestamp) -> Result<(), Error> {
        let message = self.message(id).await?;
        match message.heard_at {
            Some(first) if at < first + ONE_PLAYING => return Ok(()),
            Some(_) => {}
            None => {
                let change = ActiveModel { heard_at: Set(Some(Millis::of(at))), ..Default::default() };
                self.change_message(id, change).await?;
            }
        }
        self.record(&entry("played", &message)).await
    }

    /// A message is to be kept.
    pub(super) async fn keep_message(&mut self, id: MessageId) -> Result<(), Error> {
        self.message(id).await?;
        self.change_message(id, ActiveModel { saved: Set(true), ..Default::default() }).await
    }

    /// Says of a message whether it was heard and whether it is to be kept. What is so already is not changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn mark_message(&mut self, id: MessageId, seen: bool, saved: bool) -> Result<(), Error> {
        let message = self.message(id).await?;
        let (was, is) = (
            json!({ "seen": message.heard_at.is_some(), "saved": message.saved }),
            json!({ "seen": seen, "saved": saved }),
        );
        if was == is {
            return Ok(());
        }
        let mut change = ActiveModel { saved: Set(saved), ..Default::default() };
        if seen != message.heard_at.is_some() {
            change.heard_at = Set(seen.then(|| Millis::of(self.now)));
        }
        self.change_message(id, change).await?;
        let (before, after) = differences(&was, &is);
        self.record(&Entry { before: Some(before), after: Some(after), ..entry("updated", &message) }).await
    }

    /// One message, as it stands inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn message(&self, id: MessageId) -> Result<KeptMessage, Error> {
        let row = self.tenant.rows::<Entity>().filter(Column::Id.eq(id.get().cast_signed()));
        let row = self.within(async { Ok(row.one(&*self.writing).await?) }).await?;
        kept(row.ok_or(Error::NotFound)?)
    }

    /// Some messages in a box and who left them: what stands in the way of its removal.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn messages_in(&self, of: VoicemailBoxId, most: u64) -> Result<Vec<(MessageId, String)>, Error> {
        let rows = self.tenant.rows::<Entity>().filter(Column::VoicemailBoxId.eq(of.get().cast_signed()));
        let rows = rows.order_by_asc(Column::Id).limit(most).select_only().columns([Column::Id, Column::FromNumber]);
        let rows = self.within(async { Ok(rows.into_tuple::<(i64, String)>().all(&*self.writing).await?) }).await?;
        Ok(rows.into_iter().map(|(id, from)| (MessageId::new(id.cast_unsigned()), from)).collect())
    }

    /// Removes a message, and leaves the removal of its file to a job. Whoever tells of it later does not bring it back.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn remove_message(&mut self, id: MessageId) -> Result<(), Error> {
        let message = self.message(id).await?;
        self.remove_recorded::<Entity>(&[id.get().cast_signed()]).await?;
        self.record(&entry("deleted", &message)).await
    }

    pub(super) async fn change_message(&self, id: MessageId, change: ActiveModel) -> Result<(), Error> {
        if change == ActiveModel::default() {
            return Ok(());
        }
        let own = Column::OrganizationId.eq(self.tenant.key()).and(Column::Id.eq(id.get().cast_signed()));
        let work = async { Ok(Entity::update_many().set(change).filter(own).exec(&*self.writing).await.map(drop)?) };
        self.within(work).await
    }
}

/// What the audit log is told of a message: whose it is is not hidden from those who may read the log.
fn entry(action: &'static str, message: &KeptMessage) -> Entry {
    Entry::of(action, MESSAGE, Some(message.id.get()), message.from_number.as_str())
}

pub(super) fn kept(row: Model) -> Result<KeptMessage, Error> {
    Ok(KeptMessage {
        id: MessageId::new(row.id.cast_unsigned()),
        voicemail_box: VoicemailBoxId::new(row.voicemail_box_id.cast_unsigned()),
        call_id: row.call_id,
        from_number: row.from_number,
        caller_name: row.caller_name,
        received_at: row.received_at.instant()?,
        heard_at: row.heard_at.map(Millis::instant).transpose()?,
        saved: row.saved,
        seconds: whole(row.seconds)?,
        url: row.url,
        audio: audio_columns!(of row).audio()?,
    })
}
