//! Outbound rules: which numbers may be dialled, by whom, over which trunk.

use crate::bounded::{NumberLength, StripLength};
use crate::id::{OutboundRuleId, PhoneNumberId};
use crate::number::NumberPrefix;
use crate::organization::Status;
use crate::region::CountryCode;
use crate::text::{DialPrefix, Name, TrunkName};
use serde::{Deserialize, Serialize};

/// What the called side sees.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum CallerIdPolicy {
    /// The number of the calling extension, else the organization's first.
    #[default]
    Extension,
    /// A number of the organization.
    Number {
        /// Which one.
        phone_number_id: PhoneNumberId,
    },
    /// Nothing.
    Anonymous,
}

/// Which extensions a rule serves, by their outbound permission.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionClasses {
    /// Those that may dial inside the country.
    pub national: bool,
    /// Those that may dial abroad.
    pub international: bool,
}

impl Default for PermissionClasses {
    fn default() -> Self {
        Self { national: true, international: true }
    }
}

/// An outbound rule. With countries and prefixes, both must hold; with neither, it matches every number, ranked last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutboundRule {
    /// Its identifier.
    pub id: OutboundRuleId,
    /// What people call it.
    pub name: Name,
    /// Its place among the rules; lower is asked earlier among equals.
    pub position: u32,
    /// The countries it serves; empty: all.
    pub countries: Vec<CountryCode>,
    /// The beginnings of numbers it serves; empty: all.
    pub prefixes: Vec<NumberPrefix>,
    /// The fewest digits a number may have (the `+` not counted).
    pub min_length: Option<NumberLength>,
    /// The most digits a number may have (the `+` not counted).
    pub max_length: Option<NumberLength>,
    /// How many characters are dropped from the left of `+…`, the `+` included.
    pub strip: StripLength,
    /// What is dialled before the rest.
    pub prepend: DialPrefix,
    /// The trunk it uses; `None`: the platform chooses.
    pub trunk: Option<TrunkName>,
    /// What the called side sees.
    pub caller_id: CallerIdPolicy,
    /// Whose calls it serves.
    pub permissions: PermissionClasses,
    /// Whether numbers that cost extra may use it.
    pub allow_premium: bool,
    /// Whether it takes part.
    pub status: Status,
}
