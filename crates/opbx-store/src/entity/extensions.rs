//! Extensions.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "extensions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub number: String,
    pub name: String,
    pub status: String,
    pub kind: String,
    pub user_id: Option<i64>,
    pub sip_uri: Option<String>,
    pub voicemail_enabled: bool,
    pub ring_timeout: Option<i32>,
    pub do_not_disturb: bool,
    pub outbound_permission: String,
    pub caller_id_phone_number_id: Option<i64>,
    pub recording: Option<String>,
    pub cap_concurrent: Option<i64>,
    pub cap_per_minute: Option<i64>,
    pub cap_per_day: Option<i64>,
    pub cap_cost_per_day: Option<i64>,
    pub sip_password_sealed: Option<Vec<u8>>,
}

super::object_rows!();
