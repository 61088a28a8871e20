//! A step of a call as text, for whoever keeps it until it can be joined with its call.

use opbx_core::call_log::{CallKeys, Dial, DialKey, Named, Parties, RoutedStep};
use opbx_core::id::{ExtensionId, PhoneNumberId};
use serde::{Deserialize, Serialize};

use super::sheet::{DialSheet, Text, direction, instant, millis};
use crate::error::{Cause, Error};

/// A field that is new must have a default.
#[derive(Serialize, Deserialize)]
struct StepSheet {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session_number: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sip_ids: Vec<Text>,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller_name: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    direction: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone_number: Option<(u64, Text)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<(u64, Text)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<DialSheet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<DialSheet>,
}

/// A step as text.
///
/// # Errors
///
/// [`Error::Corrupt`]: it cannot be written as JSON, which is a defect of ours.
pub fn written_step(step: &RoutedStep) -> Result<String, Error> {
    let RoutedStep { keys, at, parties, phone_number, caller, ended, started } = step;
    let CallKeys { session, session_number, sip_ids } = keys;
    let dial = |key: &DialKey, dial: Dial| DialSheet::of((key, &dial));
    let sheet = StepSheet {
        session: session.clone(),
        session_number: *session_number,
        sip_ids: sip_ids.clone(),
        at: millis(*at),
        from: parties.from.clone(),
        to: parties.to.clone(),
        caller_name: parties.caller_name.clone(),
        direction: parties.direction.map(|direction| direction.as_str().to_owned()),
        phone_number: phone_number.as_ref().map(|named| (named.id.get(), named.text.clone())),
        caller: caller.as_ref().map(|named| (named.id.get(), named.text.clone())),
        ended: ended.as_ref().map(|(key, end)| dial(key, Dial { start: None, end: Some(end.clone()) })),
        started: started.as_ref().map(|(key, start)| dial(key, Dial { start: Some(start.clone()), end: None })),
    };
    serde_json::to_string(&sheet).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// Reads [`written_step`] back. Instants have milliseconds then, as they have in a row.
///
/// # Errors
///
/// [`Error::Corrupt`]: it is no step.
pub fn read_step(text: &str) -> Result<RoutedStep, Error> {
    let sheet: StepSheet = serde_json::from_str(text).map_err(|fault| Error::Corrupt(Cause::new(fault)))?;
    let ended = sheet.ended.map(DialSheet::dial).transpose()?;
    let started = sheet.started.map(DialSheet::dial).transpose()?;
    Ok(RoutedStep {
        keys: CallKeys { session: sheet.session, session_number: sheet.session_number, sip_ids: sheet.sip_ids },
        at: instant(sheet.at)?,
        parties: Parties {
            from: sheet.from,
            to: sheet.to,
            caller_name: sheet.caller_name,
            direction: sheet.direction.map(|word| direction(&word)).transpose()?,
        },
        phone_number: sheet.phone_number.map(|(id, text)| Named { id: PhoneNumberId::new(id), text }),
        caller: sheet.caller.map(|(id, text)| Named { id: ExtensionId::new(id), text }),
        ended: ended.and_then(|(key, dial)| Some((key, dial.end?))),
        started: started.and_then(|(key, dial)| Some((key, dial.start?))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use opbx_core::call::DialResult;
    use opbx_core::call_log::{DialEnd, DialStart, PhoneKind, RungPhone, Via, ViaKind};
    use opbx_core::call_state::CallDirection;
    use opbx_core::id::RingGroupId;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millisecond(1_773_057_600_123 + second * 1_000).unwrap()
    }

    #[test]
    fn a_step_is_read_as_it_was_written() {
        let bare = RoutedStep {
            keys: CallKeys::of_session("5b1f"),
            at: at(0),
            parties: Parties::default(),
            phone_number: None,
            caller: None,
            ended: None,
            started: None,
        };
        let phone = |kind, extension: Option<u64>, name: Option<&str>| RungPhone {
            kind,
            extension: extension.map(ExtensionId::new),
            number: "1001".into(),
            name: name.map(Into::into),
        };
        let start = DialStart {
            at: at(1),
            via: Via { kind: ViaKind::RingGroup, ring_group: Some(RingGroupId::new(3)), name: Some("Sales".into()) },
            phones: vec![phone(PhoneKind::Extension, Some(7), Some("Ann")), phone(PhoneKind::Outside, None, None)],
        };
        let end = DialEnd { at: at(2), result: DialResult::Busy, talked: Some(9), taken_by: Some("1001".into()) };
        let full = RoutedStep {
            keys: CallKeys { session: Some("5b1f".into()), session_number: Some(4), sip_ids: vec!["a@1".into()] },
            parties: Parties {
                from: Some("+12125550123".into()),
                to: Some("1001".into()),
                caller_name: Some("Bob".into()),
                direction: Some(CallDirection::Inbound),
            },
            phone_number: Some(Named { id: PhoneNumberId::new(5), text: "+12125550100".into() }),
            caller: Some(Named { id: ExtensionId::new(6), text: "1002".into() }),
            ended: Some((DialKey("before".into()), end)),
            started: Some((DialKey("then".into()), start)),
            ..bare.clone()
        };
        for step in [bare, full] {
            assert_eq!(read_step(&written_step(&step).unwrap()).unwrap(), step);
        }
        assert!(matches!(read_step("{}"), Err(Error::Corrupt(_))));
    }
}
