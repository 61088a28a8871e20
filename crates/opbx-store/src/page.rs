//! Lists of objects, page by page: filtered, searched and sorted by the database.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, LikeExpr, Query as Sql, SubQueryStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, ModelTrait, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Value,
};

use crate::edit::Edit;
use crate::entity::{ObjectRow, destinations};
use crate::error::{Cause, Error, ObjectKind};
use crate::kind::{Kind, Stored};
use crate::millis::Millis;
use crate::plan::gather_of;
use crate::pool::Line;
use crate::repo::Gathered;
use crate::tenant::TenantStore;

/// What a list is to hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// Every one of these must hold.
    pub filters: Vec<Filter>,
    /// Text that one of the searched columns must contain, whatever its case.
    pub search: Option<String>,
    /// The field to sort by, under the name of the API; by age where it is none or unknown.
    pub sort_by: Option<String>,
    /// Whether the last comes first.
    pub descending: bool,
    /// How many objects come before the page.
    pub offset: u64,
    /// How many objects the page holds at most.
    pub limit: u64,
}

/// A field, under the name of the API, and what it must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// Which field.
    pub field: &'static str,
    /// Its value as it stands in the column.
    pub value: FilterValue,
}

/// A value to compare with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilterValue {
    /// A word or a text.
    Word(String),
    /// A number: an identifier.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl From<FilterValue> for Value {
    fn from(value: FilterValue) -> Self {
        match value {
            FilterValue::Word(word) => word.into(),
            FilterValue::Number(number) => number.into(),
            FilterValue::Flag(flag) => flag.into(),
        }
    }
}

/// A page of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// What it holds.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: u64,
}

/// What the number of all is called beside the columns of a row.
const ALL: &str = "number_of_all";

/// The filter by what kind of destination a phone number leads to; the others are columns.
const DESTINATION_TYPE: &str = "destination_type";

impl Edit {
    /// A page of the objects of a kind, as they are inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn page<T: Kind>(&self, query: &Query) -> Result<Page<Stored<T>>, Error> {
        self.within(self.tenant.page_in(&*self.writing, query)).await
    }
}

impl TenantStore {
    /// A page of the objects of a kind. The number of queries depends on the kind only, never on the size of anything.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn page<T: Kind>(&self, query: &Query) -> Result<Page<Stored<T>>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let page = self.page_in(&reading, query).await?;
            reading.commit().await?;
            Ok(page)
        };
        self.store.pool.attempt(work).await
    }

    /// The rows of a page come with the number of all, by one query; only a page behind the end asks for that alone.
    ///
    /// The number is counted beside the rows, over an index: a window over all of them would carry every column of each. For the
    /// same reason what is not in the order of an index is put in order by identifiers, and only the page's rows are read.
    pub(crate) async fn page_in<T: Kind>(
        &self,
        db: &impl ConnectionTrait,
        query: &Query,
    ) -> Result<Page<Stored<T>>, Error> {
        let chosen = self.chosen::<T>(query);
        let all = chosen.clone().select_only().expr(Expr::cust("COUNT(*)")).into_query();
        let mut page = sorted::<T>(chosen.clone(), query).offset(query.offset).limit(query.limit);
        if query.sort_by.as_deref().is_some_and(|field| field != "id") {
            let ids = page.select_only().column(T::Row::ID).into_query();
            // MySQL takes no limit in a list to look in, but in a table that is made up.
            let ids = Sql::select().column(Alias::new("id")).from_subquery(ids, Alias::new("page")).take();
            page = sorted::<T>(self.rows::<T::Row>().filter(T::Row::ID.in_subquery(ids)), query);
        }
        let all = Expr::from(SubQueryStatement::SelectStatement(all));
        let found = db.query_all(&page.expr_as(all, ALL).into_query()).await?;
        let total = match found.first() {
            Some(row) => row.try_get::<i64>("", ALL)?.cast_unsigned(),
            None if query.offset > 0 => chosen.count(db).await?,
            None => 0,
        };
        let rows = found.iter().map(|row| <T::Row as EntityTrait>::Model::from_query_result(row, ""));
        let rows = rows.collect::<Result<Vec<_>, sea_orm::DbErr>>()?;
        Ok(Page { items: self.stored(db, rows).await?, total })
    }

    /// One object.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn find<T: Kind>(&self, id: u64) -> Result<Stored<T>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let found = self.find_in::<T>(&reading, id).await?;
            reading.commit().await?;
            Ok(found)
        };
        self.store.pool.attempt(work).await
    }

    pub(crate) async fn find_in<T: Kind>(&self, db: &impl ConnectionTrait, id: u64) -> Result<Stored<T>, Error> {
        let row = self.rows::<T::Row>().filter(T::Row::ID.eq(id.cast_signed())).one(db).await?;
        let row = row.ok_or(Error::NotFound)?;
        self.stored(db, vec![row]).await?.pop().ok_or(Error::NotFound)
    }

    fn chosen<T: Kind>(&self, query: &Query) -> Select<T::Row> {
        let mut chosen = self.rows::<T::Row>();
        for Filter { field, value } in &query.filters {
            if let Some(column) = column::<T>(field) {
                chosen = chosen.filter(column.eq(Value::from(value.clone())));
            } else if let (DESTINATION_TYPE, FilterValue::Word(word)) = (*field, value) {
                chosen = chosen.filter(T::Row::ID.in_subquery(self.owners_leading_to_a(T::KIND, word)));
            }
        }
        match query.search.as_deref() {
            Some(text) if !text.is_empty() => chosen.filter(contains::<T>(text)),
            _ => chosen,
        }
    }

    /// The owners of a kind whose destination, at its first step, is of a type.
    fn owners_leading_to_a(&self, kind: ObjectKind, word: &str) -> sea_orm::sea_query::SelectStatement {
        self.rows::<destinations::Entity>()
            .select_only()
            .column(destinations::Column::OwnerId)
            .filter(destinations::Column::OwnerKind.eq(kind.word()))
            .filter(destinations::Column::Step.eq(0))
            .filter(destinations::Column::Kind.eq(word))
            .into_query()
    }

    /// The objects of rows, with what belongs to them, in the order of the rows.
    pub(crate) async fn stored<T: Kind>(
        &self,
        db: &impl ConnectionTrait,
        rows: Vec<<T::Row as EntityTrait>::Model>,
    ) -> Result<Vec<Stored<T>>, Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids = rows.iter().map(|row| whole(row, T::Row::ID)).collect::<Result<Vec<i64>, Error>>()?;
        let mut gathered = gather_of(db, self, T::KIND, &ids).await?;
        rows.into_iter().map(|row| stored_of(row, &mut gathered)).collect()
    }
}

fn stored_of<T: Kind>(row: <T::Row as EntityTrait>::Model, gathered: &mut Gathered<'_>) -> Result<Stored<T>, Error> {
    let revision = whole(&row, T::Row::REVISION)?.cast_unsigned();
    let (created_at, updated_at) = (instant(&row, T::Row::CREATED_AT)?, instant(&row, T::Row::UPDATED_AT)?);
    Ok(Stored { object: T::read(row, gathered)?, revision, created_at, updated_at })
}

fn whole<M: ModelTrait>(row: &M, column: <M::Entity as EntityTrait>::Column) -> Result<i64, Error> {
    match row.get(column) {
        Value::BigInt(Some(number)) => Ok(number),
        _ => Err(Error::Corrupt(Cause::said("a column that every object has is empty"))),
    }
}

fn instant<M: ModelTrait>(row: &M, column: <M::Entity as EntityTrait>::Column) -> Result<jiff::Timestamp, Error> {
    Millis::stored(whole(row, column)?).instant()
}

/// The column of a field that can be sorted and filtered by.
fn column<T: Kind>(field: &str) -> Option<<T::Row as EntityTrait>::Column> {
    match field {
        "id" => Some(T::Row::ID),
        "created_at" => Some(T::Row::CREATED_AT),
        "updated_at" => Some(T::Row::UPDATED_AT),
        _ => T::FIELDS.iter().find(|(name, _)| *name == field).map(|(_, column)| *column),
    }
}

/// The identifier settles what is equal otherwise, so that no object is on two pages or on none.
fn sorted<T: Kind>(chosen: Select<T::Row>, query: &Query) -> Select<T::Row> {
    let order = if query.descending { Order::Desc } else { Order::Asc };
    let by = query.sort_by.as_deref().and_then(column::<T>);
    match by {
        Some(column) if column.as_str() != T::Row::ID.as_str() => {
            chosen.order_by(column, order.clone()).order_by(T::Row::ID, order)
        }
        _ => match query.sort_by.as_deref().and_then(T::beside) {
            Some(sql) => chosen.order_by(Expr::cust(sql), order.clone()).order_by(T::Row::ID, order),
            None => chosen.order_by(T::Row::ID, order),
        },
    }
}

fn contains<T: Kind>(text: &str) -> Condition {
    T::SEARCHED.iter().fold(Condition::any(), |any, column| any.add(pattern(*column, text)))
}

/// Whether a column contains a text. Both engines compare texts byte by byte here, so the case is taken away from both
/// sides.
pub(crate) fn pattern(column: impl ColumnTrait, text: &str) -> Expr {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    let lower = Func::lower(Expr::col(column));
    Expr::from(lower).like(LikeExpr::new(&pattern).escape('\\'))
}
