//! Who is told of calls that nobody took at a ring group.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ring_group_missed_mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ring_group_id: i64,
    pub email: String,
}

super::part_rows!(RingGroupId);
