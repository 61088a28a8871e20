//! What several tests need.

pub(crate) mod conversation;
pub(crate) mod dice;
pub(crate) mod follow;
pub(crate) mod graph;
pub(crate) mod numbering;
pub(crate) mod plans;
pub(crate) mod rule_book;
pub(crate) mod scene;
pub(crate) mod wild;
