//! Requests to addresses that strangers gave us.
//!
//! Somebody who can name an address makes this server ask there: in its own network, where nobody else could. So everything
//! that leaves for such an address goes through here. A name is looked up once, every address that it has must be public, and
//! the connection goes to what was looked at: a second answer of the name's server is never asked for. The same holds for
//! every redirect. What may be reached although it is not public is the operator's to say ([`FetchAllow`]).

mod allow;
mod client;
mod is_public;
mod platform;

pub use self::allow::FetchAllow;
pub(crate) use self::client::{Download, NotFetched, Outgoing, Verdict};
pub(crate) use self::platform::Recordings;
pub use self::platform::{NotAnInterface, PlatformApi};
