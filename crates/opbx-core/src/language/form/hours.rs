//! `hours Office`

use super::Printer;
use super::days::{date, is_date, print_dates, range, ranges};
use super::organization::zone;
use super::shared;
use crate::business_hours::{
    BusinessHours, DayHours, Exceptions, OpeningRange, OpeningRanges, Override, OverrideMode, ScheduleException,
    WeeklySchedule,
};
use crate::destination::Destination;
use crate::id::{BusinessHoursId, HolidayListId};
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{name, quoted, value};
use crate::language::{destination, instant};
use crate::organization::Status;
use crate::text::{Name, ZoneName};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use std::collections::HashSet;

const SETTINGS: &[&str] =
    &["zone", "inactive", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holidays", "open", "closed", "forced"];

const WEEK: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// What is read of a weekday: whether it is switched off, its ranges, and where it stands first.
type Day = Option<(bool, Vec<OpeningRange>, usize)>;

struct Reading {
    hours: BusinessHours,
    zone: TimeZone,
    days: [Day; 7],
    exceptions: Vec<ScheduleException<Destination>>,
    dates: HashSet<Date>,
    lists: HashSet<HolidayListId>,
    opens: bool,
    closes: bool,
}

/// Reads a schedule.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<BusinessHours> {
    let (week, hangup) = (WeeklySchedule::default(), Destination::Hangup);
    let id = BusinessHoursId::new(object.id);
    let mut reading = Reading {
        hours: BusinessHours::new(id, "?".parse().ok()?, week, hangup.clone(), hangup),
        // A zone may stand below a local time that it decides: it is looked for first.
        zone: zone_of(context, object).unwrap_or_else(|| context.zone.clone()),
        days: Default::default(),
        exceptions: Vec::new(),
        dates: HashSet::new(),
        lists: HashSet::new(),
        opens: false,
        closes: false,
    };
    let head = |cursor: &mut Cursor<'_>, reading: &mut Reading| {
        reading.hours.name = cursor.declared_name::<Name>("the name of the schedule")?;
        Ok(())
    };
    let whole = found.object(context, object, &mut reading, head, setting);
    let Reading { mut hours, days, exceptions, opens, closes, .. } = reading;
    for ((_, weekday), day) in WEEK.into_iter().zip(days) {
        let Some((off, ranges, offset)) = day else { continue };
        match OpeningRanges::new(ranges).and_then(|ranges| DayHours::new(!off, ranges)) {
            Ok(day) => hours.schedule.set_day(weekday, day),
            Err(error) => found.problem(offset, error.to_string()),
        }
    }
    match Exceptions::new(exceptions) {
        Ok(exceptions) => hours.exceptions = exceptions,
        Err(error) => found.problem(object.offset, error.to_string()),
    }
    for (there, word) in [(opens, "open"), (closes, "closed")] {
        if whole && !there {
            found.problem(
                object.offset,
                format!("hours `{}` lead nowhere when {word}: `{word} -> …` is missing", hours.name),
            );
        }
    }
    Some(hours)
}

/// The zone that the schedule names, if it names one that exists; otherwise reading tells.
fn zone_of(context: &Context<'_>, object: &Object) -> Option<TimeZone> {
    object.lines.clone().find_map(|place| {
        let mut cursor = Cursor::new(context, context.file.lines.get(place)?);
        while !cursor.at_end() {
            if cursor.eat("zone") {
                return context.zones.get(&cursor.value("a zone").ok()?).ok();
            }
            cursor.advance();
        }
        None
    })
}

fn setting(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Read<Slot> {
    let one = Slot::One;
    match cursor.word() {
        Some("zone") => {
            cursor.advance();
            let offset = cursor.offset();
            let name = cursor.parsed::<ZoneName>("a time zone like America/New_York")?;
            zone(cursor, offset, &name)?;
            reading.hours.timezone = Some(name);
            Ok(one("zone"))
        }
        Some("inactive") => Ok(shared::inactive(cursor, &mut reading.hours.status)),
        Some("holidays") => {
            cursor.advance();
            let offset = cursor.offset();
            let id = HolidayListId::new(cursor.reference(Kind::Holidays)?);
            let place = reading.hours.holiday_list_ids.len();
            if !reading.lists.insert(id) {
                return Err(Fault::at(offset, "this holiday list is followed already"));
            }
            reading.hours.holiday_list_ids.push(id);
            Ok(Slot::Many("holidays", u32::try_from(place).unwrap_or(u32::MAX)))
        }
        Some("open") => {
            cursor.advance();
            reading.hours.open = destination::arrow(cursor)?;
            reading.opens = true;
            Ok(one("open"))
        }
        Some("closed") => {
            cursor.advance();
            reading.hours.closed = destination::arrow(cursor)?;
            reading.closes = true;
            Ok(one("closed"))
        }
        Some("forced") => {
            reading.hours.over = forced(cursor, &reading.zone)?;
            Ok(one("forced"))
        }
        Some(word) if is_date(word) => {
            let exception = date(cursor, &mut reading.dates, |cursor| {
                if cursor.is_arrow() { destination::arrow(cursor).map(Some) } else { Ok(None) }
            })?;
            let place = reading.exceptions.len();
            reading.exceptions.push(exception);
            Ok(Slot::Many("date", u32::try_from(place).unwrap_or(u32::MAX)))
        }
        Some(word) if days(word).is_some() => week(cursor, &mut reading.days, word),
        _ => Err(cursor.expected_word("a weekday, a date or a setting of hours", SETTINGS)),
    }
}

/// `forced closed until 2026-03-01T14:00 "Fire drill"`
fn forced(cursor: &mut Cursor<'_>, zone: &TimeZone) -> Read<Override> {
    cursor.advance();
    let mode = if cursor.eat("open") {
        OverrideMode::Open
    } else if cursor.eat("closed") {
        OverrideMode::Closed
    } else {
        return Err(cursor.expected_word("`open` or `closed`", &["open", "closed"]));
    };
    let until = if cursor.eat("until") { Some(instant::read(cursor, zone)?) } else { None };
    let reason = if cursor.is_text() { Some(cursor.text("the reason")?.into_owned()) } else { None };
    Ok(Override { mode, until, reason })
}

/// The days of `fri` or `mon-fri`, by their places in the week.
fn days(word: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let place = |day: &str| WEEK.iter().position(|(name, _)| *name == day);
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (first, last) = (place(first)?, place(last)?);
    (first <= last).then_some(first..=last)
}

fn week(cursor: &mut Cursor<'_>, week: &mut [Day; 7], word: &str) -> Read<Slot> {
    let offset = cursor.offset();
    let named = days(word).unwrap_or(0..=0);
    cursor.advance();
    let off = cursor.eat("off");
    let mut ranges = Vec::new();
    while let Some(range) = range(cursor)? {
        ranges.push(range);
    }
    if ranges.is_empty() && !off {
        return Err(cursor.expected_word("opening times like 09:00-17:00, or `off`", &["off"]));
    }
    let first = *named.start();
    for place in named {
        let Some(day) = week.get_mut(place) else { continue };
        if day.as_ref().is_some_and(|(was_off, ..)| *was_off != off) {
            return Err(Fault::at(offset, "a weekday cannot be both off and open"));
        }
        let mut known = day.as_ref().map_or_else(Vec::new, |(_, known, _)| known.clone());
        known.extend_from_slice(&ranges);
        // Checked here, where the line is known that overlaps.
        let checked = OpeningRanges::new(known).map_err(|error| Fault::at(offset, error.to_string()))?;
        *day = Some((off, checked.into(), offset));
    }
    Ok(Slot::Many("day", u32::try_from(first).unwrap_or_default()))
}

/// Prints a schedule.
pub(crate) fn print<'k>(hours: &BusinessHours, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("hours {}", name(hours.name.as_str()));
    let mut block = Block::new(Kind::Hours, hours.id.get(), printer.kept, head);
    let one = Slot::One;
    block.head(hours.status == Status::Inactive, "inactive");
    let mut rules = printer.zone.clone();
    if let Some(zone) = &hours.timezone {
        block.head(true, format!("zone {}", value(zone.as_str())));
        rules = printer.zones.get(zone.as_str()).unwrap_or(TimeZone::UTC);
    }
    print_week(&mut block, &hours.schedule);
    print_dates(&mut block, hours.exceptions.as_slice(), |to| destination::print(to, &printer.names));
    for (place, list) in hours.holiday_list_ids.iter().enumerate() {
        let slot = Slot::Many("holidays", u32::try_from(place).unwrap_or(u32::MAX));
        block.line(slot, true, format!("holidays {}", printer.names.of(Kind::Holidays, list.get())));
    }
    block.line(one("open"), true, format!("open -> {}", destination::print(&hours.open, &printer.names)));
    block.line(one("closed"), true, format!("closed -> {}", destination::print(&hours.closed, &printer.names)));
    let Override { mode, until, reason } = &hours.over;
    let mode = match mode {
        OverrideMode::Auto => return block,
        OverrideMode::Open => "open",
        OverrideMode::Closed => "closed",
    };
    let until = until.map_or_else(String::new, |until| format!(" until {}", instant::print(until, &rules)));
    let reason = reason.as_ref().map_or_else(String::new, |reason| format!(" {}", quoted(reason)));
    block.line(one("forced"), true, format!("forced {mode}{until}{reason}"));
    block
}

/// Neighbours with the same hours share a line.
fn print_week(block: &mut Block<'_>, week: &WeeklySchedule) {
    let mut first = 0;
    while let Some((first_name, weekday)) = WEEK.get(first) {
        let hours = week.day(*weekday);
        let same = WEEK.iter().skip(first).take_while(|(_, other)| week.day(*other) == hours).count();
        let last = first + same;
        let days = match WEEK.get(last - 1) {
            Some((last_name, _)) if same > 1 => format!("{first_name}-{last_name}"),
            _ => (*first_name).to_owned(),
        };
        if hours.enabled() || !hours.ranges().is_empty() {
            let off = if hours.enabled() { "" } else { " off" };
            block.line(day_slot(first), true, format!("{days}{off}{}", ranges(hours.ranges())));
            if let Some(row) = block.rows.last_mut() {
                row.slots = (first..last).map(day_slot).collect();
            }
        }
        first = last;
    }
}

fn day_slot(place: usize) -> Slot {
    Slot::Many("day", u32::try_from(place).unwrap_or_default())
}
