//! Who was rung in a call.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call_legs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub of_call: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub kind: String,
    pub extension_id: Option<i64>,
    pub number: String,
    pub name: Option<String>,
    pub via_kind: String,
    pub ring_group_id: Option<i64>,
    pub via_name: Option<String>,
    pub started_at: Millis,
    pub answered_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub result: Option<String>,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
