//! Options of menus.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ivr_menu_options")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ivr_menu_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub digits: String,
    pub position: i32,
    pub label: Option<String>,
}

super::part_rows!(IvrMenuId);
