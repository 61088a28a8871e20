//! What the platform knows an organization by.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    pub domain: Option<String>,
    pub domain_uuid: Option<String>,
    pub api_key_sealed: Option<Vec<u8>>,
    pub webhook_key_digest: Option<Vec<u8>>,
    pub webhook_key_sealed: Option<Vec<u8>>,
    pub former_webhook_key_digest: Option<Vec<u8>>,
    pub former_webhook_key_until: Option<Millis>,
    pub cdr_secret_digest: Option<Vec<u8>>,
    pub cdr_secret_sealed: Option<Vec<u8>>,
    pub public_url: Option<String>,
    pub recording_format: Option<String>,
    pub revision: i64,
    pub updated_at: Millis,
}

super::part_rows!(OrganizationId);
