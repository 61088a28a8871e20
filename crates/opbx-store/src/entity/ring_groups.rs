//! Ring groups.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ring_groups")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub name: String,
    pub status: String,
    pub description: Option<String>,
    pub strategy: String,
    pub timeout: i32,
    pub ring_turns: i32,
    pub follow_forwards: bool,
    pub recording: Option<String>,
    pub caller_name_prefix: Option<String>,
}

super::object_rows!();
