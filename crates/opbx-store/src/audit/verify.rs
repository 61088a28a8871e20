//! Whether the log is whole.

use std::time::Duration;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{Link, content_of};
use crate::entity::{audit_entries, audit_heads};
use crate::error::Error;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// Years of entries are read for it.
const DEADLINE: Duration = Duration::from_secs(600);
const AT_ONCE: u64 = 1_000;

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// How many entries were looked at.
    pub entries: u64,
    /// The first fault; none when the log is whole.
    pub fault: Option<Fault>,
}

/// How a log is not whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is no entry where one must be.
    Missing {
        /// At which place.
        sequence: u64,
    },
    /// An entry does not say what was written.
    Altered {
        /// At which place.
        sequence: u64,
    },
    /// The chain does not hold at an entry.
    Broken {
        /// At which place.
        sequence: u64,
    },
}

impl TenantStore {
    /// Follows the whole chain.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`]. A log that is not whole is an answer, no error.
    pub async fn verify_audit_log(&self) -> Result<Verified, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let head = self.rows::<audit_heads::Entity>().one(&reading).await?;
            let mut last =
                head.as_ref().map_or_else(Link::first, |head| Link::of(head.base_sequence, &head.base_chain));
            let mut entries = 0;
            loop {
                let column = audit_entries::Column::Sequence;
                let rows = self.rows::<audit_entries::Entity>().filter(column.gt(last.sequence));
                let rows = rows.order_by_asc(column).limit(AT_ONCE).all(&reading).await?;
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    match follow(&last, &row) {
                        Ok(next) => last = next,
                        Err(fault) => return Ok(Verified { entries, fault: Some(fault) }),
                    }
                    entries += 1;
                }
            }
            let end = head.map_or_else(Link::first, |head| Link::of(head.sequence, &head.chain));
            let sequence = last.sequence.cast_unsigned();
            let fault = match end {
                end if end == last => None,
                end if end.sequence > last.sequence => Some(Fault::Missing { sequence: sequence + 1 }),
                _ => Some(Fault::Broken { sequence }),
            };
            Ok(Verified { entries, fault })
        };
        self.store.pool.attempt_within(DEADLINE, work).await
    }
}

fn follow(last: &Link, row: &audit_entries::Model) -> Result<Link, Fault> {
    let expected = last.sequence + 1;
    let sequence = expected.cast_unsigned();
    if row.sequence != expected {
        return Err(Fault::Missing { sequence });
    }
    if content_of(row).is_some_and(|content| content.as_slice() != row.digest) {
        return Err(Fault::Altered { sequence });
    }
    let link = last.followed_by(row.at, &row.digest);
    if link.chain.as_slice() == row.chain { Ok(link) } else { Err(Fault::Broken { sequence }) }
}
