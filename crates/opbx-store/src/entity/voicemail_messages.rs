//! Messages in voicemail boxes.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voicemail_messages")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub voicemail_box_id: i64,
    pub identity: Vec<u8>,
    pub call_id: String,
    pub from_number: String,
    pub caller_name: Option<String>,
    pub received_at: Millis,
    pub heard_at: Option<Millis>,
    pub saved: bool,
    pub url: Option<String>,
    pub seconds: Option<i64>,
    pub state: String,
    pub error: Option<String>,
    pub format: Option<String>,
    pub bytes: Option<i64>,
    pub milliseconds: Option<i64>,
    pub digest: Option<Vec<u8>>,
    pub blob_key: Option<String>,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}

super::recorded_rows!();
