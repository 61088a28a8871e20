//! Calls, as people see them.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub call_id: String,
    pub direction: String,
    pub status: String,
    pub disposition: Option<String>,
    pub live: bool,
    pub from_number: String,
    pub to_number: String,
    pub caller_name: Option<String>,
    pub phone_number_id: Option<i64>,
    pub phone_number: Option<String>,
    pub extension_id: Option<i64>,
    pub extension_number: Option<String>,
    pub ring_group_id: Option<i64>,
    pub ring_group_name: Option<String>,
    pub initiated_at: Millis,
    pub answered_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub duration: Option<i64>,
    pub billsec: Option<i64>,
    pub answered_by: Option<String>,
    pub cost: Option<i64>,
    pub recording_url: Option<String>,
    pub outside: Option<String>,
    pub missed: bool,
    pub conversation: bool,
    pub returned_at: Option<Millis>,
    pub last_received_at: Millis,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
