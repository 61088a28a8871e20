//! What came of fetching the sound of a recording.

use opbx_core::id::MessageId;
use opbx_core::sound::AudioFile;
use opbx_core::voicemail_box::{EmailMode, VoicemailBox};
use sea_orm::{ColumnTrait, QueryFilter};

use super::audio::audio_columns;
use super::work::Sought;
use super::{KeptAudio, conversation, message};
use crate::edit::Edit;
use crate::entity::{call_recordings, voicemail_messages};
use crate::error::Error;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// One megabyte, as limits count.
const MEGABYTE: u64 = 1_000_000;
/// Why a file is not kept for which there is no room.
const NO_ROOM: &str = "The organization has as much audio as it may have.";

/// What became of a file that was fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// A row refers to it from now on.
    Stored,
    /// The organization has no room for it; its row says so.
    NoRoom,
    /// Nobody wants it any more.
    NotWanted,
}

impl TenantStore {
    /// Where the platform keeps a recording whose sound is to be fetched; `None`: it is here, or nobody wants it any more. One that
    /// could not be had is still wanted.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn audio_sought(&self, sought: Sought) -> Result<Option<String>, Error> {
        match sought {
            Sought::Message(id) => {
                use voicemail_messages::{Column, Entity};
                let row = self.rows::<Entity>().filter(Column::Id.eq(id.get().cast_signed()));
                let row = self.store.pool.attempt(async |line: Line| Ok(row.clone().one(line.db()).await?)).await?;
                let message = row.map(message::kept).transpose()?;
                Ok(message.filter(|message| message.audio.file().is_none()).and_then(|message| message.url))
            }
            Sought::Recording(id) => {
                use call_recordings::{Column, Entity};
                let row = self.rows::<Entity>().filter(Column::Id.eq(id.cast_signed()));
                let row = self.store.pool.attempt(async |line: Line| Ok(row.clone().one(line.db()).await?)).await?;
                let recording = row.map(conversation::kept).transpose()?;
                Ok(recording.filter(|recording| recording.audio.file().is_none()).and_then(|recording| recording.url))
            }
            Sought::Greeting { voicemail_box, spoken_at } => self.greeting_sought(voicemail_box, spoken_at).await,
        }
    }
}

impl Edit {
    /// Keeps the sound of a recording, if it is still wanted and there is room for it. A message that has its sound is told of by
    /// mail, where its box says so: the job of that is left here, once.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`]; [`Error::NotFound`] when the box of a greeting has gone.
    pub async fn keep_audio(&mut self, sought: Sought, file: AudioFile) -> Result<Kept, Error> {
        if !self.wants_audio(sought).await? {
            return Ok(Kept::NotWanted);
        }
        if let Some(most) = self.allowance().await?.storage_mb
            && self.audio_bytes_beside(None).await?.saturating_add(file.bytes) > u64::from(most) * MEGABYTE
        {
            self.give_audio_up(sought, NO_ROOM).await?;
            return Ok(Kept::NoRoom);
        }
        match sought {
            Sought::Message(id) => {
                self.write_audio(sought, KeptAudio::Stored(file)).await?;
                self.tell_of_message(id).await?;
            }
            Sought::Recording(_) => self.write_audio(sought, KeptAudio::Stored(file)).await?,
            Sought::Greeting { voicemail_box, spoken_at } => {
                if !self.greet_with(voicemail_box, spoken_at, file).await? {
                    return Ok(Kept::NotWanted);
                }
            }
        }
        Ok(Kept::Stored)
    }

    /// Gives the sound of a recording up: the row stays, and says why. It may still come.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn give_audio_up(&mut self, sought: Sought, error: &str) -> Result<(), Error> {
        match sought {
            Sought::Message(_) | Sought::Recording(_) => {
                if self.wants_audio(sought).await? {
                    self.write_audio(sought, KeptAudio::Failed { error: error.into() }).await?;
                }
                Ok(())
            }
            Sought::Greeting { voicemail_box, spoken_at } => self.give_greeting_up(voicemail_box, spoken_at).await,
        }
    }

    /// Whether there is a row that has no sound.
    async fn wants_audio(&self, sought: Sought) -> Result<bool, Error> {
        let found = match sought {
            Sought::Message(id) => self.message(id).await.map(|message| message.audio),
            Sought::Recording(id) => self.recording(id).await.map(|recording| recording.audio),
            Sought::Greeting { .. } => return Ok(true),
        };
        match found {
            Ok(audio) => Ok(audio.file().is_none()),
            Err(Error::NotFound) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    async fn write_audio(&self, sought: Sought, audio: KeptAudio) -> Result<(), Error> {
        match sought {
            Sought::Message(id) => {
                let mut change = voicemail_messages::ActiveModel::default();
                audio_columns!(set change, &audio);
                self.change_message(id, change).await
            }
            Sought::Recording(id) => {
                let mut change = call_recordings::ActiveModel::default();
                audio_columns!(set change, &audio);
                self.change_recording(id, change).await
            }
            Sought::Greeting { .. } => Ok(()),
        }
    }

    async fn tell_of_message(&mut self, id: MessageId) -> Result<(), Error> {
        let of = self.message(id).await?.voicemail_box;
        let voicemail_box = self.find::<VoicemailBox>(of.get()).await?.object;
        if voicemail_box.email.is_none() || voicemail_box.email_mode == EmailMode::None {
            return Ok(());
        }
        self.leave_letter(id).await
    }
}
