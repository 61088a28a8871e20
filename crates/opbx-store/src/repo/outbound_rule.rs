//! Outbound rules.

use opbx_core::id::{OutboundRuleId, PhoneNumberId};
use opbx_core::outbound_rule::{CallerIdPolicy, OutboundRule, PermissionClasses};
use opbx_core::plan::PlanSource;
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::entity::outbound_rules::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::word;

impl Object for OutboundRule {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::OutboundRule;

    const FIELDS: &[(&str, Column)] = &[
        ("name", Column::Name),
        ("position", Column::Position),
        ("min_length", Column::MinLength),
        ("max_length", Column::MaxLength),
        ("strip", Column::Strip),
        ("prepend", Column::Prepend),
        ("trunk", Column::Trunk),
        ("allow_premium", Column::AllowPremium),
        ("status", Column::Status),
    ];

    const SEARCHED: &[Column] = &[Column::Name, Column::Trunk];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = OutboundRuleId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.outbound_rules
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        let (policy, number) = match self.caller_id {
            CallerIdPolicy::Extension => ("extension", None),
            CallerIdPolicy::Number { phone_number_id } => ("number", Some(phone_number_id.get().cast_signed())),
            CallerIdPolicy::Anonymous => ("anonymous", None),
        };
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            position: Set(self.position.into()),
            countries: Set(word::write_list(&self.countries)?),
            prefixes: Set(word::write_list(&self.prefixes)?),
            min_length: Set(self.min_length.map(word::write_number)),
            max_length: Set(self.max_length.map(word::write_number)),
            strip: Set(word::write_number(self.strip)),
            prepend: Set(word::write(&self.prepend)?),
            trunk: Set(word::write_some(self.trunk.as_ref())?),
            caller_id_policy: Set(policy.to_owned()),
            caller_id_phone_number_id: Set(number),
            national: Set(self.permissions.national),
            international: Set(self.permissions.international),
            allow_premium: Set(self.allow_premium),
            ..Default::default()
        })
    }

    fn read(row: Model, _: &mut Gathered<'_>) -> Result<Self, Error> {
        let caller_id = match (row.caller_id_policy.as_str(), row.caller_id_phone_number_id) {
            ("extension", _) => CallerIdPolicy::Extension,
            ("anonymous", _) => CallerIdPolicy::Anonymous,
            ("number", Some(id)) => CallerIdPolicy::Number { phone_number_id: PhoneNumberId::new(id.cast_unsigned()) },
            _ => return Err(Error::Corrupt(Cause::said(format!("rule {} presents no number", row.id)))),
        };
        Ok(Self {
            id: OutboundRuleId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            position: u32::try_from(row.position).map_err(|fault| Error::Corrupt(Cause::new(fault)))?,
            countries: word::read_list(&row.countries)?,
            prefixes: word::read_list(&row.prefixes)?,
            min_length: word::read_some_number(row.min_length)?,
            max_length: word::read_some_number(row.max_length)?,
            strip: word::read_number(row.strip)?,
            prepend: word::read(&row.prepend)?,
            trunk: word::read_some(row.trunk.as_deref())?,
            caller_id,
            permissions: PermissionClasses { national: row.national, international: row.international },
            allow_premium: row.allow_premium,
            status: word::read(&row.status)?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        if let CallerIdPolicy::Number { phone_number_id } = &mut self.caller_id {
            ids.phone_number(phone_number_id);
        }
    }
}
