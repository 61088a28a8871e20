//! AI assistants.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ai_assistants")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub name: String,
    pub status: String,
    pub connection: String,
    pub provider: Option<String>,
    pub service_number: Option<String>,
    pub sip_uri: Option<String>,
    pub url: Option<String>,
    pub username: Option<String>,
    pub password_sealed: Option<Vec<u8>>,
    pub parameters: String,
}

super::object_rows!();
