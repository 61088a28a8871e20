//! Days of holiday lists.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holiday_list_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub holiday_list_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: String,
    pub position: i32,
    pub name: String,
    pub kind: String,
}

super::part_rows!(HolidayListId);
