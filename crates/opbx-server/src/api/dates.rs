//! Days and instants in queries.

use crate::problem::Problem;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Which end of a day is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Edge {
    /// Its first moment.
    Begins,
    /// The first moment of the next one.
    Ends,
}

/// What a query can name: a day of the organization, or an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Moment {
    /// A day, wherever the clocks stand.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

impl Moment {
    /// Reads the value of a filter.
    ///
    /// # Errors
    ///
    /// [`Problem::BadRequest`] that names the filter.
    pub(crate) fn read(text: &str, name: &str) -> Result<Self, Problem> {
        let instant = text.parse().map(Self::Instant);
        instant.or_else(|_| text.parse().map(Self::Day)).map_err(|_| unreadable(name))
    }

    /// The instant, or the edge of the day in a zone. A day begins with its first moment, also where the clocks leave out
    /// midnight or have it twice.
    ///
    /// # Errors
    ///
    /// [`Problem::BadRequest`] for a day that is further away than anything.
    pub(crate) fn at(self, edge: Edge, zone: &TimeZone, name: &str) -> Result<Timestamp, Problem> {
        let date = match (self, edge) {
            (Self::Instant(instant), _) => return Ok(instant),
            (Self::Day(date), Edge::Begins) => Ok(date),
            (Self::Day(date), Edge::Ends) => date.tomorrow(),
        };
        let start = date.and_then(|date| zone.to_timestamp(date.at(0, 0, 0, 0)));
        start.map_err(|_| unreadable(name))
    }
}

/// The refusal of a filter.
pub(crate) fn unreadable(name: &str) -> Problem {
    Problem::BadRequest(format!("The filter {name} cannot be read.").into())
}
