//! Extensions that may not be dialled in a menu.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ivr_menu_exclusions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ivr_menu_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub extension_id: i64,
}

super::part_rows!(IvrMenuId);
