//! The only place that reads the time, and where the rules of time zones come from.

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Where the instant of a request comes from. Tests bring their own and move it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn of_the_machine() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else takes its instants from")]
        Self::new(Timestamp::now)
    }

    /// Any other clock.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The instant it shows. Read once for each request; what belongs together happens at one instant.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Whether a text is the IANA name of a zone, in its own spelling.
///
/// By the copy in this program, so that the answer depends on no machine. Calls are decided by [`zones`].
pub(crate) fn is_zone(name: &str) -> bool {
    static NAMES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    let zone = NAMES.get_or_init(TimeZoneDatabase::bundled).get(name);
    zone.is_ok_and(|zone| zone.iana_name() == Some(name))
}

/// The rules of time zones: the system's, which its updates keep current, else the copy in this program.
pub fn zones() -> TimeZoneDatabase {
    let system = TimeZoneDatabase::from_env();
    // A system without zone files answers an empty database rather than an error.
    if system.get("Europe/London").is_ok() { system } else { TimeZoneDatabase::bundled() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_the_name_that_iana_gives_it() {
        for name in
            ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Asia/Calcutta", "Etc/GMT+5", "US/Eastern"]
        {
            assert!(is_zone(name), "{name}");
        }
        for name in ["", "america/new_york", "Mars/Olympus", "EST5EDT4", "GMT+25", "+01:00", "Etc/Unknown", "Local"] {
            assert!(!is_zone(name), "{name}");
        }
    }
}
