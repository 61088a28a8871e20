//! What an organization sets for its own calls.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    pub language: String,
    pub voice: Option<String>,
    pub no_answer_timeout: i32,
    pub max_call_seconds: i32,
    pub recording: String,
    pub recording_notice_prompt_id: Option<i64>,
    pub reject_anonymous: bool,
    pub mask_numbers: bool,
    pub emergency_caller_id: Option<String>,
}

super::part_rows!(OrganizationId);
