//! What is told about live updates.

use super::Meters;
use crate::live::Live;
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};

impl Meters {
    /// Takes over what the sockets have counted.
    pub(super) fn live(&self, live: &Live) {
        let figures = live.figures();
        with_local_recorder(&self.recorder, || {
            gauge!("opbx_live_sockets").set(figures.sockets as f64);
            gauge!("opbx_live_subscriptions").set(figures.subscriptions as f64);
            counter!("opbx_live_events_sent_total").absolute(figures.sent);
            for (reason, ended) in figures.ended {
                counter!("opbx_live_sockets_ended_total", "reason" => reason).absolute(ended);
            }
        });
    }
}

pub(super) fn describe() {
    describe_gauge!("opbx_live_sockets", "Sockets of live updates that are open.");
    describe_gauge!("opbx_live_subscriptions", "Subscriptions to channels of live updates.");
    describe_counter!("opbx_live_events_sent_total", "Events handed to sockets, once for each that listens.");
    describe_counter!(
        "opbx_live_sockets_ended_total",
        "Sockets that this server closed, by reason; slow: the client did not keep up."
    );
}
