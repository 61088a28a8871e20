#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! [`Response`] is the document; [`Verb`] lists what can be in it, and each verb is a struct with public fields and a
//! constructor for the parts it cannot do without. Values that are not any text or number have a type of their own
//! ([`Url`], [`SipAddress`], [`KeySet`], …), which refuses with [`Invalid`]. [`Response::read`] refuses with
//! [`ReadError`].

#[macro_use]
mod value;
mod read;
mod response;
mod verb;
mod write;

pub use read::{Limits, ReadError, ReadErrorKind};
pub use response::Response;
pub use value::*;
pub use verb::*;
