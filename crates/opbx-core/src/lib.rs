//! The pure core of OPBX.

pub mod emergency;
