//! What the platform reports, in the words of our own records.
//!
//! Times, keys and words are taken over; numbers are written as people know them. Nothing here refuses: what cannot be said
//! better is taken as it came.

use crate::numbering::PhoneNumbers;
use cloudonix::webhook as platform;
use cloudonix::webhook::{CallRecord, SessionUpdate};
use jiff::Timestamp;
use opbx_core::call_log::{CallKeys, Fact, FinalRecord, Parties, StateReport};
use opbx_core::call_state::{self, CallDirection, Disposition, PlatformStatus, Progress, SessionTimes, StatusEvent};

/// What a session update says of its call.
pub(crate) fn of_update(update: &SessionUpdate, received_at: Timestamp, numbers: &PhoneNumbers) -> Fact {
    let status = StatusEvent {
        status: status(update.status.meaning()),
        at: update.modified_at.unwrap_or(received_at),
        started_at: update.times.started_at,
        answered_at: update.times.answered_at,
        ended_at: update.times.ended_at,
    };
    let keys = CallKeys {
        session: update.token.as_deref().map(Into::into),
        session_number: update.id,
        sip_ids: update.call_ids.iter().map(|id| id.as_str().into()).collect(),
    };
    let (from, to) = (update.caller_id.as_deref(), update.destination.as_deref());
    let parties = parties(from, to, update.direction, numbers);
    Fact::Report(StateReport { keys, received_at, status, parties })
}

/// What the record of a call says; `payload` is the record word by word.
pub(crate) fn of_record(record: &CallRecord, payload: &str, received_at: Timestamp, numbers: &PhoneNumbers) -> Fact {
    let session = record.session.as_ref();
    let times = session.and_then(|session| session.times).map(|times| SessionTimes {
        started_at: times.started_at,
        answered_at: times.answered_at,
        ended_at: times.ended_at,
    });
    let keys = CallKeys {
        session: session.and_then(|session| session.token.as_deref()).map(Into::into),
        session_number: session.and_then(|session| session.id),
        sip_ids: record.call_id.as_deref().map(Into::into).into_iter().collect(),
    };
    let direction = session.and_then(|session| session.direction);
    Fact::Record(FinalRecord {
        keys,
        received_at,
        record: call_state::CallRecord {
            timestamp: record.timestamp,
            disposition: disposition(record.disposition),
            session: times,
            duration: record.duration,
            billsec: record.billsec,
        },
        parties: parties(record.from.as_deref(), record.to.as_deref(), direction, numbers),
        cost: record.cost().map(platform::Millionths::get),
        recording_url: record.recording_url.as_ref().map(|url| url.as_str().into()),
        payload: payload.into(),
    })
}

/// Who called whom. A caller's number comes from a carrier, as does what someone outside dialled; what someone inside dialled
/// is read as it is dialled in the country.
fn parties(
    from: Option<&str>,
    to: Option<&str>,
    direction: Option<platform::Direction>,
    numbers: &PhoneNumbers,
) -> Parties {
    let direction = direction.map(self::direction);
    let is_dialled_inside = direction.is_some_and(|direction| direction != CallDirection::Inbound);
    let dialled = |text| if is_dialled_inside { numbers.as_dialled(text) } else { numbers.as_sent(text) };
    Parties { from: from.map(|text| numbers.as_sent(text)), to: to.map(dialled), caller_name: None, direction }
}

const fn status(meaning: platform::Meaning) -> PlatformStatus {
    match meaning {
        platform::Meaning::Live(progress) => PlatformStatus::Live(match progress {
            platform::Progress::Initiated => Progress::Initiated,
            platform::Progress::Ringing => Progress::Ringing,
            platform::Progress::Answered => Progress::Answered,
        }),
        platform::Meaning::Ended(ended) => PlatformStatus::Ended(disposition(ended).ending()),
        platform::Meaning::Unknown => PlatformStatus::Unknown,
    }
}

const fn disposition(disposition: platform::Disposition) -> Disposition {
    match disposition {
        platform::Disposition::Answered => Disposition::Answered,
        platform::Disposition::Busy => Disposition::Busy,
        platform::Disposition::NoAnswer => Disposition::NoAnswer,
        platform::Disposition::Canceled => Disposition::Canceled,
        platform::Disposition::Failed => Disposition::Failed,
    }
}

const fn direction(direction: platform::Direction) -> CallDirection {
    match direction {
        platform::Direction::Inbound => CallDirection::Inbound,
        platform::Direction::Outbound => CallDirection::Outbound,
        platform::Direction::Internal => CallDirection::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloudonix::webhook::{Payload, SessionStatus};

    #[test]
    fn both_crates_read_the_same_words() {
        for status in SessionStatus::ALL {
            let (ours, theirs) = (PlatformStatus::parse(status.as_str()), super::status(status.meaning()));
            assert_eq!(ours, theirs, "{}", status.as_str());
        }
        for word in ["ANSWER", "CONNECTED", "answered", "BUSY", "CANCEL", "NOANSWER", "CONGESTION", "FAILED", "what"] {
            let (ours, theirs) = (Disposition::from_platform(word), disposition(platform::Disposition::parse(word)));
            assert_eq!(ours, theirs, "{word}");
        }
        for word in ["incoming", "outgoing", "internal", "application", "Inbound", "Outbound", "what"] {
            let ours = CallDirection::from_platform(word);
            assert_eq!(ours, platform::Direction::parse(word).map(direction), "{word}");
        }
    }

    #[test]
    fn numbers_are_written_as_people_know_them() {
        let numbers = PhoneNumbers::of("US".parse().unwrap());
        for (from, to, direction, expected) in [
            ("15550100123", "12125550100", "incoming", ("+15550100123", "+12125550100")),
            ("+14155550123", "+1 (212) 555-0100", "incoming", ("+14155550123", "+12125550100")),
            ("1004", "2125550100", "outgoing", ("1004", "+12125550100")),
            ("1004", "1002", "internal", ("1004", "1002")),
            ("1004", "*97", "internal", ("1004", "*97")),
            ("anonymous", "alice@acme.example", "incoming", ("anonymous", "alice@acme.example")),
        ] {
            let body = serde_json::json!({
                "token": "t", "status": "new", "callerId": from, "destination": to, "direction": direction,
            });
            let update = &Payload::from_json(body.to_string().as_bytes()).unwrap().read::<SessionUpdate>().unwrap()[0];
            let Fact::Report(report) = of_update(update, Timestamp::UNIX_EPOCH, &numbers) else { panic!("a report") };
            let said = (report.parties.from.as_deref().unwrap(), report.parties.to.as_deref().unwrap());
            assert_eq!(said, expected);
        }
    }
}
