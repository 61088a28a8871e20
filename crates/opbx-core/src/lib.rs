//! The pure core of OPBX.

pub mod business_hours;
pub mod call_state;
pub mod permission;
