//! Of which calls no payload is kept any more.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payload_marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    pub gone_before: Millis,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
