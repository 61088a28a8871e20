//! What calls of an hour add up to.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_hours")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub start: Millis,
    #[sea_orm(primary_key, auto_increment = false)]
    pub direction: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub disposition: String,
    pub hour: i32,
    pub calls: i64,
    pub missed: i64,
    pub duration: i64,
    pub talk: i64,
    pub waited: i64,
    pub wait: i64,
    pub cost: i64,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
