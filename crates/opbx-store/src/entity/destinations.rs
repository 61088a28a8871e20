//! Where calls go: one row for each step.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "destinations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: i32,
    pub kind: String,
    pub forward_to: Option<String>,
    pub extension_id: Option<i64>,
    pub ring_group_id: Option<i64>,
    pub ivr_menu_id: Option<i64>,
    pub business_hours_id: Option<i64>,
    pub conference_room_id: Option<i64>,
    pub voicemail_box_id: Option<i64>,
    pub ai_assistant_id: Option<i64>,
    pub prompt_id: Option<i64>,
}

super::part_rows!(OwnerId);
