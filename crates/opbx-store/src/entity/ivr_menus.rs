//! Menus.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ivr_menus")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub name: String,
    pub status: String,
    pub prompt_id: Option<i64>,
    pub prompt_text: Option<String>,
    pub prompt_voice: Option<String>,
    pub invalid_prompt_id: Option<i64>,
    pub invalid_prompt_text: Option<String>,
    pub invalid_prompt_voice: Option<String>,
    pub silence_prompt_id: Option<i64>,
    pub silence_prompt_text: Option<String>,
    pub silence_prompt_voice: Option<String>,
    pub max_timeout: i32,
    pub inter_digit_timeout: i32,
    pub max_turns: i32,
    pub direct_dial: bool,
}

super::object_rows!();
