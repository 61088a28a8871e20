//! Wrong PINs in a row lock the owner's menu of a box.

use jiff::{SignedDuration, Timestamp};
use opbx_core::id::VoicemailBoxId;
use opbx_core::voicemail_box::VoicemailBox;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::audit::Entry;
use crate::edit::Edit;
use crate::entity::voicemail_locks::{ActiveModel, Column, Entity, Model};
use crate::error::{Error, ObjectKind};
use crate::millis::Millis;
use crate::tenant::TenantStore;

impl TenantStore {
    pub(super) async fn is_locked(
        &self,
        db: &impl ConnectionTrait,
        of: VoicemailBoxId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let row = self.lock_of(db, of).await?;
        Ok(row.and_then(|row| row.locked_until).is_some_and(|until| until > Millis::of(now)))
    }

    async fn lock_of(&self, db: &impl ConnectionTrait, of: VoicemailBoxId) -> Result<Option<Model>, Error> {
        let row = self.rows::<Entity>().filter(Column::VoicemailBoxId.eq(of.get().cast_signed()));
        Ok(row.one(db).await?)
    }
}

impl Edit {
    /// Counts a wrong PIN. One that was entered before a lock ended, and came late, locks no longer than if it had not.
    pub(super) async fn count_wrong_pin(&mut self, of: VoicemailBoxId, at: Timestamp) -> Result<(), Error> {
        let voicemail_box = self.find::<VoicemailBox>(of.get()).await?.object;
        let row = self.within(self.tenant.lock_of(&*self.writing, of)).await?;
        let wrong = row.as_ref().map_or(0, |row| row.wrong_pins).saturating_add(1);
        let locks = wrong.cast_unsigned() >= VoicemailBox::WRONG_PINS_TO_LOCK;
        let until = at + SignedDuration::from_secs(i64::from(VoicemailBox::LOCK_SECONDS));
        let change = ActiveModel {
            wrong_pins: Set(if locks { 0 } else { wrong }),
            locked_until: Set(if locks {
                Some(Millis::of(until))
            } else {
                row.as_ref().and_then(|row| row.locked_until)
            }),
            ..Default::default()
        };
        self.write_lock(of, row.is_some(), change).await?;
        if locks {
            let name = voicemail_box.name.to_string();
            self.record(&Entry::of("locked", ObjectKind::VoicemailBox.word(), Some(of.get()), name)).await?;
        }
        Ok(())
    }

    /// Forgets wrong PINs. A lock that they brought stays.
    pub(super) async fn forget_wrong_pins(&mut self, of: VoicemailBoxId) -> Result<(), Error> {
        let row = self.within(self.tenant.lock_of(&*self.writing, of)).await?;
        if row.is_none_or(|row| row.wrong_pins == 0) {
            return Ok(());
        }
        self.write_lock(of, true, ActiveModel { wrong_pins: Set(0), ..Default::default() }).await
    }

    async fn write_lock(&self, of: VoicemailBoxId, is_there: bool, mut change: ActiveModel) -> Result<(), Error> {
        let (organization, id) = (self.tenant.key(), of.get().cast_signed());
        let work = async {
            if is_there {
                let own = Column::OrganizationId.eq(organization).and(Column::VoicemailBoxId.eq(id));
                Entity::update_many().set(change).filter(own).exec(&*self.writing).await?;
                return Ok(());
            }
            change.organization_id = Set(organization);
            change.voicemail_box_id = Set(id);
            Entity::insert(change).exec_without_returning(&*self.writing).await?;
            Ok(())
        };
        self.within(work).await
    }
}
