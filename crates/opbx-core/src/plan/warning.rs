//! What `compile` had to put right.

use crate::trace::NodeKind;

/// A setting that could not be taken as it was written. The plan routes calls all the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanWarning {
    /// What kind of object.
    pub kind: NodeKind,
    /// Which one.
    pub id: u64,
    /// What people call it.
    pub name: String,
    /// What is wrong.
    pub problem: PlanProblem,
}

/// What is wrong with a setting, and what the plan does about it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlanProblem {
    /// No zone of that name; UTC (of a schedule: the organization's zone) is used.
    #[error("there is no time zone {0}; {1} is used")]
    UnknownZone(String, String),
    /// The number belongs to an earlier object already.
    #[error("its number {0} belongs to another already; the first keeps it")]
    DuplicateNumber(String),
    /// A member that does not exist or is not a person's phone is left out.
    #[error("member {0} is no person's extension; it is left out")]
    BadMember(u64),
    /// Members beyond the most a group may have are left out.
    #[error("it has {0} members; those beyond the fiftieth are left out")]
    TooManyMembers(usize),
    /// Options with the same keys: the first counts.
    #[error("its keys {0} are given twice; the first counts")]
    DuplicateOption(String),
    /// A holiday list that does not exist is passed over.
    #[error("holiday list {0} does not exist; it is passed over")]
    MissingHolidayList(u64),
}
