//! How many calls of a day or a month things have.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub span: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub thing_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub calls: i64,
}

super::plain_rows!();

impl super::TenantRow for Entity {
    const ORGANIZATION: Column = Column::OrganizationId;
}
