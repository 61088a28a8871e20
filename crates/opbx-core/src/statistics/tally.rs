//! What calls weigh, added and taken back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::local::LocalHour;
use super::sums::Sums;
use crate::call_log::CallLog;
use crate::call_state::{CallDirection, Disposition};

/// What sums are kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HourKey {
    /// The hour in which calls began.
    pub hour: LocalHour,
    /// Which way they went.
    pub direction: CallDirection,
    /// How they ended; `None`: they go on.
    pub disposition: Option<Disposition>,
}

/// What kinds of things calls are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShareKind {
    /// The number outside.
    Number,
    /// Whose call it was.
    Extension,
    /// The first ring group that rang.
    RingGroup,
}

impl ShareKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Number, Self::Extension, Self::RingGroup];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Extension => "extension",
            Self::RingGroup => "ring_group",
        }
    }
}

/// A thing that calls are counted for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShareKey {
    /// What kind.
    pub kind: ShareKind,
    /// Which one; a number outside is told by its name alone and has none.
    pub id: Option<u64>,
    /// What it was called then.
    pub name: Box<str>,
}

/// What calls weigh together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// The sums of each hour, direction and disposition.
    pub hours: BTreeMap<HourKey, Sums>,
    /// How many calls of each day each thing has.
    pub shares: BTreeMap<(Date, ShareKey), i64>,
}

impl Tally {
    /// Adds what a call weighs.
    pub fn add(&mut self, log: &CallLog, zone: &TimeZone) {
        let weight = Weight::of(log, zone);
        *self.hours.entry(weight.key).or_default() += weight.sums;
        for share in weight.shares {
            *self.shares.entry((weight.key.hour.day, share)).or_default() += 1;
        }
    }

    /// Takes back what a call weighs.
    pub fn take(&mut self, log: &CallLog, zone: &TimeZone) {
        let weight = Weight::of(log, zone);
        *self.hours.entry(weight.key).or_default() -= weight.sums;
        for share in weight.shares {
            *self.shares.entry((weight.key.hour.day, share)).or_default() -= 1;
        }
    }

    /// Drops what cancels out.
    pub fn settle(&mut self) {
        self.hours.retain(|_, sums| !sums.is_nothing());
        self.shares.retain(|_, calls| *calls != 0);
    }
}

/// What one call weighs.
struct Weight {
    key: HourKey,
    sums: Sums,
    shares: Vec<ShareKey>,
}

impl Weight {
    fn of(log: &CallLog, zone: &TimeZone) -> Self {
        let at = log.initiated_at().or(log.state.last_received_at).unwrap_or_default();
        let wait = log.wait().map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let sums = Sums {
            calls: 1,
            missed: i64::from(log.is_missed()),
            duration: log.duration().map_or(0, i64::from),
            talk: log.billsec().map_or(0, i64::from),
            waited: i64::from(wait.is_some()),
            wait: wait.unwrap_or_default(),
            cost: log.cost().unwrap_or_default(),
        };
        let number = log.outside_number().map(|number| (ShareKind::Number, None, number.into()));
        let extension = log.extension().map(|it| (ShareKind::Extension, Some(it.id.get()), it.text));
        let ring_group = log.ring_group().map(|it| (ShareKind::RingGroup, Some(it.id.get()), it.text));
        let shares = number.into_iter().chain(extension).chain(ring_group);
        Self {
            key: HourKey { hour: LocalHour::of(at, zone), direction: log.direction(), disposition: log.disposition() },
            sums,
            shares: shares.map(|(kind, id, name)| ShareKey { kind, id, name }).collect(),
        }
    }
}
