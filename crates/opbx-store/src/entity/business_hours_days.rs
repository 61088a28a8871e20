//! Weekdays of schedules.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "business_hours_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub business_hours_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub weekday: i32,
    pub enabled: bool,
}

super::part_rows!(BusinessHoursId);
