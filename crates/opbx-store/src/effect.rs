//! What a decision asks to be done to settings: do-not-disturb, forward-always, a new PIN.

use jiff::Timestamp;
use opbx_core::decision::Effect;
use opbx_core::destination::Destination;
use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_core::voicemail_box::VoicemailBox;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use crate::edit::{Author, Edit};
use crate::entity::{ObjectRow, extensions};
use crate::error::Error;
use crate::millis::Millis;
use crate::organization::Revision;
use crate::tenant::TenantStore;

impl Edit {
    /// Performs an effect on the settings. Performed a second time it changes nothing. Effects on messages and greetings
    /// change no setting.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the extension or the box has gone meanwhile; [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn perform(&mut self, effect: &Effect) -> Result<(), Error> {
        match effect {
            Effect::DoNotDisturb { extension, on } => {
                let before = self.find::<Extension>(extension.get()).await?;
                let after = Extension { do_not_disturb: *on, ..before.object.clone() };
                self.update(&before, after).await.map(drop)
            }
            Effect::ForwardAlways { extension, to } => {
                let before = self.find::<Extension>(extension.get()).await?;
                let to = to.clone().map(|to| Destination::Forward { to });
                let after = Extension { forward_always: to, ..before.object.clone() };
                self.update(&before, after).await.map(drop)
            }
            Effect::SetPin { voicemail_box, pin } => {
                let before = self.find::<VoicemailBox>(voicemail_box.get()).await?;
                let after = VoicemailBox { pin: Some(pin.clone()), ..before.object.clone() };
                self.update(&before, after).await.map(drop)
            }
            Effect::SaveMessage { .. }
            | Effect::MessageHeard { .. }
            | Effect::KeepMessage { .. }
            | Effect::DeleteMessage { .. }
            | Effect::SetGreeting { .. }
            | Effect::WrongPin { .. }
            | Effect::RightPin { .. } => Ok(()),
        }
    }
}

impl TenantStore {
    /// Performs an effect in an edit of its own, and answers the plan's new revision if anything changed.
    ///
    /// # Errors
    ///
    /// As [`Edit::perform`].
    pub async fn perform(&self, effect: &Effect, author: Author, now: Timestamp) -> Result<Option<Revision>, Error> {
        let mut edit = self.edit(author, now).await?;
        edit.perform(effect).await?;
        edit.commit().await
    }

    pub(crate) async fn extension(
        &self,
        db: &impl ConnectionTrait,
        id: ExtensionId,
    ) -> Result<extensions::Model, Error> {
        let id = id.get().cast_signed();
        let row = self.rows::<extensions::Entity>().filter(extensions::Column::Id.eq(id)).one(db).await?;
        row.ok_or(Error::NotFound)
    }

    /// Changes columns of one row of the organization, and raises its revision.
    pub(crate) async fn change_row<E: ObjectRow>(
        &self,
        db: &impl ConnectionTrait,
        id: i64,
        change: E::ActiveModel,
        now: Timestamp,
    ) -> Result<(), Error> {
        E::update_many()
            .set(change)
            .col_expr(E::REVISION, Expr::col(E::REVISION).add(1))
            .col_expr(E::UPDATED_AT, Expr::value(Millis::of(now)))
            .filter(E::ORGANIZATION.eq(self.key()).and(E::ID.eq(id)))
            .exec(db)
            .await?;
        Ok(())
    }
}
