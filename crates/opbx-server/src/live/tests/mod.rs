//! The hub and its sockets, over connections in memory and with a clock that stands still.

mod client;
mod events;
mod limits;
mod others;
mod presence;
mod protocol;

pub(super) use self::client::subscriber;
