//! Instants as they stand in a column: whole milliseconds since 1970, UTC.
//!
//! The engines disagree about every type of their own for time (zones, fractions, ranges); a 64-bit integer is the same
//! everywhere, sorts, and is indexed well.

use jiff::Timestamp;
use sea_orm::DeriveValueType;

use crate::error::{Cause, Error};

/// An instant in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, DeriveValueType)]
pub struct Millis(i64);

impl Millis {
    /// The instant, with what is finer than a millisecond cut off.
    pub(crate) fn of(instant: Timestamp) -> Self {
        Self(instant.as_millisecond())
    }

    /// The number itself.
    pub(crate) const fn number(self) -> i64 {
        self.0
    }

    /// The number of a column.
    pub(crate) const fn stored(column: i64) -> Self {
        Self(column)
    }

    /// The instant again; a number that is none means that the row was not written by us.
    pub(crate) fn instant(self) -> Result<Timestamp, Error> {
        Timestamp::from_millisecond(self.0).map_err(|fault| Error::Corrupt(Cause::new(fault)))
    }
}
