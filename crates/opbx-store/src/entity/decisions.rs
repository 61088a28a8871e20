//! What was decided for calls.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decisions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub call_id: String,
    pub at: Millis,
    pub place: String,
    pub from_party: String,
    pub to_party: String,
    pub outcome: String,
    pub micros: i64,
    pub document: String,
    pub trace: String,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
