//! Members of ring groups.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ring_group_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ring_group_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub extension_id: i64,
    pub position: i32,
    pub priority: i32,
}

super::part_rows!(RingGroupId);
