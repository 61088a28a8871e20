//! The sound of a prompt.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "prompt_audio")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub prompt_id: i64,
    pub state: String,
    pub blob: Option<String>,
    pub media_type: Option<String>,
    pub bytes: Option<i64>,
    pub milliseconds: Option<i64>,
    pub error: Option<String>,
    pub updated_at: Millis,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
