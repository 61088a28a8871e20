//! Ring groups and their members.

use opbx_core::destination::Destination;
use opbx_core::id::{ExtensionId, RingGroupId};
use opbx_core::plan::PlanSource;
use opbx_core::ring_group::{Member, RingGroup};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use super::write::{delete_parts, insert_rows};
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::ring_group_members as members;
use crate::entity::ring_group_missed_mail as mail;
use crate::entity::ring_groups::{ActiveModel, Column, Entity, Model};
use crate::error::{Error, ObjectKind};
use crate::word;

impl Object for RingGroup {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::RingGroup;

    const FIELDS: &[(&str, Column)] = &[
        ("name", Column::Name),
        ("description", Column::Description),
        ("strategy", Column::Strategy),
        ("timeout", Column::Timeout),
        ("ring_turns", Column::RingTurns),
        ("follow_forwards", Column::FollowForwards),
        ("recording", Column::Recording),
        ("caller_name_prefix", Column::CallerNamePrefix),
        ("status", Column::Status),
    ];

    const SEARCHED: &[Column] = &[Column::Name, Column::Description];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = RingGroupId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.ring_groups
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            description: Set(word::write_some(self.description.as_ref())?),
            status: Set(word::write(&self.status)?),
            strategy: Set(word::write(&self.strategy)?),
            timeout: Set(word::write_number(self.timeout)),
            ring_turns: Set(word::write_number(self.ring_turns)),
            follow_forwards: Set(self.follow_forwards),
            recording: Set(word::write_some(self.recording.as_ref())?),
            caller_name_prefix: Set(word::write_some(self.caller_name_prefix.as_ref())?),
            ..Default::default()
        })
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        vec![("fallback".into(), &self.fallback)]
    }

    fn parts(&self, organization: i64) -> Result<Vec<InsertStatement>, Error> {
        let rows = (0..).zip(&self.members).map(|(position, member)| members::ActiveModel {
            organization_id: Set(organization),
            ring_group_id: Set(self.id.get().cast_signed()),
            extension_id: Set(member.extension_id.get().cast_signed()),
            position: Set(position),
            priority: Set(word::write_number(member.priority)),
        });
        let mut statements = insert_rows::<members::Entity>(rows.collect());
        if let Some(email) = &self.missed_call_email {
            let row = mail::ActiveModel {
                organization_id: Set(organization),
                ring_group_id: Set(self.id.get().cast_signed()),
                email: Set(word::write(email)?),
            };
            statements.extend(insert_rows::<mail::Entity>(vec![row]));
        }
        Ok(statements)
    }

    fn without_parts(organization: i64, id: i64) -> Vec<DeleteStatement> {
        vec![delete_parts::<members::Entity>(organization, id), delete_parts::<mail::Entity>(organization, id)]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let mail = gathered.group_mail.remove(&row.id).unwrap_or_default().pop();
        let members = gathered.members.remove(&row.id).unwrap_or_default().into_iter().map(|member| {
            Ok(Member {
                extension_id: ExtensionId::new(member.extension_id.cast_unsigned()),
                priority: word::read_number(member.priority)?,
            })
        });
        Ok(Self {
            id: RingGroupId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            description: word::read_some(row.description.as_deref())?,
            status: word::read(&row.status)?,
            strategy: word::read(&row.strategy)?,
            timeout: word::read_number(row.timeout)?,
            ring_turns: word::read_number(row.ring_turns)?,
            follow_forwards: row.follow_forwards,
            members: members.collect::<Result<_, Error>>()?,
            fallback: gathered.places.need(Self::KIND, row.id, "fallback")?,
            recording: word::read_some(row.recording.as_deref())?,
            caller_name_prefix: word::read_some(row.caller_name_prefix.as_deref())?,
            missed_call_email: word::read_some(mail.as_ref().map(|row| row.email.as_str()))?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        self.members.iter_mut().for_each(|member| ids.extension(&mut member.extension_id));
        ids.destination(&mut self.fallback);
    }
}
