//! A call as a row, read off its evidence, and back to what lists show.

use opbx_core::call_log::{CallLog, Leg, LegResult, PhoneKind, ViaKind};
use opbx_core::call_state::{CallDirection, CallStatus, Disposition};
use opbx_core::id::{ExtensionId, RingGroupId};
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
    let call = KeptCall::of(None, log);
    let id = |id: Option<u64>| id.map(u64::cast_signed);
    calls::ActiveModel {
        call_id: Set(call.call_id),
        direction: Set(call.direction.as_str().to_owned()),
        status: Set(call.status.as_str().to_owned()),
        disposition: Set(call.disposition.map(|disposition| disposition.as_str().to_owned())),
        live: Set(log.is_live()),
        from_number: Set(call.from_number),
        to_number: Set(call.to_number),
        caller_name: Set(call.caller_name),
        phone_number_id: Set(id(call.phone_number_id)),
        phone_number: Set(call.phone_number),
        extension_id: Set(id(call.extension_id)),
        extension_number: Set(call.extension_number),
        ring_group_id: Set(id(call.ring_group_id)),
        ring_group_name: Set(call.ring_group_name),
        initiated_at: Set(Millis::of(call.initiated_at)),
        answered_at: Set(call.answered_at.map(Millis::of)),
        ended_at: Set(call.ended_at.map(Millis::of)),
        duration: Set(call.duration.map(i64::from)),
        billsec: Set(call.billsec.map(i64::from)),
        answered_by: Set(call.answered_by),
        cost: Set(call.cost),
        recording_url: Set(call.recording_url),
        outside: Set(log.outside_digits().map(|digits| cut(&digits, LONGEST_DIGITS))),
        missed: Set(call.missed),
        conversation: Set(log.is_conversation()),
        last_received_at: Set(Millis::of(call.last_received_at)),
        ..Default::default()
    }
}

impl KeptCall {
    /// A call as lists will show it, read off what is known of it: for whoever cannot wait for the database. An extension, a
    /// group or a number that is gone still has its identifier here. Without an identifier of its own it has 0.
    #[must_use]
    pub fn of(id: Option<u64>, log: &CallLog) -> Self {
        let (extension, ring_group, number) = (log.extension(), log.ring_group(), log.phone_number());
        let last = log.state.last_received_at.unwrap_or_default();
        Self {
            id: id.unwrap_or_default(),
            call_id: cut(&log.call_id(), LONGEST),
            direction: log.direction(),
            from_number: cut(log.from_number(), LONGEST),
            to_number: cut(log.to_number(), LONGEST),
            caller_name: log.caller_name().map(|name| cut(name, LONGEST)),
            phone_number_id: number.map(|number| number.id.get()),
            phone_number: number.map(|number| cut(&number.text, LONGEST)),
            extension_id: extension.as_ref().map(|extension| extension.id.get()),
            extension_number: extension.map(|extension| cut(&extension.text, LONGEST)),
            ring_group_id: ring_group.as_ref().map(|group| group.id.get()),
            ring_group_name: ring_group.map(|group| cut(&group.text, LONGEST)),
            status: log.status(),
            disposition: log.disposition(),
            initiated_at: log.initiated_at().unwrap_or(last),
            answered_at: log.answered_at(),
            ended_at: log.ended_at(),
            duration: log.duration(),
            billsec: log.billsec(),
            answered_by: log.answered_by().map(|number| cut(&number, LONGEST)),
            cost: log.cost(),
            recording_url: log.recording_url().map(|url| cut(url, LONGEST_ADDRESS)),
            missed: log.is_missed(),
            returned_at: None,
            last_received_at: last,
            legs: log.legs().iter().map(KeptLeg::of).collect(),
        }
    }
}

impl KeptLeg {
    fn of(leg: &Leg) -> Self {
        Self {
            kind: leg.phone.kind,
            extension_id: leg.phone.extension.map(ExtensionId::get),
            number: cut(&leg.phone.number, LONGEST),
            name: leg.phone.name.as_deref().map(|name| cut(name, LONGEST)),
            via: leg.via.kind,
            ring_group_id: leg.via.ring_group.map(RingGroupId::get),
            via_name: leg.via.name.as_deref().map(|name| cut(name, LONGEST)),
            started_at: leg.started_at,
            answered_at: leg.answered_at,
            ended_at: leg.ended_at,
            result: leg.result,
        }
    }
}

/// The rows of who was rung.
pub(super) fn legs(organization: i64, call: i64, legs: &[Leg]) -> Vec<call_legs::ActiveModel> {
    let row = |(place, leg): (i32, KeptLeg)| call_legs::ActiveModel {
        organization_id: Set(organization),
        of_call: Set(call),
        place: Set(place),
        kind: Set(leg.kind.as_str().to_owned()),
        extension_id: Set(leg.extension_id.map(u64::cast_signed)),
        number: Set(leg.number),
        name: Set(leg.name),
        via_kind: Set(leg.via.as_str().to_owned()),
        ring_group_id: Set(leg.ring_group_id.map(u64::cast_signed)),
        via_name: Set(leg.via_name),
        started_at: Set(Millis::of(leg.started_at)),
        answered_at: Set(leg.answered_at.map(Millis::of)),
        ended_at: Set(leg.ended_at.map(Millis::of)),
        result: Set(leg.result.map(|result| result.as_str().to_owned())),
    };
    (0..).zip(legs.iter().map(KeptLeg::of)).map(row).collect()
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
