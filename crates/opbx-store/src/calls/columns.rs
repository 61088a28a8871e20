//! A call as a row, read off its evidence, and back to what lists show.

use opbx_core::call_log::{CallLog, Leg, LegResult, PhoneKind, ViaKind};
use opbx_core::call_state::{CallDirection, CallStatus, Disposition};
use sea_orm::ActiveValue::Set;

use super::{KeptCall, KeptLeg};
use crate::entity::{call_legs, calls};
use crate::error::{Cause, Error};
use crate::millis::Millis;

/// What is kept of a text from outside, in characters.
const LONGEST: usize = 255;
/// What is kept of an address.
const LONGEST_ADDRESS: usize = 2_000;
/// What is kept of the digits of a number; the longest number has fifteen.
const LONGEST_DIGITS: usize = 32;

/// The columns that are read off the evidence: all but whose row it is and what somebody said of it here.
pub(super) fn of(log: &CallLog) -> calls::ActiveModel {
    let (extension, ring_group, number) = (log.extension(), log.ring_group(), log.phone_number());
    let last = log.state.last_received_at.unwrap_or_default();
    calls::ActiveModel {
        call_id: Set(cut(&log.call_id(), LONGEST)),
        direction: Set(log.direction().as_str().to_owned()),
        status: Set(log.status().as_str().to_owned()),
        disposition: Set(log.disposition().map(|disposition| disposition.as_str().to_owned())),
        live: Set(log.is_live()),
        from_number: Set(cut(log.from_number(), LONGEST)),
        to_number: Set(cut(log.to_number(), LONGEST)),
        caller_name: Set(log.caller_name().map(|name| cut(name, LONGEST))),
        phone_number_id: Set(number.map(|number| number.id.get().cast_signed())),
        phone_number: Set(number.map(|number| cut(&number.text, LONGEST))),
        extension_id: Set(extension.as_ref().map(|extension| extension.id.get().cast_signed())),
        extension_number: Set(extension.map(|extension| cut(&extension.text, LONGEST))),
        ring_group_id: Set(ring_group.as_ref().map(|group| group.id.get().cast_signed())),
        ring_group_name: Set(ring_group.map(|group| cut(&group.text, LONGEST))),
        initiated_at: Set(Millis::of(log.initiated_at().unwrap_or(last))),
        answered_at: Set(log.answered_at().map(Millis::of)),
        ended_at: Set(log.ended_at().map(Millis::of)),
        duration: Set(log.duration().map(i64::from)),
        billsec: Set(log.billsec().map(i64::from)),
        answered_by: Set(log.answered_by().map(|number| cut(&number, LONGEST))),
        cost: Set(log.cost()),
        recording_url: Set(log.recording_url().map(|url| cut(url, LONGEST_ADDRESS))),
        outside: Set(log.outside_digits().map(|digits| cut(&digits, LONGEST_DIGITS))),
        missed: Set(log.is_missed()),
        conversation: Set(log.is_conversation()),
        last_received_at: Set(Millis::of(last)),
        ..Default::default()
    }
}

/// The rows of who was rung.
pub(super) fn legs(organization: i64, call: i64, legs: &[Leg]) -> Vec<call_legs::ActiveModel> {
    let row = |(place, leg): (i32, &Leg)| call_legs::ActiveModel {
        organization_id: Set(organization),
        of_call: Set(call),
        place: Set(place),
        kind: Set(leg.phone.kind.as_str().to_owned()),
        extension_id: Set(leg.phone.extension.map(|id| id.get().cast_signed())),
        number: Set(cut(&leg.phone.number, LONGEST)),
        name: Set(leg.phone.name.as_deref().map(|name| cut(name, LONGEST))),
        via_kind: Set(leg.via.kind.as_str().to_owned()),
        ring_group_id: Set(leg.via.ring_group.map(|id| id.get().cast_signed())),
        via_name: Set(leg.via.name.as_deref().map(|name| cut(name, LONGEST))),
        started_at: Set(Millis::of(leg.started_at)),
        answered_at: Set(leg.answered_at.map(Millis::of)),
        ended_at: Set(leg.ended_at.map(Millis::of)),
        result: Set(leg.result.map(|result| result.as_str().to_owned())),
    };
    (0..).zip(legs).map(row).collect()
}

/// The texts that a call is looked for by.
pub(super) fn texts(log: &CallLog) -> impl Iterator<Item = String> {
    let all = [Some(log.from_number()), Some(log.to_number()), log.caller_name()];
    all.into_iter().flatten().map(|text| cut(text, LONGEST)).filter(|text| !text.is_empty())
}

/// A row as lists show it. Its legs are put to it by whoever reads them.
pub(super) fn call(row: calls::Model) -> Result<KeptCall, Error> {
    let instant = |millis: Option<Millis>| millis.map(Millis::instant).transpose();
    Ok(KeptCall {
        id: row.id.cast_unsigned(),
        call_id: row.call_id,
        direction: known(&row.direction, CallDirection::from_platform)?,
        from_number: row.from_number,
        to_number: row.to_number,
        caller_name: row.caller_name,
        phone_number_id: row.phone_number_id.map(i64::cast_unsigned),
        phone_number: row.phone_number,
        extension_id: row.extension_id.map(i64::cast_unsigned),
        extension_number: row.extension_number,
        ring_group_id: row.ring_group_id.map(i64::cast_unsigned),
        ring_group_name: row.ring_group_name,
        status: known(&row.status, CallStatus::parse)?,
        disposition: row.disposition.map(|word| known(&word, disposition)).transpose()?,
        initiated_at: row.initiated_at.instant()?,
        answered_at: instant(row.answered_at)?,
        ended_at: instant(row.ended_at)?,
        duration: row.duration.map(seconds).transpose()?,
        billsec: row.billsec.map(seconds).transpose()?,
        answered_by: row.answered_by,
        cost: row.cost,
        recording_url: row.recording_url,
        missed: row.missed,
        returned_at: instant(row.returned_at)?,
        last_received_at: row.last_received_at.instant()?,
        legs: Vec::new(),
    })
}

/// A row of who was rung.
pub(super) fn leg(row: call_legs::Model) -> Result<KeptLeg, Error> {
    let instant = |millis: Option<Millis>| millis.map(Millis::instant).transpose();
    Ok(KeptLeg {
        kind: known(&row.kind, PhoneKind::parse)?,
        extension_id: row.extension_id.map(i64::cast_unsigned),
        number: row.number,
        name: row.name,
        via: known(&row.via_kind, ViaKind::parse)?,
        ring_group_id: row.ring_group_id.map(i64::cast_unsigned),
        via_name: row.via_name,
        started_at: row.started_at.instant()?,
        answered_at: instant(row.answered_at)?,
        ended_at: instant(row.ended_at)?,
        result: row.result.map(|word| known(&word, LegResult::parse)).transpose()?,
    })
}

fn disposition(word: &str) -> Option<Disposition> {
    Disposition::ALL.into_iter().find(|disposition| disposition.as_str() == word)
}

fn known<T>(word: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
    parse(word).ok_or_else(|| Error::Corrupt(Cause::said(format!("{word:?} is no word of a call"))))
}

fn seconds(number: i64) -> Result<u32, Error> {
    u32::try_from(number).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// The beginning of a text: whatever strangers send fits its column. Blanks around it are dropped, since MySQL does not see
/// those at the end when it compares.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    let text = text.trim();
    let end = text.char_indices().nth(longest).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or_default().trim_end().to_owned()
}
