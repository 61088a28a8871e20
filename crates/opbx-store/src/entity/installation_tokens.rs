//! Tokens of resellers and operators: of no organization.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation_tokens")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub secret_digest: Vec<u8>,
    pub created_at: Millis,
    pub last_used_at: Option<Millis>,
}

super::plain_rows!();
