//! Servers that tests start for themselves, and that end with them: a [MariaDB](mariadb), and a [way to it](silence) that can fall
//! silent. For dev-dependencies only.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that has no server ends here")]

pub mod mariadb;
pub mod silence;
