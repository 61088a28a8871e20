//! Reads anything that may be delivered to a webhook, as every kind of report. It is read or refused, and never brings the reader down.

#![no_main]

use cloudonix::webhook::{CallRecord, ConferenceEvent, Payload, RecordingEvent, Report, SessionUpdate};
use libfuzzer_sys::fuzz_target;

fn read<R: Report>(payload: &Payload) {
    match payload.read::<R>() {
        Ok(reports) => {
            for (index, report) in reports.iter().enumerate() {
                assert!(report.delivery_key(Some("key"), index).is_some());
                assert!(report.passed_over().iter().all(|fault| !fault.field.is_empty()));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fuzz_target!(|body: &[u8]| {
    let Ok(payload) = Payload::from_json(body) else { return };
    read::<SessionUpdate>(&payload);
    read::<CallRecord>(&payload);
    read::<RecordingEvent>(&payload);
    read::<ConferenceEvent>(&payload);
});
