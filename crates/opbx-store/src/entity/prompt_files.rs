//! The files of prompts.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "prompt_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub prompt_id: i64,
    pub state: String,
    pub error: Option<String>,
    pub format: Option<String>,
    pub bytes: Option<i64>,
    pub milliseconds: Option<i64>,
    pub digest: Option<Vec<u8>>,
    pub blob_key: Option<String>,
}

super::part_rows!(PromptId);

super::file_rows!();
