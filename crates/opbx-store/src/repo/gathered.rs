//! What was loaded for a plan and waits for the objects that it belongs to.

use std::collections::HashMap;

use opbx_core::id::OrganizationId;

use crate::destination::Places;
use crate::entity::{
    business_hours_days, business_hours_exception_ranges, business_hours_exceptions, business_hours_holiday_lists,
    business_hours_ranges, extension_missed_mail, holiday_list_days, holiday_list_ranges, ivr_menu_exclusions,
    ivr_menu_options, prompt_files, ring_group_members, ring_group_missed_mail,
};
use crate::error::Error;
use crate::seal::{Keyring, Purpose};

/// Seals and opens the secrets of one organization.
#[derive(Clone, Copy)]
pub(crate) struct Sealing<'k> {
    pub(crate) keys: &'k Keyring,
    pub(crate) organization: OrganizationId,
}

impl Sealing<'_> {
    pub(crate) fn seal(&self, purpose: Purpose, text: Option<&str>) -> Result<Option<Vec<u8>>, Error> {
        text.map(|text| self.keys.seal(purpose, self.organization, text)).transpose()
    }

    pub(crate) fn open(&self, purpose: Purpose, sealed: Option<&[u8]>) -> Result<Option<String>, Error> {
        sealed.map(|sealed| self.keys.open(purpose, self.organization, sealed)).transpose()
    }
}

/// The rows of a part, by their owner.
pub(crate) type ByOwner<M> = HashMap<i64, Vec<M>>;

/// Parts and places of all objects of an organization.
pub(crate) struct Gathered<'k> {
    pub(crate) sealing: Sealing<'k>,
    pub(crate) places: Places,
    pub(crate) extension_mail: ByOwner<extension_missed_mail::Model>,
    pub(crate) group_mail: ByOwner<ring_group_missed_mail::Model>,
    pub(crate) members: ByOwner<ring_group_members::Model>,
    pub(crate) weekdays: ByOwner<business_hours_days::Model>,
    pub(crate) ranges: ByOwner<business_hours_ranges::Model>,
    pub(crate) exceptions: ByOwner<business_hours_exceptions::Model>,
    pub(crate) exception_ranges: ByOwner<business_hours_exception_ranges::Model>,
    pub(crate) followed_lists: ByOwner<business_hours_holiday_lists::Model>,
    pub(crate) holidays: ByOwner<holiday_list_days::Model>,
    pub(crate) holiday_ranges: ByOwner<holiday_list_ranges::Model>,
    pub(crate) options: ByOwner<ivr_menu_options::Model>,
    pub(crate) exclusions: ByOwner<ivr_menu_exclusions::Model>,
    pub(crate) prompt_files: ByOwner<prompt_files::Model>,
}

impl<'k> Gathered<'k> {
    /// Nothing yet.
    pub(crate) fn nothing(sealing: Sealing<'k>) -> Self {
        Self {
            sealing,
            places: Places::default(),
            extension_mail: ByOwner::new(),
            group_mail: ByOwner::new(),
            members: ByOwner::new(),
            weekdays: ByOwner::new(),
            ranges: ByOwner::new(),
            exceptions: ByOwner::new(),
            exception_ranges: ByOwner::new(),
            followed_lists: ByOwner::new(),
            holidays: ByOwner::new(),
            holiday_ranges: ByOwner::new(),
            options: ByOwner::new(),
            exclusions: ByOwner::new(),
            prompt_files: ByOwner::new(),
        }
    }
}
