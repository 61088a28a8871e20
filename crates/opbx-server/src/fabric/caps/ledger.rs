//! The outbound calls of one organization that still count.

use super::Limits;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use opbx_core::call::OverCap;
use opbx_core::caps::{CallCaps, Cap};
use opbx_core::id::ExtensionId;
use std::collections::{HashMap, VecDeque};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The calls of an organization and what they add up to.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// When the day ends that is being counted.
    day_ends: Option<Timestamp>,
    /// In the order in which they began. Scanned: an organization has a handful at once, and one without limits still
    /// only those of the last minutes.
    calls: Vec<Counted>,
    whole: Tally,
    extensions: HashMap<ExtensionId, Tally>,
}

/// What counts of an organization's or an extension's calls.
#[derive(Debug, Default)]
struct Tally {
    concurrent: u32,
    /// When the calls of the last minute began.
    minute: VecDeque<Timestamp>,
    day: u32,
}

/// A call that counts as being under way.
#[derive(Debug)]
struct Counted {
    number: u64,
    session: Option<u64>,
    extension: Option<ExtensionId>,
    began: Timestamp,
    /// The end of the day that it was counted in.
    day_ends: Option<Timestamp>,
    /// When it stops counting unless somebody answers.
    ends: Timestamp,
}

impl Ledger {
    /// Counts a call if no cap forbids it. The extension's own cap is named first: it says more.
    pub(super) fn reserve(
        &mut self,
        number: u64,
        session: Option<u64>,
        limits: Limits<'_>,
        now: Timestamp,
    ) -> Result<(), OverCap> {
        self.settle(limits.zone, now);
        let (whole, own) = limits.caps;
        let extension = limits.extension.map(|id| self.extensions.entry(id).or_default());
        let reached = match (&extension, own) {
            (Some(tally), Some(own)) => tally.reached(&own).map(|cap| OverCap { cap, of_extension: true }),
            _ => None,
        };
        let reached = reached.or(self.whole.reached(&whole).map(|cap| OverCap { cap, of_extension: false }));
        if let Some(over) = reached {
            return Err(over);
        }
        for tally in extension.into_iter().chain([&mut self.whole]) {
            tally.concurrent += 1;
            tally.minute.push_back(now);
            tally.day = tally.day.saturating_add(1);
        }
        // What is reserved is dialled or taken back within the deadline of a request; this end is for neither.
        let ends = now + MINUTE;
        let extension = limits.extension;
        let day_ends = self.day_ends;
        self.calls.push(Counted { number, session, extension, began: now, day_ends, ends });
        Ok(())
    }

    /// The call is dialled, and this is when it stops counting: by itself, and after an answer.
    pub(super) fn dialled(&mut self, number: u64, ends: Timestamp) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.number == number) {
            call.ends = ends;
        }
    }

    /// The call never was.
    pub(super) fn take_back(&mut self, number: u64) {
        let Some(place) = self.calls.iter().position(|call| call.number == number) else { return };
        let call = self.calls.remove(place);
        let of_today = u32::from(call.day_ends == self.day_ends);
        for tally in self.tallies(call.extension) {
            tally.concurrent = tally.concurrent.saturating_sub(1);
            tally.day = tally.day.saturating_sub(of_today);
            if let Some(place) = tally.minute.iter().rposition(|began| *began == call.began) {
                tally.minute.remove(place);
            }
        }
    }

    pub(super) fn ended(&mut self, session: u64) {
        self.end(|call| call.session == Some(session));
    }

    pub(super) fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Whether nothing in it counts any more.
    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        let over = |ends: Timestamp| ends <= now;
        self.day_ends.is_none_or(over)
            && self.calls.iter().all(|call| over(call.ends))
            && self.whole.minute.back().is_none_or(|began| over(*began + MINUTE))
    }

    /// Lets go what counts no more at this instant.
    fn settle(&mut self, zone: &TimeZone, now: Timestamp) {
        self.end(|call| call.ends <= now);
        let slide = |tally: &mut Tally| {
            while tally.minute.front().is_some_and(|began| now.duration_since(*began) >= MINUTE) {
                tally.minute.pop_front();
            }
        };
        slide(&mut self.whole);
        self.extensions.values_mut().for_each(slide);
        // Two requests that overtake each other at midnight do not begin the day twice: its end only moves forward. A
        // changed zone holds from the next day on.
        if self.day_ends.is_none_or(|ends| ends <= now) {
            self.day_ends = Some(end_of_day(zone, now));
            self.whole.day = 0;
            self.extensions.retain(|_, tally| {
                tally.day = 0;
                tally.concurrent > 0 || !tally.minute.is_empty()
            });
        }
    }

    fn end(&mut self, is_over: impl Fn(&Counted) -> bool) {
        let mut place = 0;
        while let Some(call) = self.calls.get(place) {
            if is_over(call) {
                let extension = self.calls.remove(place).extension;
                for tally in self.tallies(extension) {
                    tally.concurrent = tally.concurrent.saturating_sub(1);
                }
            } else {
                place += 1;
            }
        }
    }

    /// Where a call of this extension counts.
    fn tallies(&mut self, extension: Option<ExtensionId>) -> impl Iterator<Item = &mut Tally> {
        extension.and_then(|id| self.extensions.get_mut(&id)).into_iter().chain([&mut self.whole])
    }
}

impl Tally {
    /// The first cap that one more call would pass.
    fn reached(&self, caps: &CallCaps) -> Option<Cap> {
        let passes = |limit: Option<u32>, count: usize| limit.is_some_and(|limit| count >= limit as usize);
        if passes(caps.concurrent, self.concurrent as usize) {
            Some(Cap::Concurrent)
        } else if passes(caps.per_minute, self.minute.len()) {
            Some(Cap::PerMinute)
        } else if passes(caps.per_day, self.day as usize) {
            Some(Cap::PerDay)
        } else {
            // What a call costs is in its record, and records are not read yet: no cost is known, so none is too high.
            None
        }
    }
}

/// The next midnight of the zone; in an hour where midnight comes twice, or the calendar ends.
fn end_of_day(zone: &TimeZone, now: Timestamp) -> Timestamp {
    let tomorrow = zone.to_datetime(now).date().tomorrow();
    let midnight = tomorrow.and_then(|date| zone.to_timestamp(date.at(0, 0, 0, 0)));
    midnight.ok().filter(|midnight| *midnight > now).unwrap_or(now + SignedDuration::from_hours(1))
}
