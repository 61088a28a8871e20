//! Objects as a call meets them: what can be worked out once is worked out.

use crate::business_hours::Schedule;
use crate::destination::Destination;
use crate::id::{BusinessHoursId, ExtensionId};
use crate::ivr_menu::{IvrMenu, MenuOption};
use crate::organization::Status;
use crate::ring_group::RingGroup;
use crate::text::Name;

/// A ring group with its members in ringing order.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// The group as it was written.
    pub(crate) row: RingGroup,
    /// Members that exist and are people's phones, by priority, then by number.
    pub(crate) members: Vec<ExtensionId>,
    /// Members as written that cannot ring: they do not exist, are no person's phone, are there twice, or are beyond
    /// the most a group may have.
    pub(crate) left_out: Vec<ExtensionId>,
}

/// A menu and how its keys are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Menu {
    /// The menu as it was written.
    pub(crate) row: IvrMenu,
    /// After how many keys the input ends at once.
    pub(crate) num_digits: u32,
    /// Whether `#` ends the input; not when an option contains it.
    pub(crate) ends_with_hash: bool,
}

impl Menu {
    /// The option with exactly these keys.
    pub(crate) fn option(&self, keys: &str) -> Option<&MenuOption> {
        self.row.options.iter().find(|option| option.digits.as_str() == keys)
    }
}

/// A schedule that can be asked, and where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Hours {
    /// Its identifier.
    pub(crate) id: BusinessHoursId,
    /// What people call it.
    pub(crate) name: Name,
    /// Whether it takes part.
    pub(crate) status: Status,
    /// The calendar, with its zone.
    pub(crate) schedule: Schedule<Destination>,
    /// Names of the holiday lists it follows, as the calendar counts them.
    pub(crate) lists: Vec<Name>,
    /// Where calls go while it is open.
    pub(crate) open: Destination,
    /// Where calls go while it is closed.
    pub(crate) closed: Destination,
}
