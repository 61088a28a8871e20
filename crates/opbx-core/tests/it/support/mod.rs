//! What several tests need.

pub(crate) mod conversation;
pub(crate) mod dice;
pub(crate) mod numbering;
pub(crate) mod plans;
