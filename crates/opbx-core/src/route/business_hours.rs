//! Business hours: open or closed, and why.

use super::{Go, Router};
use crate::business_hours::{ExceptionSource, MinuteOfDay, Opening, OpeningRule, OverrideMode};
use crate::id::BusinessHoursId;
use crate::notice::Reason;
use crate::plan::Hours;
use crate::trace::{Node, NodeKind, Param, Params};

impl<'p> Router<'p, '_> {
    pub(super) fn enter_hours(&mut self, id: BusinessHoursId) -> Go<'p> {
        let Some(hours) = self.plan.hours(id) else {
            return self.cannot_serve(Node::missing(NodeKind::BusinessHours, id.get()), Reason::Missing);
        };
        let opening = hours.schedule.open_at(self.now);
        let (reason, params) = explained(hours, &opening);
        self.because(Node::hours(hours.id, &hours.name), reason, params);
        let destination =
            if opening.open { &hours.open } else { hours.schedule.destination_of(&opening).unwrap_or(&hours.closed) };
        Go::Enter(destination.into(), None)
    }
}

/// The rule that made a schedule open or closed, as a reason.
pub(crate) fn explained<'p>(hours: &'p Hours, opening: &Opening) -> (Reason, Params<'p>) {
    let zone = hours.schedule.zone().iana_name().unwrap_or("UTC");
    let mut params: Params<'p> = vec![
        ("day", Param::Weekday(opening.local.weekday())),
        ("date", Param::Date(opening.local.date())),
        ("time", Param::Time(wall_clock(opening))),
        ("zone", Param::Text(zone)),
    ];
    let reason = match &opening.because {
        OpeningRule::Inactive => Reason::HoursInactive,
        OpeningRule::Override { mode, until, reason } => {
            if let Some(until) = until {
                params.push(("until", Param::Instant(*until)));
            }
            params.push(("note", reason.clone().map_or(Param::Text(""), Param::Shared)));
            if *mode == OverrideMode::Open { Reason::ForcedOpen } else { Reason::ForcedClosed }
        }
        OpeningRule::Exception { date, name, source, range } => {
            params.push(("exception", Param::Shared(name.clone())));
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
                None => Reason::ClosedByException,
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

/// What the wall clock showed, to the minute.
fn wall_clock(opening: &Opening) -> MinuteOfDay {
    let part = |value: i8| u8::try_from(value).unwrap_or(0);
    MinuteOfDay::new(part(opening.local.hour()), part(opening.local.minute())).unwrap_or(MinuteOfDay::MIDNIGHT)
}
