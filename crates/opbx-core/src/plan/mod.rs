//! The plan: an organization's routing, compiled for looking up.

mod source;

pub use self::source::PlanSource;
