//! Letting go of what an organization does not keep any longer: calls with all that belongs to them, why they were decided
//! as they were, and what the platform said of them word by word. A few at a time, each few in a transaction of their own:
//! others write between them.
//!
//! Statistics of calls that are gone stay as they are (see `statistics`).

mod calls;
mod payloads;
mod traces;

use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use sea_orm::{ConnectionTrait, Statement};

use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::settings::Retention;

/// Each `?` that is compared with days is what an organization keeps that has set nothing, as [`Retention::default`] says.
/// The oldest of each is found by the beginning of an index, however much there is.
const OUTGROWN: &str = "\
    SELECT kept.id AS id, kept.records AS records, kept.traces AS traces, kept.payloads AS payloads FROM ( \
        SELECT o.id AS id, COALESCE(r.records, ?) AS records, COALESCE(r.traces, ?) AS traces, \
            COALESCE(r.raw_payloads, ?) AS payloads, COALESCE(m.gone_before, 0) AS gone_before \
        FROM organizations o LEFT JOIN organization_retention r ON r.organization_id = o.id \
        LEFT JOIN payload_marks m ON m.organization_id = o.id WHERE o.id > ? \
    ) kept WHERE \
        (kept.records > 0 AND (SELECT MIN(c.initiated_at) FROM calls c WHERE c.organization_id = kept.id) \
            < ? - kept.records * 86400000) \
        OR (kept.payloads > 0 AND (SELECT MIN(c.initiated_at) FROM calls c \
            WHERE c.organization_id = kept.id AND c.initiated_at >= kept.gone_before) < ? - kept.payloads * 86400000) \
        OR (kept.traces > 0 AND (SELECT d.at FROM decisions d WHERE d.organization_id = kept.id ORDER BY d.id LIMIT 1) \
            < ? - kept.traces * 86400000) \
    ORDER BY kept.id LIMIT ?";

/// An organization that has what it does not keep any longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outgrown {
    /// Which one.
    pub organization: OrganizationId,
    /// From when on it keeps calls; `None`: all of them.
    pub records: Option<Timestamp>,
    /// From when on it keeps why calls were decided as they were.
    pub traces: Option<Timestamp>,
    /// From when on it keeps what the platform said word by word, by the beginning of the call.
    pub payloads: Option<Timestamp>,
}

impl Platform {
    /// The organizations behind `after` that have what they do not keep any longer, in the order of their identifiers, so
    /// many at most.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn outgrown(
        &self,
        after: Option<OrganizationId>,
        most: u64,
        now: Timestamp,
    ) -> Result<Vec<Outgrown>, Error> {
        let usual = Retention::default();
        let [records, traces, payloads] = [usual.records, usual.traces, usual.raw_payloads].map(i64::from);
        let after = after.map_or(0, |id| id.get().cast_signed());
        let at = Millis::of(now).number();
        let values = [records, traces, payloads, after, at, at, at, most.cast_signed()].map(Into::into);
        let work = async |line: Line| {
            let asked = Statement::from_sql_and_values(line.db().get_database_backend(), OUTGROWN, values);
            let rows = line.db().query_all_raw(asked).await?;
            rows.into_iter()
                .map(|row| {
                    let id: i64 = row.try_get("", "id")?;
                    let edge = |name| Ok::<_, Error>(edge(row.try_get("", name)?, now));
                    Ok(Outgrown {
                        organization: OrganizationId::new(id.cast_unsigned()),
                        records: edge("records")?,
                        traces: edge("traces")?,
                        payloads: edge("payloads")?,
                    })
                })
                .collect()
        };
        self.store.pool.attempt(work).await
    }
}

/// The instant so many days ago; of none there is none.
pub(crate) fn edge(days: i64, now: Timestamp) -> Option<Timestamp> {
    (days > 0).then(|| now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN))
}
