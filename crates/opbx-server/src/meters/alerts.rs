//! What is told about alerts.

use super::Meters;
use crate::alerts::{AlertKind, Alerts};
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};

impl Meters {
    /// Takes over what was raised.
    pub(super) fn alerts(&self, alerts: &Alerts) {
        with_local_recorder(&self.recorder, || {
            for kind in AlertKind::ALL {
                counter!("opbx_alerts_total", "kind" => kind.word()).absolute(alerts.raised(kind));
            }
            for kind in AlertKind::STANDING {
                gauge!("opbx_alerts_standing", "kind" => kind.word()).set(f64::from(u8::from(alerts.stands(kind))));
            }
        });
    }
}

pub(super) fn describe() {
    describe_counter!("opbx_alerts_total", "Alerts raised by this process, by kind.");
    describe_gauge!("opbx_alerts_standing", "1 while what an alert is raised for holds, by kind.");
}
