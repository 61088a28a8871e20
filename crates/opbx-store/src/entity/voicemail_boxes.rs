//! Voicemail boxes.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voicemail_boxes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub name: String,
    pub status: String,
    pub extension_id: Option<i64>,
    pub pin_sealed: Option<Vec<u8>>,
    pub greeting_prompt_id: Option<i64>,
    pub max_length: i32,
    pub max_messages: i32,
    pub email: Option<String>,
    pub email_mode: String,
}

super::object_rows!();
