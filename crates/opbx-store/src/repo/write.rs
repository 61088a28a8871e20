//! Writing an object: the same for every kind.

use jiff::Timestamp;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, InsertStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};

use super::Sealing;
use super::object::Object;
use crate::destination::{self, Slot};
use crate::entity::{ObjectRow, PartRow, TenantRow, destinations};
use crate::error::{Constraint, Error, ObjectKind};
use crate::millis::Millis;

/// How many rows one statement inserts at most; an engine has a limit of values for each statement.
const ROWS_AT_ONCE: usize = 500;

/// Inserts the row of an object and answers its identifier. Parts and places are for [`furnish`]: they may lead to
/// objects that are not there yet.
pub(crate) async fn insert<T: Object>(
    db: &impl ConnectionTrait,
    object: &T,
    sealing: &Sealing<'_>,
    now: Timestamp,
) -> Result<u64, Error> {
    let mut row = object.columns(sealing)?;
    let now = Millis::of(now);
    row.set(T::Row::ORGANIZATION, sealing.organization.get().cast_signed().into());
    row.set(T::Row::REVISION, 1_i64.into());
    row.set(T::Row::CREATED_AT, now.into());
    row.set(T::Row::UPDATED_AT, now.into());
    let inserted = T::Row::insert(row).exec(db).await?;
    Ok(inserted.last_insert_id.cast_unsigned())
}

/// Updates the row of an object and raises its revision, if it still has the revision that is `expected`.
pub(crate) async fn update<T: Object>(
    db: &impl ConnectionTrait,
    object: &T,
    expected: Option<i64>,
    sealing: &Sealing<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let organization = sealing.organization.get().cast_signed();
    let own = T::Row::ORGANIZATION.eq(organization).and(T::Row::ID.eq(object.id().cast_signed()));
    let mut update = T::Row::update_many()
        .set(object.columns(sealing)?)
        .col_expr(T::Row::REVISION, Expr::col(T::Row::REVISION).add(1))
        .col_expr(T::Row::UPDATED_AT, Expr::value(Millis::of(now)))
        .filter(own.clone());
    if let Some(expected) = expected {
        update = update.filter(T::Row::REVISION.eq(expected));
    }
    if update.exec(db).await?.rows_affected == 1 {
        return Ok(());
    }
    let is_there = T::Row::find().filter(own).one(db).await?.is_some();
    Err(if is_there { Error::Stale } else { Error::NotFound })
}

/// Writes the parts and places of an object anew.
pub(crate) async fn furnish<T: Object>(db: &impl ConnectionTrait, object: &T, organization: i64) -> Result<(), Error> {
    strip::<T>(db, organization, object.id()).await?;
    for statement in object.parts(organization)? {
        db.execute(&statement).await?;
    }
    let made = object.made_place();
    let made = made.iter().map(|(slot, destination)| (slot.clone(), destination));
    let mut rows = Vec::new();
    for (slot, destination) in object.places().into_iter().chain(made) {
        rows.extend(destination::rows(organization, (T::KIND, object.id()), &slot, destination)?);
    }
    for statement in insert_rows::<destinations::Entity>(rows) {
        db.execute(&statement).await?;
    }
    Ok(())
}

/// Removes an object with its parts and places. What something else leads to stays: the database refuses.
pub(crate) async fn remove<T: Object>(db: &impl ConnectionTrait, organization: i64, id: u64) -> Result<(), Error> {
    strip::<T>(db, organization, id).await?;
    let id = id.cast_signed();
    let own = T::Row::ORGANIZATION.eq(organization).and(T::Row::ID.eq(id));
    match T::Row::delete_many().filter(own).exec(db).await.map_err(Error::from) {
        Ok(done) if done.rows_affected == 1 => Ok(()),
        Ok(_) => Err(Error::NotFound),
        Err(Error::Conflict(Constraint::Reference)) => Err(Error::Conflict(Constraint::InUse)),
        Err(fault) => Err(fault),
    }
}

/// Takes the parts and places of an object away.
pub(crate) async fn strip<T: Object>(db: &impl ConnectionTrait, organization: i64, id: u64) -> Result<(), Error> {
    let id = id.cast_signed();
    for statement in T::without_parts(organization, id) {
        db.execute(&statement).await?;
    }
    let places = destinations::Entity::delete_many()
        .filter(destinations::Column::OrganizationId.eq(organization))
        .filter(destinations::Column::OwnerKind.eq(T::KIND.word()))
        .filter(destinations::Column::OwnerId.eq(id));
    places.exec(db).await?;
    Ok(())
}

/// Writes one place of an owner anew; `None` leaves it empty.
pub(crate) async fn put_place(
    db: &impl ConnectionTrait,
    organization: i64,
    owner: (ObjectKind, u64),
    slot: Slot,
    destination: Option<&opbx_core::destination::Destination>,
) -> Result<(), Error> {
    let place = destinations::Entity::delete_many()
        .filter(destinations::Column::OrganizationId.eq(organization))
        .filter(destinations::Column::OwnerKind.eq(owner.0.word()))
        .filter(destinations::Column::OwnerId.eq(owner.1.cast_signed()))
        .filter(destinations::Column::Slot.eq(slot.as_ref()));
    place.exec(db).await?;
    let rows = destination.map(|to| destination::rows(organization, owner, &slot, to)).transpose()?;
    for statement in insert_rows::<destinations::Entity>(rows.unwrap_or_default()) {
        db.execute(&statement).await?;
    }
    Ok(())
}

/// The statements that insert rows; none for none.
pub(super) fn insert_rows<E: TenantRow>(rows: Vec<E::ActiveModel>) -> Vec<InsertStatement> {
    let mut rows = rows.into_iter().peekable();
    let mut statements = Vec::new();
    while rows.peek().is_some() {
        statements.push(E::insert_many(rows.by_ref().take(ROWS_AT_ONCE)).into_query());
    }
    statements
}

/// The statement that takes away one kind of part of an object.
pub(super) fn delete_parts<E: PartRow>(organization: i64, owner: i64) -> DeleteStatement {
    E::delete_many().filter(E::ORGANIZATION.eq(organization)).filter(E::OWNER.eq(owner)).into_query()
}
