//! Dates that do not follow their weekday.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "business_hours_exceptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub business_hours_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: String,
    pub position: i32,
    pub name: String,
    pub kind: String,
}

super::part_rows!(BusinessHoursId);
