//! What a decision asks to be done to settings: do-not-disturb, forward-always, a new PIN.

use jiff::Timestamp;
use opbx_core::decision::Effect;
use opbx_core::destination::Destination;
use opbx_core::id::{ExtensionId, VoicemailBoxId};
use opbx_core::secret::Pin;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};

use crate::destination::Places;
use crate::entity::{ObjectRow, destinations, extensions, voicemail_boxes};
use crate::error::{Error, ObjectKind};
use crate::millis::Millis;
use crate::organization::Revision;
use crate::pool::Line;
use crate::repo::{FORWARD_ALWAYS, put_place};
use crate::seal::Purpose;
use crate::tenant::TenantStore;

impl TenantStore {
    /// Performs an effect on the settings, and answers the plan's new revision if anything changed. Performed a second time
    /// it changes nothing. Effects on messages and greetings change no setting.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the extension or the box has gone meanwhile; [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn perform(&self, effect: &Effect, now: Timestamp) -> Result<Option<Revision>, Error> {
        let work = async |line: Line| {
            let writing = self.begin(&line).await?;
            let changed = match effect {
                Effect::DoNotDisturb { extension, on } => self.set_quiet(&*writing, *extension, *on, now).await?,
                Effect::ForwardAlways { extension, to } => {
                    let to = to.clone().map(|to| Destination::Forward { to });
                    self.set_forward(&*writing, *extension, to.as_ref(), now).await?
                }
                Effect::SetPin { voicemail_box, pin } => self.set_pin(&*writing, *voicemail_box, pin, now).await?,
                Effect::SaveMessage { .. }
                | Effect::MessageHeard { .. }
                | Effect::KeepMessage { .. }
                | Effect::DeleteMessage { .. }
                | Effect::SetGreeting { .. }
                | Effect::WrongPin { .. }
                | Effect::RightPin { .. } => false,
            };
            if changed {
                return Ok(Some(self.commit_change(writing, now).await?));
            }
            writing.take_back().await?;
            Ok(None)
        };
        self.store.pool.attempt(work).await
    }

    async fn set_quiet(
        &self,
        db: &impl ConnectionTrait,
        extension: ExtensionId,
        on: bool,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let row = self.extension(db, extension).await?;
        if row.do_not_disturb == on {
            return Ok(false);
        }
        let change = extensions::ActiveModel { do_not_disturb: Set(on), ..Default::default() };
        self.change_row::<extensions::Entity>(db, row.id, change, now).await?;
        Ok(true)
    }

    async fn set_forward(
        &self,
        db: &impl ConnectionTrait,
        extension: ExtensionId,
        to: Option<&Destination>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let row = self.extension(db, extension).await?;
        let steps = self
            .rows::<destinations::Entity>()
            .filter(destinations::Column::OwnerKind.eq(ObjectKind::Extension.word()))
            .filter(destinations::Column::OwnerId.eq(row.id))
            .filter(destinations::Column::Slot.eq(FORWARD_ALWAYS))
            .order_by_asc(destinations::Column::Step)
            .all(db)
            .await?;
        if Places::of(steps).take(ObjectKind::Extension, row.id, FORWARD_ALWAYS)?.as_ref() == to {
            return Ok(false);
        }
        put_place(db, self.key(), (ObjectKind::Extension, extension.get()), FORWARD_ALWAYS.into(), to).await?;
        self.change_row::<extensions::Entity>(db, row.id, extensions::ActiveModel::default(), now).await?;
        Ok(true)
    }

    async fn set_pin(
        &self,
        db: &impl ConnectionTrait,
        voicemail_box: VoicemailBoxId,
        pin: &Pin,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let id = voicemail_box.get().cast_signed();
        let row = self.rows::<voicemail_boxes::Entity>().filter(voicemail_boxes::Column::Id.eq(id)).one(db).await?;
        let row = row.ok_or(Error::NotFound)?;
        let known = self.sealing().open(Purpose::VoicemailPin, row.pin_sealed.as_deref())?;
        if known.is_some_and(|known| pin.is(&known)) {
            return Ok(false);
        }
        let sealed = self.sealing().seal(Purpose::VoicemailPin, Some(pin.reveal()))?;
        let change = voicemail_boxes::ActiveModel { pin_sealed: Set(sealed), ..Default::default() };
        self.change_row::<voicemail_boxes::Entity>(db, row.id, change, now).await?;
        Ok(true)
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
