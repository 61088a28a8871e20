//! Which lists a schedule follows.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "business_hours_holiday_lists")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub business_hours_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub holiday_list_id: i64,
}

super::part_rows!(BusinessHoursId);
