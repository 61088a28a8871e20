//! Typed CXML documents: write them, and read them back.

#[macro_use]
mod value;
mod response;
mod verb;
mod write;

pub use response::Response;
pub use value::*;
pub use verb::*;
