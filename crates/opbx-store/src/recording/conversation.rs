//! Recordings of conversations.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::audio::{LONGEST, audio_columns, identity, kept_at, whole};
use super::work::Sought;
use super::{KeptAudio, KeptRecording, RecordingOutcome, RecordingReport};
use crate::calls::{DeliveryKey, cut};
use crate::edit::Edit;
use crate::entity::call_recordings::{ActiveModel, Column, Entity, Model};
use crate::error::Error;
use crate::millis::Millis;

impl Edit {
    /// Something was said of the recording of a conversation. One that has only begun, or that holds nothing, is none yet.
    pub(super) async fn conversation_reported(&mut self, report: &RecordingReport) -> Result<(), Error> {
        let (url, seconds) = match &report.outcome {
            RecordingOutcome::InProgress | RecordingOutcome::Absent => return Ok(()),
            RecordingOutcome::Completed { url, seconds } => (Some(&**url), *seconds),
            RecordingOutcome::Failed => (None, None),
        };
        let (call, call_id) = (report.call.call_id.as_bytes(), cut(&report.call.call_id, LONGEST));
        // Without a name of its dial a recording is known by where it is; with one it may have been told of without it.
        let identity = match (&report.dial, url) {
            (Some(dial), _) => identity("dial", &[call, dial.as_bytes()]),
            (None, url) => identity("recording", &[call, url.unwrap_or_default().as_bytes()]),
        };
        if let Some(row) = self.recording_known_by(identity, &call_id, url).await? {
            return self.more_of_recording(row, url, seconds).await;
        }
        if self.is_known(DeliveryKey(identity)).await? {
            return Ok(());
        }
        let not_made = || (None, KeptAudio::Failed { error: "The platform could not make the recording.".into() });
        let (url, audio) = url.map_or_else(not_made, kept_at);
        let mut row = ActiveModel {
            organization_id: Set(self.tenant.key()),
            identity: Set(identity.to_vec()),
            call_id: Set(call_id),
            dial: Set(report.dial.as_deref().map(|dial| cut(dial, LONGEST))),
            received_at: Set(Millis::of(report.call.at)),
            url: Set(url),
            seconds: Set(seconds.map(i64::from)),
            ..Default::default()
        };
        audio_columns!(set row, &audio);
        let made = self.within(async { Ok(Entity::insert(row).exec(&*self.writing).await?) }).await?;
        if audio == KeptAudio::Receiving {
            self.seek(Sought::Recording(made.last_insert_id.cast_unsigned())).await?;
        }
        Ok(())
    }

    async fn recording_known_by(
        &self,
        identity: [u8; 32],
        call_id: &str,
        url: Option<&str>,
    ) -> Result<Option<Model>, Error> {
        let rows = self.tenant.rows::<Entity>();
        let row = rows.clone().filter(Column::Identity.eq(identity.to_vec()));
        let row = self.within(async { Ok(row.one(&*self.writing).await?) }).await?;
        let (None, Some(url)) = (&row, url) else { return Ok(row) };
        // Two look-ups: no engine looks into two indexes for one of two conditions as well as it does for each.
        let row = rows.filter(Column::CallId.eq(call_id).and(Column::Url.eq(url)));
        self.within(async { Ok(row.one(&*self.writing).await?) }).await
    }

    /// What is told of a recording that is there: its length where it was not known, and an address where its sound could not
    /// be had so far.
    async fn more_of_recording(&mut self, row: Model, url: Option<&str>, seconds: Option<u32>) -> Result<(), Error> {
        let id = row.id.cast_unsigned();
        let mut change = ActiveModel::default();
        if row.seconds.is_none() {
            change.seconds = Set(seconds.map(i64::from));
        }
        let has_failed = KeptAudio::Failed { error: Box::default() }.word() == row.state;
        let other = url.filter(|url| has_failed && row.url.as_deref() != Some(*url));
        if let Some((Some(url), audio)) = other.map(kept_at) {
            change.url = Set(Some(url));
            audio_columns!(set change, &audio);
            self.seek(Sought::Recording(id)).await?;
        }
        self.change_recording(id, change).await
    }

    /// One recording of a conversation, as it stands inside this edit.
    pub(super) async fn recording(&self, id: u64) -> Result<KeptRecording, Error> {
        let row = self.tenant.rows::<Entity>().filter(Column::Id.eq(id.cast_signed()));
        let row = self.within(async { Ok(row.one(&*self.writing).await?) }).await?;
        kept(row.ok_or(Error::NotFound)?)
    }

    pub(super) async fn change_recording(&self, id: u64, change: ActiveModel) -> Result<(), Error> {
        if change == ActiveModel::default() {
            return Ok(());
        }
        let own = Column::OrganizationId.eq(self.tenant.key()).and(Column::Id.eq(id.cast_signed()));
        let work = async { Ok(Entity::update_many().set(change).filter(own).exec(&*self.writing).await.map(drop)?) };
        self.within(work).await
    }
}

pub(super) fn kept(row: Model) -> Result<KeptRecording, Error> {
    Ok(KeptRecording {
        id: row.id.cast_unsigned(),
        call_id: row.call_id,
        dial: row.dial,
        received_at: row.received_at.instant()?,
        seconds: whole(row.seconds)?,
        url: row.url,
        audio: audio_columns!(of row).audio()?,
    })
}
