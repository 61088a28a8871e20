//! Changes of one object, each in an edit of its own, as stories tell them.

use jiff::Timestamp;
use opbx_core::ai_assistant::AiAssistant;
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::business_hours::{BusinessHours, NamedHolidayList};
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::extension::Extension;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::organization::OrganizationStatus;
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::phone_number::PhoneNumber;
use opbx_core::prompt::Prompt;
use opbx_core::ring_group::RingGroup;
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Actor, Author, Edit, Error, Kind, ObjectKind, PlanObject, PlatformSettings, Revision, TenantStore};
use serde_json::Value;

/// Someone with the machine in hand, who draws nothing.
pub(crate) fn author() -> Author {
    Author { actor: Actor::Command, request_id: None, address: None, portrait: |_| Value::Null }
}

/// Does the same with the object of each kind.
macro_rules! whatever {
    ($object:expr, $it:ident => $do:expr) => {
        match $object {
            PlanObject::Extension($it) => $do,
            PlanObject::PhoneNumber($it) => $do,
            PlanObject::RingGroup($it) => $do,
            PlanObject::BusinessHours($it) => $do,
            PlanObject::HolidayList($it) => $do,
            PlanObject::IvrMenu($it) => $do,
            PlanObject::ConferenceRoom($it) => $do,
            PlanObject::VoicemailBox($it) => $do,
            PlanObject::Prompt($it) => $do,
            PlanObject::AiAssistant($it) => $do,
            PlanObject::OutboundRule($it) => $do,
            PlanObject::BlockedCaller($it) => $do,
        }
    };
}

/// One change after the other.
pub(crate) trait Changing {
    async fn create(&self, object: PlanObject, now: Timestamp) -> Result<(PlanObject, Revision), Error>;

    /// Writes an object anew, which must be a change; one whose row has another revision than `expected` is stale.
    async fn update(&self, object: &PlanObject, expected: Option<u64>, now: Timestamp) -> Result<Revision, Error>;

    async fn remove(&self, kind: ObjectKind, id: u64, now: Timestamp) -> Result<Revision, Error>;

    async fn set_status(&self, status: OrganizationStatus, now: Timestamp) -> Result<Option<Revision>, Error>;

    /// Changes how the platform and the organization know each other; a former key counts until `until`.
    async fn connect(
        &self,
        change: impl FnOnce(&mut PlatformSettings) + Send,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error>;
}

impl Changing for TenantStore {
    async fn create(&self, object: PlanObject, now: Timestamp) -> Result<(PlanObject, Revision), Error> {
        let mut edit = self.edit(author(), now).await?;
        let made: PlanObject = whatever!(object, it => edit.create(it).await?.object.into());
        Ok((made, edit.commit().await?.unwrap()))
    }

    async fn update(&self, object: &PlanObject, expected: Option<u64>, now: Timestamp) -> Result<Revision, Error> {
        let mut edit = self.edit(author(), now).await?;
        whatever!(object, it => replace(&mut edit, it, expected).await?);
        Ok(edit.commit().await?.unwrap())
    }

    async fn remove(&self, kind: ObjectKind, id: u64, now: Timestamp) -> Result<Revision, Error> {
        let mut edit = self.edit(author(), now).await?;
        match kind {
            ObjectKind::Extension => gone::<Extension>(&mut edit, id).await?,
            ObjectKind::PhoneNumber => gone::<PhoneNumber>(&mut edit, id).await?,
            ObjectKind::RingGroup => gone::<RingGroup>(&mut edit, id).await?,
            ObjectKind::BusinessHours => gone::<BusinessHours>(&mut edit, id).await?,
            ObjectKind::HolidayList => gone::<NamedHolidayList>(&mut edit, id).await?,
            ObjectKind::IvrMenu => gone::<IvrMenu>(&mut edit, id).await?,
            ObjectKind::ConferenceRoom => gone::<ConferenceRoom>(&mut edit, id).await?,
            ObjectKind::VoicemailBox => gone::<VoicemailBox>(&mut edit, id).await?,
            ObjectKind::Prompt => gone::<Prompt>(&mut edit, id).await?,
            ObjectKind::AiAssistant => gone::<AiAssistant>(&mut edit, id).await?,
            ObjectKind::OutboundRule => gone::<OutboundRule>(&mut edit, id).await?,
            ObjectKind::BlockedCaller => gone::<BlockedCaller>(&mut edit, id).await?,
            ObjectKind::Organization => panic!("an organization is never removed"),
        }
        Ok(edit.commit().await?.unwrap())
    }

    async fn set_status(&self, status: OrganizationStatus, now: Timestamp) -> Result<Option<Revision>, Error> {
        let mut edit = self.edit(author(), now).await?;
        edit.set_organization_status(status).await?;
        edit.commit().await
    }

    async fn connect(
        &self,
        change: impl FnOnce(&mut PlatformSettings) + Send,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut edit = self.edit(author(), now).await?;
        let before = edit.platform_settings().await?;
        let mut after = before.settings.clone();
        change(&mut after);
        edit.update_platform_settings(&before, after, until).await?;
        edit.commit().await.map(drop)
    }
}

async fn replace<T: Kind>(edit: &mut Edit, object: &T, expected: Option<u64>) -> Result<(), Error> {
    let before = edit.find::<T>(object.number()).await?;
    if expected.is_some_and(|expected| expected != before.revision) {
        return Err(Error::Stale);
    }
    edit.update(&before, object.clone()).await.map(drop)
}

async fn gone<T: Kind>(edit: &mut Edit, id: u64) -> Result<(), Error> {
    let before = edit.find::<T>(id).await?;
    edit.remove(&before).await
}
