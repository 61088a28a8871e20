//! Conference rooms.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conference_rooms")]
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
    pub max_participants: i32,
    pub pin_sealed: Option<Vec<u8>>,
    pub host_pin_sealed: Option<Vec<u8>>,
    pub wait_for_host: bool,
    pub mute_on_entry: bool,
    pub announce_join_leave: bool,
    pub music_on_hold: bool,
    pub recording: bool,
    pub end_on_host_exit: bool,
}

super::object_rows!();
