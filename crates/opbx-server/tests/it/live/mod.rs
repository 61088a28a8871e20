//! Live updates as clients meet them: over sockets to a server that listens.

mod authorization;
mod others;
mod serving;
mod sockets;
mod standing;

pub(crate) use self::serving::Socket;
