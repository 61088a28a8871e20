//! What happens once: effects of a call, and what is said of recordings, each known by a key.

use std::time::Duration;

use jiff::Timestamp;
use opbx_core::decision::{Effect, Recorded};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{CallContext, Performed, RecordingOutcome, RecordingReport};
use crate::calls::DeliveryKey;
use crate::edit::{Author, Edit};
use crate::entity::call_deliveries::{ActiveModel, Column, Entity};
use crate::error::Error;
use crate::millis::Millis;
use crate::tenant::TenantStore;

/// How long a key is known again.
const KNOWN: Duration = Duration::from_secs(24 * 60 * 60);
/// How many values one statement names at most.
const AT_ONCE: usize = 500;

impl TenantStore {
    /// Performs an effect of a call once: one whose key was seen has no effect again. The key, what is changed, its audit entry
    /// and the work that it leaves are one transaction.
    ///
    /// Keys are those of deliveries: of several effects of one delivery each needs its own, and none may be that of a fact.
    /// An effect that can have none, since what it is on is gone or has become something else, counts as performed: it would
    /// not go better another time.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`]; nothing has happened then.
    pub async fn perform_once(
        &self,
        key: DeliveryKey,
        effect: &Effect,
        call: &CallContext,
        author: Author,
        now: Timestamp,
    ) -> Result<Performed, Error> {
        self.once(Some(key), &Said::Effect(effect, call), author, now).await
    }

    /// Takes in what the platform said of a recording: of a message, a greeting or a conversation; once for each key.
    ///
    /// # Errors
    ///
    /// As [`perform_once`](Self::perform_once).
    pub async fn recording_reported(
        &self,
        key: Option<DeliveryKey>,
        report: &RecordingReport,
        author: Author,
        now: Timestamp,
    ) -> Result<Performed, Error> {
        self.once(key, &Said::Report(report), author, now).await
    }

    async fn once(
        &self,
        key: Option<DeliveryKey>,
        said: &Said<'_>,
        author: Author,
        now: Timestamp,
    ) -> Result<Performed, Error> {
        match self.try_once(key, Some(said), author.clone(), now).await {
            // A statement was refused: what it belongs to is taken back, and only that it was seen is kept.
            Err(Error::NotFound | Error::Conflict(_) | Error::Stale) => {}
            done => return done,
        }
        match self.try_once(key, None, author, now).await {
            // The organization itself is gone.
            Err(Error::NotFound) => Ok(Performed::default()),
            done => done,
        }
    }

    async fn try_once(
        &self,
        key: Option<DeliveryKey>,
        said: Option<&Said<'_>>,
        author: Author,
        now: Timestamp,
    ) -> Result<Performed, Error> {
        let mut edit = self.edit(author, now).await?;
        if let Some(key) = key
            && !edit.is_first(key).await?
        {
            return Ok(Performed::default());
        }
        let mut performed = Performed { is_first: true, ..Performed::default() };
        match said {
            None => {}
            Some(Said::Effect(effect, call)) => edit.take_effect(effect, call, &mut performed).await?,
            Some(Said::Report(report)) => edit.take_report(report, &mut performed).await?,
        }
        performed.revision = edit.commit().await?;
        Ok(performed)
    }
}

/// What is taken in.
enum Said<'a> {
    Effect(&'a Effect, &'a CallContext),
    Report(&'a RecordingReport),
}

impl Edit {
    async fn take_effect(
        &mut self,
        effect: &Effect,
        call: &CallContext,
        performed: &mut Performed,
    ) -> Result<(), Error> {
        match effect {
            Effect::DoNotDisturb { .. } | Effect::ForwardAlways { .. } | Effect::SetPin { .. } => {
                self.perform(effect).await
            }
            Effect::SaveMessage { voicemail_box, audio } => {
                performed.message = self.message_left(*voicemail_box, call, &audio.url, audio.seconds).await?;
                Ok(())
            }
            Effect::MessageHeard { message, .. } => self.message_heard(*message, call.at).await,
            Effect::KeepMessage { message, .. } => self.keep_message(*message).await,
            Effect::DeleteMessage { message, .. } => self.remove_message(*message).await,
            Effect::SetGreeting { voicemail_box, audio } => {
                self.greeting_spoken(*voicemail_box, &audio.url, call.at).await
            }
            Effect::WrongPin { voicemail_box } => self.count_wrong_pin(*voicemail_box, call.at).await,
            Effect::RightPin { voicemail_box } => self.forget_wrong_pins(*voicemail_box).await,
        }
    }

    /// A message or a greeting is there when it has an address; that there is none is told by there being none.
    async fn take_report(&mut self, report: &RecordingReport, performed: &mut Performed) -> Result<(), Error> {
        let call = &report.call;
        match (report.what, &report.outcome) {
            (Recorded::Conversation, _) => self.conversation_reported(report).await,
            (Recorded::Message(of), RecordingOutcome::Completed { url, seconds }) => {
                performed.message = self.message_left(of, call, url, *seconds).await?;
                Ok(())
            }
            (Recorded::Greeting(of), RecordingOutcome::Completed { url, .. }) => {
                self.greeting_spoken(of, url, call.at).await
            }
            (Recorded::Message(_) | Recorded::Greeting(_), _) => Ok(()),
        }
    }

    /// Whether a key was not seen before; from now on it was.
    pub(super) async fn is_first(&mut self, key: DeliveryKey) -> Result<bool, Error> {
        if self.is_known(key).await? {
            return Ok(false);
        }
        self.remember(vec![key.0.to_vec()]).await?;
        Ok(true)
    }

    /// Whether a key was seen within its day.
    pub(super) async fn is_known(&self, key: DeliveryKey) -> Result<bool, Error> {
        let row = self.tenant.rows::<Entity>().filter(Column::KeyDigest.eq(key.0.to_vec()));
        let row = self.within(async { Ok(row.one(&*self.writing).await?) }).await?;
        Ok(row.is_some_and(|row| row.expires_at > Millis::of(self.now)))
    }

    /// Keys are seen from now on for a day.
    pub(super) async fn remember(&mut self, keys: Vec<Vec<u8>>) -> Result<(), Error> {
        let (organization, writing) = (self.tenant.key(), &*self.writing);
        let expires_at = Millis::of(self.now + KNOWN);
        let work = async {
            for some in keys.chunks(AT_ONCE) {
                let those = Column::OrganizationId.eq(organization).and(Column::KeyDigest.is_in(some.iter().cloned()));
                Entity::delete_many().filter(those).exec(writing).await?;
                let row = |key: &Vec<u8>| ActiveModel {
                    organization_id: Set(organization),
                    key_digest: Set(key.clone()),
                    expires_at: Set(expires_at),
                };
                Entity::insert_many(some.iter().map(row)).exec_without_returning(writing).await?;
            }
            Ok(())
        };
        self.within(work).await
    }
}
