//! What several tests need.

pub(crate) mod dice;
pub(crate) mod follow;
pub(crate) mod numbering;
pub(crate) mod scene;
pub(crate) mod wild;
