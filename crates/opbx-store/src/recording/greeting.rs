//! Greetings that owners speak into the phone: a prompt of the library when the sound is here, and not before.

use jiff::Timestamp;
use opbx_core::id::{PromptId, VoicemailBoxId};
use opbx_core::organization::Status;
use opbx_core::prompt::{Prompt, PromptKind};
use opbx_core::sound::{AudioFile, Sound};
use opbx_core::text::Name;
use opbx_core::voicemail_box::VoicemailBox;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::audio::{identity, kept_at};
use super::work::Sought;
use crate::calls::DeliveryKey;
use crate::edit::Edit;
use crate::entity::prompts;
use crate::entity::voicemail_greetings::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::kind::Stored;
use crate::millis::Millis;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// The longest name of a prompt, in characters.
const LONGEST_NAME: usize = 255;

impl Edit {
    /// A greeting was spoken: it is to be fetched. Whoever tells of it again, by whatever way, changes nothing; a recording is
    /// known by its address.
    pub(super) async fn greeting_spoken(
        &mut self,
        of: VoicemailBoxId,
        url: &str,
        spoken_at: Timestamp,
    ) -> Result<(), Error> {
        self.find::<VoicemailBox>(of.get()).await?;
        let key = DeliveryKey(identity("greeting", &[&of.get().to_be_bytes(), url.as_bytes()]));
        let (Some(url), _) = kept_at(url) else { return Ok(()) };
        if !self.is_first(key).await? {
            return Ok(());
        }
        let row = self.within(self.tenant.greeting_of(&*self.writing, of)).await?;
        if row.as_ref().is_some_and(|row| row.spoken_at > Millis::of(spoken_at)) {
            return Ok(());
        }
        let row = ActiveModel {
            organization_id: Set(self.tenant.key()),
            voicemail_box_id: Set(of.get().cast_signed()),
            url: Set(url),
            spoken_at: Set(Millis::of(spoken_at)),
        };
        self.take_greeting_away(of).await?;
        let work = async { Ok(Entity::insert(row).exec_without_returning(&*self.writing).await?) };
        self.within(work).await?;
        self.seek(Sought::Greeting { voicemail_box: of, spoken_at }).await
    }

    /// Makes a file the greeting of its box, unless a later one was spoken meanwhile. Answers whether it is.
    pub(super) async fn greet_with(
        &mut self,
        of: VoicemailBoxId,
        spoken_at: Timestamp,
        file: AudioFile,
    ) -> Result<bool, Error> {
        let row = self.within(self.tenant.greeting_of(&*self.writing, of)).await?;
        if row.is_none_or(|row| row.spoken_at != Millis::of(spoken_at)) {
            return Ok(false);
        }
        let before = self.find::<VoicemailBox>(of.get()).await?;
        let sound = Sound::Held(file);
        let prompt = match self.own_greeting(&before.object).await? {
            Some(own) => {
                if let Some(former) = own.object.sound.file() {
                    self.leave_files(&[former.key.to_string()]).await?;
                }
                self.update(&own, Prompt { sound, ..own.object.clone() }).await?
            }
            None => {
                let name = self.name_of_greeting(before.object.name.as_str()).await?;
                let kind = PromptKind::Upload;
                self.create(Prompt { id: PromptId::new(0), name, status: Status::Active, kind, sound }).await?
            }
        };
        self.update(&before, VoicemailBox { greeting: Some(prompt.object.id), ..before.object.clone() }).await?;
        self.take_greeting_away(of).await?;
        Ok(true)
    }

    /// A greeting that cannot be had is given up: the former one stays.
    pub(super) async fn give_greeting_up(&mut self, of: VoicemailBoxId, spoken_at: Timestamp) -> Result<(), Error> {
        let row = self.within(self.tenant.greeting_of(&*self.writing, of)).await?;
        match row {
            Some(row) if row.spoken_at == Millis::of(spoken_at) => self.take_greeting_away(of).await,
            _ => Ok(()),
        }
    }

    async fn take_greeting_away(&self, of: VoicemailBoxId) -> Result<(), Error> {
        let own = Column::OrganizationId.eq(self.tenant.key());
        let own = own.and(Column::VoicemailBoxId.eq(of.get().cast_signed()));
        self.within(async { Ok(Entity::delete_many().filter(own).exec(&*self.writing).await.map(drop)?) }).await
    }

    /// The prompt that was made of the greeting before, if nobody made it anything else since: its sound is replaced, so that
    /// the library does not fill with what nothing leads to.
    async fn own_greeting(&self, voicemail_box: &VoicemailBox) -> Result<Option<Stored<Prompt>>, Error> {
        let Some(id) = voicemail_box.greeting else { return Ok(None) };
        let prompt = self.find::<Prompt>(id.get()).await?;
        let is_upload = matches!(prompt.object.kind, PromptKind::Upload);
        if !is_upload || !prompt.object.name.as_str().starts_with(&named_after(voicemail_box.name.as_str())) {
            return Ok(None);
        }
        let leading = self.references(ObjectKind::Prompt, id.get()).await?;
        let only_here = leading
            .iter()
            .all(|(reference, _)| (reference.kind, reference.id) == (ObjectKind::VoicemailBox, voicemail_box.id.get()));
        Ok(Some(prompt).filter(|_| only_here))
    }

    /// A name for the prompt, after the box; where a prompt has that, followed by a count.
    async fn name_of_greeting(&self, voicemail_box: &str) -> Result<Name, Error> {
        let first = named_after(voicemail_box);
        for count in 1_u32.. {
            let ending = if count == 1 { String::new() } else { format!(" ({count})") };
            let room = LONGEST_NAME - ending.chars().count();
            let start: String = first.chars().take(room).collect();
            let name = format!("{}{ending}", start.trim_end());
            let taken = self.tenant.rows::<prompts::Entity>().filter(prompts::Column::Name.eq(name.as_str()));
            if self.within(async { Ok(taken.one(&*self.writing).await?) }).await?.is_none() {
                return name.parse().map_err(|fault| Error::Corrupt(Cause::new(fault)));
            }
        }
        Err(Error::Corrupt(Cause::said("a prompt has every name that there could be")))
    }
}

impl TenantStore {
    async fn greeting_of(&self, db: &impl ConnectionTrait, of: VoicemailBoxId) -> Result<Option<Model>, Error> {
        let row = self.rows::<Entity>().filter(Column::VoicemailBoxId.eq(of.get().cast_signed()));
        Ok(row.one(db).await?)
    }

    /// Where the platform keeps a greeting, if it is still to be fetched.
    pub(super) async fn greeting_sought(&self, of: VoicemailBoxId, at: Timestamp) -> Result<Option<String>, Error> {
        let row = self.store.pool.attempt(async |line: Line| self.greeting_of(line.db(), of).await).await?;
        Ok(row.filter(|row| row.spoken_at == Millis::of(at)).map(|row| row.url))
    }
}

/// What the prompt of a box's greeting is called.
fn named_after(voicemail_box: &str) -> String {
    format!("Greeting of {voicemail_box}")
}
