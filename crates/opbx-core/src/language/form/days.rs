//! `holidays "US federal"`, and the dates that it shares with schedules.

use super::Printer;
use crate::business_hours::{
    Exceptions, HolidayList, HoursKind, NamedHolidayList, NoDestination, OpeningRange, OpeningRanges, ScheduleException,
};
use crate::id::HolidayListId;
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{name, quoted};
use crate::text::Name;
use jiff::civil::Date;
use std::collections::HashSet;

/// Reads a holiday list.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<NamedHolidayList> {
    let list =
        NamedHolidayList { id: HolidayListId::new(object.id), name: "?".parse().ok()?, list: HolidayList::default() };
    let mut reading = (list, Vec::new(), HashSet::new());
    found.object(
        context,
        object,
        &mut reading,
        |cursor, (list, ..)| {
            list.name = cursor.declared_name::<Name>("the name of the holiday list")?;
            Ok(())
        },
        |cursor, (_, days, dates)| {
            if !cursor.word().is_some_and(is_date) {
                return Err(cursor.expected("a date like 2026-12-24"));
            }
            let day: ScheduleException<NoDestination> = date(cursor, dates, |cursor| {
                if cursor.is_arrow() {
                    let message = "a day of a holiday list leads nowhere: the schedules that follow the list decide";
                    return Err(Fault::at(cursor.offset(), message));
                }
                Ok(None)
            })?;
            days.push(day);
            Ok(Slot::Many("date", u32::try_from(days.len() - 1).unwrap_or(u32::MAX)))
        },
    );
    let (mut list, days, _) = reading;
    match Exceptions::new(days) {
        Ok(days) => list.list.days = days,
        Err(error) => found.problem(object.offset, error.to_string()),
    }
    Some(list)
}

/// Prints a holiday list.
pub(crate) fn print<'k>(list: &NamedHolidayList, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("holidays {}", name(list.name.as_str()));
    let mut block = Block::new(Kind::Holidays, list.id.get(), printer.kept, head);
    print_dates(&mut block, list.list.days.as_slice(), |nowhere| match *nowhere {});
    block
}

pub(super) fn range(cursor: &mut Cursor<'_>) -> Read<Option<OpeningRange>> {
    let Some((start, end)) =
        cursor.word().and_then(|word| word.split_once('-')).filter(|(start, _)| start.contains(':'))
    else {
        return Ok(None);
    };
    let read = || OpeningRange::new(start.parse()?, end.parse()?);
    let range = read().map_err(|error| Fault::at(cursor.offset(), error.to_string()))?;
    cursor.advance();
    Ok(Some(range))
}

pub(super) fn is_date(word: &str) -> bool {
    let mut parts = word.splitn(3, '-').map(|part| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty());
    parts.next() == Some(true) && parts.next() == Some(true) && parts.next() == Some(true)
}

/// `2026-12-24 09:00-12:00 "Christmas Eve"`
pub(super) fn date<D>(
    cursor: &mut Cursor<'_>,
    dates: &mut HashSet<Date>,
    leads: impl FnOnce(&mut Cursor<'_>) -> Read<Option<D>>,
) -> Read<ScheduleException<D>> {
    let offset = cursor.offset();
    let date = cursor.word().filter(|word| word.len() == "2026-12-24".len()).and_then(|word| word.parse().ok());
    let date: Date = date.ok_or_else(|| cursor.expected("a date of the calendar like 2026-12-24"))?;
    cursor.advance();
    let kind = if cursor.eat("closed") {
        HoursKind::Closed
    } else {
        let mut ranges = Vec::new();
        while let Some(range) = range(cursor)? {
            ranges.push(range);
        }
        if ranges.is_empty() {
            return Err(cursor.expected_word("`closed` or opening times like 09:00-12:00", &["closed"]));
        }
        HoursKind::SpecialHours(OpeningRanges::new(ranges).map_err(|error| Fault::at(offset, error.to_string()))?)
    };
    let name = if cursor.is_text() { cursor.text("the name of the day")?.into_owned() } else { String::new() };
    let destination = leads(cursor)?;
    if !dates.insert(date) {
        return Err(Fault::at(offset, format!("{date} is listed twice")));
    }
    Ok(ScheduleException { date, name, kind, destination })
}

pub(super) fn ranges(ranges: &OpeningRanges) -> String {
    ranges.as_slice().iter().map(|range| format!(" {range}")).collect()
}

pub(super) fn print_dates<D>(block: &mut Block<'_>, days: &[ScheduleException<D>], leads: impl Fn(&D) -> String) {
    for (place, day) in days.iter().enumerate() {
        let hours = match &day.kind {
            HoursKind::Closed => " closed".to_owned(),
            HoursKind::SpecialHours(special) => ranges(special),
        };
        let name = if day.name.is_empty() { String::new() } else { format!(" {}", quoted(&day.name)) };
        let to = day.destination.as_ref().map_or_else(String::new, |to| format!(" -> {}", leads(to)));
        let slot = Slot::Many("date", u32::try_from(place).unwrap_or(u32::MAX));
        block.line(slot, true, format!("{}{hours}{name}{to}", day.date));
    }
}
