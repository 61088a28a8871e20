//! What several laws need.

pub(crate) mod dice;
pub(crate) mod plans;
