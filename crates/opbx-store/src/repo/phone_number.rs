//! Inbound numbers.

use opbx_core::destination::Destination;
use opbx_core::id::PhoneNumberId;
use opbx_core::phone_number::PhoneNumber;
use opbx_core::plan::PlanSource;
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::phone_numbers::{ActiveModel, Column, Entity, Model};
use crate::error::{Error, ObjectKind};
use crate::word;

impl Object for PhoneNumber {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::PhoneNumber;

    const FIELDS: &[(&str, Column)] = &[
        ("phone_number", Column::Number),
        ("friendly_name", Column::Name),
        ("status", Column::Status),
        ("recording", Column::Recording),
        ("reject_anonymous", Column::RejectAnonymous),
        ("caller_name_prefix", Column::CallerNamePrefix),
    ];

    const SEARCHED: &[Column] = &[Column::Number, Column::Name];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = PhoneNumberId::new(id);
    }

    fn key(&self) -> String {
        self.number.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.phone_numbers
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        Ok(ActiveModel {
            number: Set(word::write(&self.number)?),
            name: Set(word::write_some(self.name.as_ref())?),
            status: Set(word::write(&self.status)?),
            recording: Set(word::write_some(self.recording.as_ref())?),
            reject_anonymous: Set(self.reject_anonymous),
            caller_name_prefix: Set(word::write_some(self.caller_name_prefix.as_ref())?),
            ..Default::default()
        })
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        vec![("destination".into(), &self.destination)]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: PhoneNumberId::new(row.id.cast_unsigned()),
            number: word::read(&row.number)?,
            name: word::read_some(row.name.as_deref())?,
            status: word::read(&row.status)?,
            destination: gathered.places.need(Self::KIND, row.id, "destination")?,
            recording: word::read_some(row.recording.as_deref())?,
            reject_anonymous: row.reject_anonymous,
            caller_name_prefix: word::read_some(row.caller_name_prefix.as_deref())?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        ids.destination(&mut self.destination);
    }
}
