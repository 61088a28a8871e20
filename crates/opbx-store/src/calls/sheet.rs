//! The evidence about a call as the text that is kept of it. Only this version's code and later ones read it, so a field
//! that is new must have a default.

use std::collections::BTreeMap;

use jiff::Timestamp;
use opbx_core::call::DialResult;
use opbx_core::call_log::{
    CallLog, Dial, DialEnd, DialKey, DialStart, Erased, Named, Parties, PhoneKind, RecordKept, RungPhone, Said, Told,
    Via, ViaKind,
};
use opbx_core::call_state::{
    CallDirection, CallRecord, CallState, CallStatus, Disposition, End, Progress, SessionTimes,
};
use opbx_core::id::{ExtensionId, PhoneNumberId, RingGroupId};
use serde::{Deserialize, Serialize};

use crate::error::{Cause, Error};
use crate::millis::Millis;

pub(super) type Text = Box<str>;
/// Something that was said, and when.
type Dated<T> = Option<(i64, T)>;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Sheet {
    state: StateSheet,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reached: Vec<(String, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_number: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sip_id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Dated<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Dated<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_name: Dated<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Dated<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Dated<(u64, Text)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Dated<(u64, Text)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordSheet>,
    routed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dials: Vec<DialSheet>,
    /// What was erased of it: who called, whom they dialled, what was said word by word.
    #[serde(skip_serializing_if = "is_nothing")]
    erased: [bool; 3],
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct StateSheet {
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Dated<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct RecordSheet {
    at: i64,
    received: i64,
    disposition: String,
    session: Option<[Option<i64>; 3]>,
    duration: Option<u32>,
    billsec: Option<u32>,
    from: Option<Text>,
    to: Option<Text>,
    caller_name: Option<Text>,
    direction: Option<String>,
    cost: Option<i64>,
    recording: Option<Text>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DialSheet {
    key: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<StartSheet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<EndSheet>,
}

#[derive(Serialize, Deserialize)]
struct StartSheet {
    at: i64,
    via: String,
    ring_group: Option<u64>,
    name: Option<Text>,
    phones: Vec<PhoneSheet>,
}

#[derive(Serialize, Deserialize)]
struct PhoneSheet {
    kind: String,
    extension: Option<u64>,
    number: Text,
    name: Option<Text>,
}

#[derive(Serialize, Deserialize)]
struct EndSheet {
    at: i64,
    result: String,
    talked: Option<u32>,
    taken_by: Option<Text>,
}

/// The text of evidence, without the record's payload, which is kept beside it.
pub(super) fn write(log: &CallLog) -> Result<String, Error> {
    let CallLog { state, reached, session, session_number, sip_id, told, record, routed, dials, erased } = log;
    let Told { from, to, caller_name, direction, phone_number, caller } = told;
    let sheet = Sheet {
        state: StateSheet::of(state),
        reached: reached.iter().map(|(progress, at)| (live(*progress), millis(*at))).collect(),
        session: session.clone(),
        session_number: *session_number,
        sip_id: sip_id.clone(),
        from: dated(from, Clone::clone),
        to: dated(to, Clone::clone),
        caller_name: dated(caller_name, Clone::clone),
        direction: dated(direction, |direction| direction.as_str().to_owned()),
        phone_number: dated(phone_number, |named| (named.id.get(), named.text.clone())),
        caller: dated(caller, |named| (named.id.get(), named.text.clone())),
        record: record.as_ref().map(RecordSheet::of),
        routed: *routed,
        dials: dials.iter().map(DialSheet::of).collect(),
        erased: [erased.from, erased.to, erased.words],
    };
    serde_json::to_string(&sheet).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// The evidence of a text and of the payload beside it.
pub(super) fn read(text: &str, payload: Option<String>) -> Result<CallLog, Error> {
    let sheet: Sheet = serde_json::from_str(text).map_err(|fault| Error::Corrupt(Cause::new(fault)))?;
    let record = sheet.record.map(|record| record.kept(payload.unwrap_or_default().into())).transpose()?;
    let mut reached = BTreeMap::new();
    for (word, at) in sheet.reached {
        reached.insert(progress(&word)?, instant(at)?);
    }
    let mut dials = BTreeMap::new();
    for dial in sheet.dials {
        let (key, dial) = dial.dial()?;
        dials.insert(key, dial);
    }
    let told = Told {
        from: said(sheet.from, Ok)?,
        to: said(sheet.to, Ok)?,
        caller_name: said(sheet.caller_name, Ok)?,
        direction: said(sheet.direction, |word| direction(&word))?,
        phone_number: said(sheet.phone_number, |(id, text)| Ok(Named { id: PhoneNumberId::new(id), text }))?,
        caller: said(sheet.caller, |(id, text)| Ok(Named { id: ExtensionId::new(id), text }))?,
    };
    let [from, to, words] = sheet.erased;
    Ok(CallLog {
        erased: Erased { from, to, words },
        state: sheet.state.state(record.as_ref())?,
        reached,
        session: sheet.session,
        session_number: sheet.session_number,
        sip_id: sheet.sip_id,
        told,
        record,
        routed: sheet.routed,
        dials,
    })
}

impl StateSheet {
    fn of(state: &CallState) -> Self {
        // The record is kept with all that it says.
        let CallState {
            progress,
            end,
            event_started_at,
            event_answered_at,
            event_ended_at,
            record: _,
            first_received_at,
            last_received_at,
        } = state;
        Self {
            progress: progress.map(live),
            end: end.map(|end| (millis(end.at), CallStatus::Ended(end.ending).as_str().to_owned())),
            started: event_started_at.map(millis),
            answered: event_answered_at.map(millis),
            ended: event_ended_at.map(millis),
            first: first_received_at.map(millis),
            last: last_received_at.map(millis),
        }
    }

    fn state(self, record: Option<&RecordKept>) -> Result<CallState, Error> {
        let end = self.end.map(|(at, word)| match CallStatus::parse(&word) {
            Some(CallStatus::Ended(ending)) => Ok(End { at: instant(at)?, ending }),
            _ => Err(strange(&word)),
        });
        Ok(CallState {
            progress: self.progress.map(|word| progress(&word)).transpose()?,
            end: end.transpose()?,
            event_started_at: self.started.map(instant).transpose()?,
            event_answered_at: self.answered.map(instant).transpose()?,
            event_ended_at: self.ended.map(instant).transpose()?,
            record: record.map(|kept| (kept.record, kept.received_at)),
            first_received_at: self.first.map(instant).transpose()?,
            last_received_at: self.last.map(instant).transpose()?,
        })
    }
}

impl RecordSheet {
    fn of(kept: &RecordKept) -> Self {
        // The payload has a column of its own.
        let RecordKept { timestamp, received_at, record, parties, cost, recording_url, payload: _ } = kept;
        let CallRecord { timestamp: _, disposition, session, duration, billsec } = record;
        let times =
            |times: &SessionTimes| [times.started_at, times.answered_at, times.ended_at].map(|at| at.map(millis));
        Self {
            at: millis(*timestamp),
            received: millis(*received_at),
            disposition: disposition.as_str().to_owned(),
            session: session.as_ref().map(times),
            duration: *duration,
            billsec: *billsec,
            from: parties.from.clone(),
            to: parties.to.clone(),
            caller_name: parties.caller_name.clone(),
            direction: parties.direction.map(|direction| direction.as_str().to_owned()),
            cost: *cost,
            recording: recording_url.clone(),
        }
    }

    fn kept(self, payload: Text) -> Result<RecordKept, Error> {
        let session = self.session.map(|[started_at, answered_at, ended_at]| {
            Ok::<_, Error>(SessionTimes {
                started_at: started_at.map(instant).transpose()?,
                answered_at: answered_at.map(instant).transpose()?,
                ended_at: ended_at.map(instant).transpose()?,
            })
        });
        let timestamp = instant(self.at)?;
        let known = Disposition::ALL.into_iter().find(|disposition| disposition.as_str() == self.disposition);
        let record = CallRecord {
            timestamp,
            disposition: known.ok_or_else(|| strange(&self.disposition))?,
            session: session.transpose()?,
            duration: self.duration,
            billsec: self.billsec,
        };
        let parties = Parties {
            from: self.from,
            to: self.to,
            caller_name: self.caller_name,
            direction: self.direction.map(|word| direction(&word)).transpose()?,
        };
        let received_at = instant(self.received)?;
        Ok(RecordKept {
            timestamp,
            received_at,
            record,
            parties,
            cost: self.cost,
            recording_url: self.recording,
            payload,
        })
    }
}

impl DialSheet {
    pub(super) fn of((DialKey(key), Dial { start, end }): (&DialKey, &Dial)) -> Self {
        let phone = |RungPhone { kind, extension, number, name }: &RungPhone| PhoneSheet {
            kind: kind.as_str().to_owned(),
            extension: extension.map(ExtensionId::get),
            number: number.clone(),
            name: name.clone(),
        };
        let start = start.as_ref().map(|DialStart { at, via: Via { kind, ring_group, name }, phones }| StartSheet {
            at: millis(*at),
            via: kind.as_str().to_owned(),
            ring_group: ring_group.map(RingGroupId::get),
            name: name.clone(),
            phones: phones.iter().map(phone).collect(),
        });
        let end = end.as_ref().map(|DialEnd { at, result, talked, taken_by }| EndSheet {
            at: millis(*at),
            result: result.word().to_owned(),
            talked: *talked,
            taken_by: taken_by.clone(),
        });
        Self { key: key.clone(), start, end }
    }

    pub(super) fn dial(self) -> Result<(DialKey, Dial), Error> {
        let phone = |phone: PhoneSheet| {
            let kind = PhoneKind::parse(&phone.kind).ok_or_else(|| strange(&phone.kind))?;
            let extension = phone.extension.map(ExtensionId::new);
            Ok::<_, Error>(RungPhone { kind, extension, number: phone.number, name: phone.name })
        };
        let start = self.start.map(|start| {
            let kind = ViaKind::parse(&start.via).ok_or_else(|| strange(&start.via))?;
            let via = Via { kind, ring_group: start.ring_group.map(RingGroupId::new), name: start.name };
            let phones = start.phones.into_iter().map(phone).collect::<Result<_, Error>>()?;
            Ok::<_, Error>(DialStart { at: instant(start.at)?, via, phones })
        });
        let end = self.end.map(|end| {
            let result = end.result.parse::<DialResult>().map_err(|fault| Error::Corrupt(Cause::new(fault)))?;
            Ok::<_, Error>(DialEnd { at: instant(end.at)?, result, talked: end.talked, taken_by: end.taken_by })
        });
        Ok((DialKey(self.key), Dial { start: start.transpose()?, end: end.transpose()? }))
    }
}

/// Whether nothing was erased.
fn is_nothing(erased: &[bool; 3]) -> bool {
    *erased == [false; 3]
}

pub(super) fn millis(instant: Timestamp) -> i64 {
    Millis::of(instant).number()
}

pub(super) fn instant(millis: i64) -> Result<Timestamp, Error> {
    Millis::stored(millis).instant()
}

fn live(progress: Progress) -> String {
    CallStatus::Live(progress).as_str().to_owned()
}

fn progress(word: &str) -> Result<Progress, Error> {
    match CallStatus::parse(word) {
        Some(CallStatus::Live(progress)) => Ok(progress),
        _ => Err(strange(word)),
    }
}

pub(super) fn direction(word: &str) -> Result<CallDirection, Error> {
    CallDirection::from_platform(word).ok_or_else(|| strange(word))
}

fn dated<T, U>(said: &Said<T>, write: impl FnOnce(&T) -> U) -> Dated<U> {
    said.as_ref().map(|(at, it)| (millis(*at), write(it)))
}

fn said<T, U>(dated: Dated<T>, read: impl FnOnce(T) -> Result<U, Error>) -> Result<Said<U>, Error> {
    dated.map(|(at, it)| Ok((instant(at)?, read(it)?))).transpose()
}

fn strange(word: &str) -> Error {
    Error::Corrupt(Cause::said(format!("{word:?} is no word of a call")))
}
