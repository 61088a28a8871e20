//! One object at a time, for those who change a single one.

use jiff::Timestamp;

use super::{
    AiAssistant, BlockedCaller, BusinessHours, ConferenceRoom, Extension, IvrMenu, NamedHolidayList, OutboundRule,
    PhoneNumber, Prompt, RingGroup, VoicemailBox,
};
use crate::error::{Error, ObjectKind};
use crate::organization::Revision;
use crate::pool::{Line, Writing};
use crate::repo::{Object, Sealing, furnish, insert, remove, update};
use crate::tenant::TenantStore;

/// An object of a plan, of whatever kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlanObject {
    /// An extension.
    Extension(Extension),
    /// An inbound number.
    PhoneNumber(PhoneNumber),
    /// A ring group.
    RingGroup(RingGroup),
    /// A schedule.
    BusinessHours(BusinessHours),
    /// A holiday list.
    HolidayList(NamedHolidayList),
    /// A menu.
    IvrMenu(IvrMenu),
    /// A conference room.
    ConferenceRoom(ConferenceRoom),
    /// A voicemail box.
    VoicemailBox(VoicemailBox),
    /// A prompt.
    Prompt(Prompt),
    /// An AI assistant.
    AiAssistant(AiAssistant),
    /// An outbound rule.
    OutboundRule(OutboundRule),
    /// An entry of the block list.
    BlockedCaller(BlockedCaller),
}

/// Does the same with the object of each variant.
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

impl PlanObject {
    /// Its identifier.
    pub fn id(&self) -> u64 {
        whatever!(self, it => Object::id(it))
    }
}

impl TenantStore {
    /// Makes an object and answers it with the identifier that it was given, and the plan's new revision. Its references
    /// are those of the database.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when its number or name is taken, or a reference leads nowhere in this organization.
    pub async fn create(&self, mut object: PlanObject, now: Timestamp) -> Result<(PlanObject, Revision), Error> {
        let work = async |line: Line| {
            let writing = self.begin(&line).await?;
            whatever!(&mut object, it => {
                let id = insert(&*writing, it, &self.sealing(), now).await?;
                it.set_id(id);
                furnish(&*writing, it, self.key()).await?;
            });
            let revision = self.commit_change(writing, now).await?;
            Ok((object, revision))
        };
        self.store.pool.attempt(work).await
    }

    /// Writes an object anew; `expected` is the revision of the row that the caller had read, if that matters.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Stale`] when the object has another revision by now, [`Error::Conflict`].
    pub async fn update(&self, object: &PlanObject, expected: Option<u64>, now: Timestamp) -> Result<Revision, Error> {
        let work = async |line: Line| {
            let writing = self.begin(&line).await?;
            whatever!(object, it => {
                update(&*writing, it, expected.map(u64::cast_signed), &self.sealing(), now).await?;
                furnish(&*writing, it, self.key()).await?;
            });
            self.commit_change(writing, now).await
        };
        self.store.pool.attempt(work).await
    }

    /// Removes an object.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::Conflict`] when something still leads to it.
    pub async fn remove(&self, kind: ObjectKind, id: u64, now: Timestamp) -> Result<Revision, Error> {
        let work = async |line: Line| {
            let writing = self.begin(&line).await?;
            self.remove_row(&writing, kind, id).await?;
            self.commit_change(writing, now).await
        };
        self.store.pool.attempt(work).await
    }

    async fn remove_row(&self, writing: &Writing, kind: ObjectKind, id: u64) -> Result<(), Error> {
        let (db, of) = (&**writing, self.key());
        match kind {
            // An organization is suspended, never removed here.
            ObjectKind::Organization => Err(Error::NotFound),
            ObjectKind::Extension => remove::<Extension>(db, of, id).await,
            ObjectKind::PhoneNumber => remove::<PhoneNumber>(db, of, id).await,
            ObjectKind::RingGroup => remove::<RingGroup>(db, of, id).await,
            ObjectKind::BusinessHours => remove::<BusinessHours>(db, of, id).await,
            ObjectKind::HolidayList => remove::<NamedHolidayList>(db, of, id).await,
            ObjectKind::IvrMenu => remove::<IvrMenu>(db, of, id).await,
            ObjectKind::ConferenceRoom => remove::<ConferenceRoom>(db, of, id).await,
            ObjectKind::VoicemailBox => remove::<VoicemailBox>(db, of, id).await,
            ObjectKind::Prompt => remove::<Prompt>(db, of, id).await,
            ObjectKind::AiAssistant => remove::<AiAssistant>(db, of, id).await,
            ObjectKind::OutboundRule => remove::<OutboundRule>(db, of, id).await,
            ObjectKind::BlockedCaller => remove::<BlockedCaller>(db, of, id).await,
        }
    }

    /// Begins a change of this organization.
    pub(crate) async fn begin(&self, line: &Line) -> Result<Writing, Error> {
        let writing = line.write().await?;
        self.alone(&*writing).await?;
        Ok(writing)
    }

    pub(crate) fn sealing(&self) -> Sealing<'_> {
        Sealing { keys: &self.store.keys, organization: self.organization }
    }
}
