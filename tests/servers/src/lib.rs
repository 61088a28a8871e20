//! What tests start for themselves, and what ends with them: a [MariaDB](mariadb), a [way to it](silence) that can fall silent, and
//! the [clients of live updates](live_clients) that others wrote. For dev-dependencies only.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that has no server or no client ends here")]

pub mod live_clients;
pub mod mariadb;
pub mod silence;
