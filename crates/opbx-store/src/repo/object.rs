//! What is known of every kind of object.

use opbx_core::destination::Destination;
use opbx_core::plan::PlanSource;
use sea_orm::EntityTrait;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::gathered::{Gathered, Sealing};
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::ObjectRow;
use crate::error::{Error, ObjectKind};

/// A kind of object that stands in a table of its own.
pub(crate) trait Object: Clone + PartialEq + Send + Sync + 'static {
    /// The rows of its table.
    type Row: ObjectRow;

    /// Its kind.
    const KIND: ObjectKind;

    /// The columns that lists can be sorted and filtered by, under the names of the API; what every kind has is not
    /// repeated. Neither secrets nor what stands in other tables.
    const FIELDS: &'static [(&'static str, <Self::Row as EntityTrait>::Column)];

    /// The columns that a search looks into.
    const SEARCHED: &'static [<Self::Row as EntityTrait>::Column];

    /// A field that stands in another table, as SQL beside a row of this one: for sorting.
    fn beside(_field: &str) -> Option<&'static str> {
        None
    }

    fn id(&self) -> u64;

    fn set_id(&mut self, id: u64);

    /// What people tell it by inside the organization: a number, a name, a pattern.
    fn key(&self) -> String;

    fn list(source: &PlanSource) -> &Vec<Self>;

    /// Its own columns: not its identifier, organization, revision and times, nor columns that are no part of a plan.
    fn columns(&self, sealing: &Sealing<'_>) -> Result<<Self::Row as EntityTrait>::ActiveModel, Error>;

    /// Where it leads.
    fn places(&self) -> Vec<(Slot, &Destination)> {
        Vec::new()
    }

    /// Where it leads by what it is, which no field of it holds as a destination.
    fn made_place(&self) -> Option<(Slot, Destination)> {
        None
    }

    /// The rows of its parts.
    fn parts(&self, _organization: i64) -> Result<Vec<InsertStatement>, Error> {
        Ok(Vec::new())
    }

    /// What takes all its parts away.
    fn without_parts(_organization: i64, _id: i64) -> Vec<DeleteStatement> {
        Vec::new()
    }

    /// The object of a row and what belongs to it.
    fn read(row: <Self::Row as EntityTrait>::Model, gathered: &mut Gathered<'_>) -> Result<Self, Error>;

    /// Replaces every reference in it.
    fn rewrite(&mut self, ids: &Ids);

    /// Its secrets by the names of their fields, for whoever tells that one was replaced; always the same names.
    fn secrets(&self) -> Vec<(&'static str, Option<&str>)> {
        Vec::new()
    }

    /// Takes over from what is there what a file cannot say: its secrets where this one has none, and whose it is.
    fn keep_unsaid(&mut self, _of: &Self) {}
}
