//! Outbound rules.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbound_rules")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub name: String,
    pub status: String,
    pub position: i64,
    pub countries: String,
    pub prefixes: String,
    pub min_length: Option<i32>,
    pub max_length: Option<i32>,
    pub strip: i32,
    pub prepend: String,
    pub trunk: Option<String>,
    pub caller_id_policy: String,
    pub caller_id_phone_number_id: Option<i64>,
    pub national: bool,
    pub international: bool,
    pub allow_premium: bool,
}

super::object_rows!();
