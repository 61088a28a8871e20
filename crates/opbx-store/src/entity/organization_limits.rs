//! How much an organization may do.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    pub outbound_concurrent: Option<i64>,
    pub outbound_per_minute: Option<i64>,
    pub outbound_per_day: Option<i64>,
    pub outbound_cost_per_day: Option<i64>,
    pub extension_concurrent: Option<i64>,
    pub extension_per_minute: Option<i64>,
    pub extension_per_day: Option<i64>,
    pub extension_cost_per_day: Option<i64>,
    pub extensions: Option<i64>,
    pub storage_mb: Option<i64>,
    pub api_per_minute: Option<i64>,
    pub updated_at: Millis,
}

super::part_rows!(OrganizationId);
