//! Who leads to an object: what stands in the way of its removal.

use std::collections::HashMap;

use opbx_core::id::ExtensionId;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::voicemail_box::VoicemailBox;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::edit::Edit;
use crate::entity::{
    ObjectRow, PartRow, ai_assistants, blocked_callers, business_hours, business_hours_holiday_lists, conference_rooms,
    destinations, extensions, holiday_lists, ivr_menu_exclusions, ivr_menus, organization_settings, organizations,
    outbound_rules, phone_numbers, prompts, ring_group_members, ring_groups, voicemail_boxes,
};
use crate::error::{Cause, Error, ObjectKind};
use crate::kind::{Kind, Stored};
use crate::pool::Line;
use crate::repo::strip;
use crate::tenant::TenantStore;

/// Something that leads to an object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reference {
    /// What kind of object leads there.
    pub kind: ObjectKind,
    /// Which one.
    pub id: u64,
    /// By which of its places: `fallback`, `option:1`, `members`.
    pub place: String,
}

impl Edit {
    /// What leads to an object inside this edit, and what people call what does. See [`TenantStore::references`].
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn references(&self, kind: ObjectKind, id: u64) -> Result<Vec<(Reference, String)>, Error> {
        let work = async {
            let found = self.tenant.references_in(&*self.writing, kind, id).await?;
            let objects: Vec<_> = found.iter().map(|reference| (reference.kind, reference.id)).collect();
            let names = self.tenant.names_in(&*self.writing, &objects).await?;
            let name = |reference: &Reference| names.get(&(reference.kind, reference.id)).cloned().unwrap_or_default();
            Ok(found.into_iter().map(|reference| (reference.clone(), name(&reference))).collect())
        };
        self.within(work).await
    }

    /// The voicemail boxes of an extension.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn boxes_of(&self, extension: ExtensionId) -> Result<Vec<Stored<VoicemailBox>>, Error> {
        let column = voicemail_boxes::Column::ExtensionId;
        let work = async {
            let rows = self.tenant.rows::<voicemail_boxes::Entity>().filter(column.eq(extension.get().cast_signed()));
            let rows = rows.order_by_asc(voicemail_boxes::Column::Id).all(&*self.writing).await?;
            self.tenant.stored(&*self.writing, rows).await
        };
        self.within(work).await
    }

    /// Whether a voicemail box has this name.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn has_box_named(&self, name: &str) -> Result<bool, Error> {
        let rows = self.tenant.rows::<voicemail_boxes::Entity>().filter(voicemail_boxes::Column::Name.eq(name));
        Ok(self.within(async { Ok(rows.one(&*self.writing).await?) }).await?.is_some())
    }

    /// The menus in which an extension cannot be dialled directly.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn menus_excluding(&self, extension: ExtensionId) -> Result<Vec<Stored<IvrMenu>>, Error> {
        let work = async {
            let column = ivr_menu_exclusions::Column::ExtensionId;
            let ids =
                self.tenant.owners::<ivr_menu_exclusions::Entity>(&*self.writing, column, extension.get()).await?;
            let rows = self.tenant.rows::<ivr_menus::Entity>().filter(ivr_menus::Column::Id.is_in(ids));
            self.tenant.stored(&*self.writing, rows.all(&*self.writing).await?).await
        };
        self.within(work).await
    }

    /// Takes away where an object leads and what it is made of, before it is removed: so that what goes with it is not held
    /// by it.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn strip<T: Kind>(&mut self, object: &Stored<T>) -> Result<(), Error> {
        self.within(strip::<T>(&*self.writing, self.tenant.key(), object.object.id())).await
    }
}

impl TenantStore {
    /// What leads to an object, in a fixed number of look-ups in indexes. An object that leads to itself does not count: it
    /// goes as a whole. A forward that names an extension by its number does, although only its spelling leads there.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn references(&self, kind: ObjectKind, id: u64) -> Result<Vec<Reference>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let found = self.references_in(&reading, kind, id).await?;
            reading.commit().await?;
            Ok(found)
        };
        self.store.pool.attempt(work).await
    }

    async fn references_in(
        &self,
        db: &impl ConnectionTrait,
        kind: ObjectKind,
        id: u64,
    ) -> Result<Vec<Reference>, Error> {
        let mut found = self.places_leading_to(db, kind, id).await?;
        found.extend(self.columns_leading_to(db, kind, id).await?);
        found.retain(|reference| (reference.kind, reference.id) != (kind, id));
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// What people call these objects. One query for each kind among them.
    async fn names_in(
        &self,
        db: &impl ConnectionTrait,
        of: &[(ObjectKind, u64)],
    ) -> Result<HashMap<(ObjectKind, u64), String>, Error> {
        let mut names = HashMap::new();
        for kind in ObjectKind::ALL {
            let ids: Vec<i64> = of.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id.cast_signed()).collect();
            if !ids.is_empty() {
                let found = self.names_of(db, kind, ids).await?;
                names.extend(found.into_iter().map(|(id, name)| ((kind, id.cast_unsigned()), name)));
            }
        }
        Ok(names)
    }

    async fn names_of(
        &self,
        db: &impl ConnectionTrait,
        kind: ObjectKind,
        ids: Vec<i64>,
    ) -> Result<Vec<(i64, String)>, Error> {
        match kind {
            ObjectKind::Organization => {
                let row = organizations::Entity::find_by_id(self.key()).one(db).await?;
                Ok(row.into_iter().map(|row| (row.id, row.name)).collect())
            }
            ObjectKind::Extension => self.texts::<extensions::Entity>(db, extensions::Column::Number, ids).await,
            ObjectKind::PhoneNumber => {
                self.texts::<phone_numbers::Entity>(db, phone_numbers::Column::Number, ids).await
            }
            ObjectKind::RingGroup => self.texts::<ring_groups::Entity>(db, ring_groups::Column::Name, ids).await,
            ObjectKind::BusinessHours => {
                self.texts::<business_hours::Entity>(db, business_hours::Column::Name, ids).await
            }
            ObjectKind::HolidayList => self.texts::<holiday_lists::Entity>(db, holiday_lists::Column::Name, ids).await,
            ObjectKind::IvrMenu => self.texts::<ivr_menus::Entity>(db, ivr_menus::Column::Name, ids).await,
            ObjectKind::ConferenceRoom => {
                self.texts::<conference_rooms::Entity>(db, conference_rooms::Column::Name, ids).await
            }
            ObjectKind::VoicemailBox => {
                self.texts::<voicemail_boxes::Entity>(db, voicemail_boxes::Column::Name, ids).await
            }
            ObjectKind::Prompt => self.texts::<prompts::Entity>(db, prompts::Column::Name, ids).await,
            ObjectKind::AiAssistant => self.texts::<ai_assistants::Entity>(db, ai_assistants::Column::Name, ids).await,
            ObjectKind::OutboundRule => {
                self.texts::<outbound_rules::Entity>(db, outbound_rules::Column::Name, ids).await
            }
            ObjectKind::BlockedCaller => {
                self.texts::<blocked_callers::Entity>(db, blocked_callers::Column::Pattern, ids).await
            }
        }
    }

    async fn texts<E: ObjectRow>(
        &self,
        db: &impl ConnectionTrait,
        column: E::Column,
        ids: Vec<i64>,
    ) -> Result<Vec<(i64, String)>, Error> {
        let rows = self.rows::<E>().filter(E::ID.is_in(ids));
        Ok(rows.select_only().column(E::ID).column(column).into_tuple().all(db).await?)
    }

    async fn places_leading_to(
        &self,
        db: &impl ConnectionTrait,
        kind: ObjectKind,
        id: u64,
    ) -> Result<Vec<Reference>, Error> {
        use destinations::Column;
        let column = match kind {
            ObjectKind::Extension => Column::ExtensionId,
            ObjectKind::RingGroup => Column::RingGroupId,
            ObjectKind::IvrMenu => Column::IvrMenuId,
            ObjectKind::BusinessHours => Column::BusinessHoursId,
            ObjectKind::ConferenceRoom => Column::ConferenceRoomId,
            ObjectKind::VoicemailBox => Column::VoicemailBoxId,
            ObjectKind::AiAssistant => Column::AiAssistantId,
            ObjectKind::Prompt => Column::PromptId,
            ObjectKind::Organization
            | ObjectKind::PhoneNumber
            | ObjectKind::HolidayList
            | ObjectKind::OutboundRule
            | ObjectKind::BlockedCaller => return Ok(Vec::new()),
        };
        let mut leads = column.eq(id.cast_signed());
        if kind == ObjectKind::Extension
            && let Some(number) = self.number_of(db, ExtensionId::new(id)).await?
        {
            leads = leads.or(Column::ForwardTo.eq(number));
        }
        let rows = self.rows::<destinations::Entity>().filter(leads).all(db).await?;
        let reference = |row: destinations::Model| {
            let unknown = || Error::Corrupt(Cause::said(format!("a destination belongs to a {}", row.owner_kind)));
            let kind = ObjectKind::of_word(&row.owner_kind).ok_or_else(unknown)?;
            Ok(Reference { kind, id: row.owner_id.cast_unsigned(), place: row.slot })
        };
        rows.into_iter().map(reference).collect()
    }

    async fn number_of(&self, db: &impl ConnectionTrait, id: ExtensionId) -> Result<Option<String>, Error> {
        let row = self.rows::<extensions::Entity>().filter(extensions::Column::Id.eq(id.get().cast_signed()));
        Ok(row.select_only().column(extensions::Column::Number).into_tuple::<String>().one(db).await?)
    }

    async fn columns_leading_to(
        &self,
        db: &impl ConnectionTrait,
        kind: ObjectKind,
        id: u64,
    ) -> Result<Vec<Reference>, Error> {
        use ivr_menus::Column as Menu;
        use voicemail_boxes::Column as Mailbox;
        let mut found = Vec::new();
        match kind {
            ObjectKind::Extension => {
                let column = ring_group_members::Column::ExtensionId;
                let members = self.owners::<ring_group_members::Entity>(db, column, id).await?;
                found.extend(named(ObjectKind::RingGroup, "members", members));
                let boxes = self.objects::<voicemail_boxes::Entity>(db, Mailbox::ExtensionId, id).await?;
                found.extend(named(ObjectKind::VoicemailBox, "extension_id", boxes));
            }
            ObjectKind::PhoneNumber => {
                let column = extensions::Column::CallerIdPhoneNumberId;
                let rows = self.objects::<extensions::Entity>(db, column, id).await?;
                found.extend(named(ObjectKind::Extension, "caller_id", rows));
                let column = outbound_rules::Column::CallerIdPhoneNumberId;
                let rows = self.objects::<outbound_rules::Entity>(db, column, id).await?;
                found.extend(named(ObjectKind::OutboundRule, "caller_id", rows));
                found.extend(self.presented_in_emergencies(db, id).await?);
            }
            ObjectKind::HolidayList => {
                let column = business_hours_holiday_lists::Column::HolidayListId;
                let rows = self.owners::<business_hours_holiday_lists::Entity>(db, column, id).await?;
                found.extend(named(ObjectKind::BusinessHours, "holiday_list_ids", rows));
            }
            ObjectKind::Prompt => {
                let boxes = self.objects::<voicemail_boxes::Entity>(db, Mailbox::GreetingPromptId, id).await?;
                found.extend(named(ObjectKind::VoicemailBox, "greeting", boxes));
                for (column, place) in [
                    (Menu::PromptId, "prompt"),
                    (Menu::InvalidPromptId, "invalid_prompt"),
                    (Menu::SilencePromptId, "silence_prompt"),
                ] {
                    let menus = self.objects::<ivr_menus::Entity>(db, column, id).await?;
                    found.extend(named(ObjectKind::IvrMenu, place, menus));
                }
                let column = organization_settings::Column::RecordingNoticePromptId;
                let rows = self.owners::<organization_settings::Entity>(db, column, id).await?;
                found.extend(named(ObjectKind::Organization, "recording_notice", rows));
            }
            _ => {}
        }
        Ok(found)
    }

    /// The organization presents a number on emergency calls by its digits: no link of the database says so.
    async fn presented_in_emergencies(&self, db: &impl ConnectionTrait, id: u64) -> Result<Option<Reference>, Error> {
        let number = self.rows::<phone_numbers::Entity>().filter(phone_numbers::Column::Id.eq(id.cast_signed()));
        let number = number.select_only().column(phone_numbers::Column::Number).into_tuple::<String>().one(db).await?;
        let Some(number) = number else { return Ok(None) };
        let settings = self.rows::<organization_settings::Entity>();
        let presented = settings.filter(organization_settings::Column::EmergencyCallerId.eq(number)).one(db).await?;
        Ok(presented.map(|row| Reference {
            kind: ObjectKind::Organization,
            id: row.organization_id.cast_unsigned(),
            place: "emergency_caller_id".to_owned(),
        }))
    }

    /// The objects of a table whose column leads there.
    async fn objects<E: ObjectRow>(
        &self,
        db: &impl ConnectionTrait,
        column: E::Column,
        id: u64,
    ) -> Result<Vec<i64>, Error> {
        let rows = self.rows::<E>().filter(column.eq(id.cast_signed())).order_by_asc(E::ID);
        Ok(rows.select_only().column(E::ID).into_tuple().all(db).await?)
    }

    /// The owners of the parts in a table whose column leads there.
    async fn owners<E: PartRow>(
        &self,
        db: &impl ConnectionTrait,
        column: E::Column,
        id: u64,
    ) -> Result<Vec<i64>, Error> {
        let rows = self.rows::<E>().filter(column.eq(id.cast_signed())).order_by_asc(E::OWNER);
        Ok(rows.select_only().column(E::OWNER).into_tuple().all(db).await?)
    }
}

fn named(kind: ObjectKind, place: &'static str, ids: Vec<i64>) -> impl Iterator<Item = Reference> {
    ids.into_iter().map(move |id| Reference { kind, id: id.cast_unsigned(), place: place.to_owned() })
}
