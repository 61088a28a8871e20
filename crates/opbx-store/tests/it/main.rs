//! The story of the store, told on SQLite and on a MariaDB that the test starts in a temporary directory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that does not go as told ends here")]

mod apply;
mod audio;
mod bench;
mod bulk;
mod calls;
mod calls_read;
mod changing;
mod credentials;
mod data_dir;
mod decisions;
mod effects;
mod erasure;
mod furnished;
mod inspection;
mod isolation;
mod jobs;
mod migration;
mod missed_mail;
mod moved_file;
mod plans;
mod platform;
mod recorded_audio;
mod recordings;
mod references;
mod retention;
mod revisions;
mod silence;
mod statistics;
mod swept;
mod threads;
mod turns;
