//! Prompts of the library.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "prompts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub name: String,
    pub status: String,
    pub kind: String,
    pub spoken_text: Option<String>,
    pub voice: Option<String>,
    pub url: Option<String>,
}

super::object_rows!();
