//! The block list.

use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::destination::Destination;
use opbx_core::id::BlockedCallerId;
use opbx_core::plan::PlanSource;
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::blocked_callers::{ActiveModel, Column, Entity, Model};
use crate::error::{Error, ObjectKind};
use crate::millis::Millis;
use crate::word;

impl Object for BlockedCaller {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::BlockedCaller;

    const FIELDS: &[(&str, Column)] = &[
        ("pattern", Column::Pattern),
        ("reason", Column::Reason),
        ("expires_at", Column::ExpiresAt),
        ("status", Column::Status),
    ];

    const SEARCHED: &[Column] = &[Column::Pattern, Column::Reason];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = BlockedCallerId::new(id);
    }

    fn key(&self) -> String {
        self.pattern.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.blocked_callers
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        Ok(ActiveModel {
            pattern: Set(word::write(&self.pattern)?),
            reason: Set(word::write_some(self.reason.as_ref())?),
            expires_at: Set(self.expires_at.map(Millis::of)),
            status: Set(word::write(&self.status)?),
            ..Default::default()
        })
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        self.destination.iter().map(|destination| ("destination".into(), destination)).collect()
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: BlockedCallerId::new(row.id.cast_unsigned()),
            pattern: word::read(&row.pattern)?,
            reason: word::read_some(row.reason.as_deref())?,
            destination: gathered.places.take(Self::KIND, row.id, "destination")?,
            expires_at: row.expires_at.map(Millis::instant).transpose()?,
            status: word::read(&row.status)?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        self.destination.iter_mut().for_each(|place| ids.destination(place));
    }
}
