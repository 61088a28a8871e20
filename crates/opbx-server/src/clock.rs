//! The only place that reads the time, and where the rules of time zones come from.

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use std::fmt;
use std::sync::Arc;

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

/// The rules of time zones: the system's, which its updates keep current, else the copy in this program.
pub fn zones() -> TimeZoneDatabase {
    let system = TimeZoneDatabase::from_env();
    // A system without zone files answers an empty database rather than an error.
    if system.get("Europe/London").is_ok() { system } else { TimeZoneDatabase::bundled() }
}
