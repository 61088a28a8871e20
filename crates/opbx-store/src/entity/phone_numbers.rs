//! Inbound numbers.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_numbers")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub number: String,
    pub name: Option<String>,
    pub status: String,
    pub recording: Option<String>,
    pub reject_anonymous: Option<bool>,
    pub caller_name_prefix: Option<String>,
}

super::object_rows!();
