//! Organizations: what is asked for before anything else of one is.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub slug: String,
    pub status: String,
    pub country: String,
    pub timezone: String,
    pub plan_revision: i64,
    pub revision: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
}

super::plain_rows!();

/// Raises the revision of an organization's plan. Its own settings are not changed by that, so neither is when they were.
pub(crate) async fn raise(db: &impl ConnectionTrait, organization: i64) -> Result<(), crate::error::Error> {
    let done = Entity::update_many()
        .col_expr(Column::PlanRevision, Expr::col(Column::PlanRevision).add(1))
        .filter(Column::Id.eq(organization))
        .exec(db)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(crate::error::Error::NotFound) }
}
