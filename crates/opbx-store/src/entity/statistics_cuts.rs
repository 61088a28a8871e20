//! In which zone counts are cut.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_cuts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    pub generation: i64,
    pub timezone: String,
    pub whole_from: Option<i32>,
    pub next_generation: Option<i64>,
    pub next_timezone: Option<String>,
    pub next_after: Option<i64>,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
