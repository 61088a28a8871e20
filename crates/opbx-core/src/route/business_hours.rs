//! Business hours: open or closed, and why.

use super::{Go, Router};
use crate::business_hours::{ExceptionSource, HoursKind, MinuteOfDay, Opening, OpeningRule, OverrideMode};
use crate::id::BusinessHoursId;
use crate::notice::Reason;
use crate::plan::{Hours, RoutingPlan};
use crate::trace::{Because, Node, NodeKind, NotTaken, Param, Params};
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::sync::Arc;

impl<'p> Router<'p, '_> {
    pub(super) fn enter_hours(&mut self, id: BusinessHoursId) -> Go<'p> {
        let Some(hours) = self.plan.hours(id) else {
            return self.cannot_serve(Node::missing(NodeKind::BusinessHours, id.get()), Reason::Missing);
        };
        let opening = hours.schedule.open_at(self.now);
        let (reason, params) = explained(hours, &opening);
        let node = Node::hours(hours.id, &hours.name);
        let ended = override_ended(hours, self.now).map(|because| NotTaken { node: node.clone(), because });
        self.because_not(node, reason, params, ended.into_iter().collect());
        let destination =
            if opening.open { &hours.open } else { hours.schedule.destination_of(&opening).unwrap_or(&hours.closed) };
        Go::Enter(destination.into(), None)
    }
}

/// What a schedule answers at an instant.
#[derive(Clone, Debug)]
pub struct HoursAnswer<'p> {
    /// Whether it is open.
    pub open: bool,
    /// The rule that says so.
    pub because: Because<'p>,
    /// The first instant after that at which it turns; `None`: not in the 400 days that are looked at.
    pub next_change: Option<Timestamp>,
}

/// Asks a schedule of a plan as a call at that instant would; `None`: the plan has no such schedule.
pub fn ask_hours(plan: &RoutingPlan, id: BusinessHoursId, at: Timestamp) -> Option<HoursAnswer<'_>> {
    let hours = plan.hours(id)?;
    let opening = hours.schedule.open_at(at);
    let (reason, params) = explained(hours, &opening);
    let because = Because { reason, params };
    Some(HoursAnswer { open: opening.open, because, next_change: hours.schedule.next_change(at) })
}

/// The rule that made a schedule open or closed, as a reason.
pub(crate) fn explained<'p>(hours: &'p Hours, opening: &Opening) -> (Reason, Params<'p>) {
    let zone = hours.schedule.zone().iana_name().unwrap_or("UTC");
    let mut params: Params<'p> = vec![
        ("day", Param::Weekday(opening.local.weekday())),
        ("date", Param::Date(opening.local.date())),
        ("time", Param::Time(wall_clock(opening.local))),
        ("zone", Param::Text(zone)),
    ];
    let reason = match &opening.because {
        OpeningRule::Inactive => Reason::HoursInactive,
        OpeningRule::Override { mode, until, reason } => {
            say_until(&mut params, hours, *until, reason.as_ref());
            if *mode == OverrideMode::Open { Reason::ForcedOpen } else { Reason::ForcedClosed }
        }
        OpeningRule::Exception { date, name, source, range } => {
            let called = if name.is_empty() { Param::Date(*date) } else { Param::Shared(Arc::clone(name)) };
            params.push(("exception", called));
            params.push(("exception_date", Param::Date(*date)));
            let list = match source {
                ExceptionSource::Own => None,
                ExceptionSource::List(place) => hours.lists.get(*place),
            };
            params.push(("list", Param::Text(list.map_or("", |name| name.as_str()))));
            match range {
                Some(range) => {
                    params.push(("start", Param::Time(range.start())));
                    params.push(("end", Param::Time(range.end())));
                    Reason::OpenByException
                }
                None => {
                    let day = opening.closed_by.and_then(|place| hours.schedule.special_days().get(place));
                    match day.map(|day| &day.kind) {
                        Some(HoursKind::SpecialHours(_)) => Reason::OutsideSpecialHours,
                        _ => Reason::ClosedByException,
                    }
                }
            }
        }
        OpeningRule::Weekly { weekday, range } => {
            params.push(("range_day", Param::Weekday(*weekday)));
            params.push(("start", Param::Time(range.start())));
            params.push(("end", Param::Time(range.end())));
            Reason::OpenByWeek
        }
        OpeningRule::WeeklyClosed { enabled: true, .. } => Reason::OutsideOfRanges,
        OpeningRule::WeeklyClosed { enabled: false, .. } => Reason::DayNotOpen,
    };
    (reason, params)
}

/// A person's override that held earlier: people look for it when it has ended.
fn override_ended(hours: &Hours, now: Timestamp) -> Option<Because<'_>> {
    let (until, reason) = hours.schedule.override_ended(now)?;
    let mut params = Vec::new();
    say_until(&mut params, hours, Some(until), reason);
    Some(Because { reason: Reason::OverrideEnded, params })
}

/// Until when an override holds: the instant, and what the wall clock shows then.
fn say_until(params: &mut Params<'_>, hours: &Hours, until: Option<Timestamp>, reason: Option<&Arc<str>>) {
    if let Some(until) = until {
        let local = hours.schedule.zone().to_datetime(until);
        params.push(("until", Param::Instant(until)));
        params.push(("until_date", Param::Date(local.date())));
        params.push(("until_time", Param::Time(wall_clock(local))));
    }
    params.push(("note", reason.map_or(Param::Text(""), |reason| Param::Shared(Arc::clone(reason)))));
}

/// What the wall clock shows, to the minute.
fn wall_clock(local: DateTime) -> MinuteOfDay {
    let part = |value: i8| u8::try_from(value).unwrap_or(0);
    MinuteOfDay::new(part(local.hour()), part(local.minute())).unwrap_or(MinuteOfDay::MIDNIGHT)
}
