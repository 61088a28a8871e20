//! What an administrator writes about opening hours, before it is compiled.

use super::exception::{Exceptions, HolidayList, Override};
use super::week::WeeklySchedule;
use crate::destination::Destination;
use crate::id::{BusinessHoursId, HolidayListId};
use crate::organization::Status;
use crate::text::{Name, ZoneName};
use serde::{Deserialize, Serialize};

/// A schedule and where it leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BusinessHours {
    /// Its identifier.
    pub id: BusinessHoursId,
    /// What people call it.
    pub name: Name,
    /// The zone of its times; `None`: the organization's.
    pub timezone: Option<ZoneName>,
    /// The ordinary week.
    pub schedule: WeeklySchedule,
    /// Its own special days.
    pub exceptions: Exceptions<Destination>,
    /// Lists of days it follows; the first that has a date counts, after its own.
    pub holiday_list_ids: Vec<HolidayListId>,
    /// Where calls go while it is open.
    pub open: Destination,
    /// Where calls go while it is closed.
    pub closed: Destination,
    /// What a person set by hand.
    #[serde(rename = "override")]
    pub over: Override,
    /// Whether it takes part; an inactive schedule is closed.
    pub status: Status,
}

impl BusinessHours {
    /// An active schedule with the defaults of the API for everything else.
    pub fn new(
        id: BusinessHoursId,
        name: Name,
        schedule: WeeklySchedule,
        open: Destination,
        closed: Destination,
    ) -> Self {
        Self {
            id,
            name,
            timezone: None,
            schedule,
            exceptions: Exceptions::default(),
            holiday_list_ids: Vec::new(),
            open,
            closed,
            over: Override::default(),
            status: Status::Active,
        }
    }
}

/// A list of holidays with its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NamedHolidayList {
    /// Its identifier.
    pub id: HolidayListId,
    /// What people call it.
    pub name: Name,
    /// Its days.
    pub list: HolidayList,
}
