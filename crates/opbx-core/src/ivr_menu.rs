//! IVR menus: a prompt, and keys that lead somewhere.

use crate::bounded::{KeyTimeout, MaxTurns};
use crate::destination::Destination;
use crate::id::{ExtensionId, IvrMenuId};
use crate::keys::OptionKeys;
use crate::organization::Status;
use crate::prompt::MenuPrompt;
use crate::text::Name;
use serde::{Deserialize, Serialize};

/// One option of a menu.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuOption {
    /// What is pressed.
    pub digits: OptionKeys,
    /// What it is for, to people who read the menu.
    pub label: Option<Name>,
    /// Where it leads.
    pub destination: Destination,
}

/// A menu.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IvrMenu {
    /// Its identifier.
    pub id: IvrMenuId,
    /// What people call it.
    pub name: Name,
    /// Whether it takes part in routing.
    pub status: Status,
    /// What callers hear.
    pub prompt: MenuPrompt,
    /// 1 to 20 options, none the beginning of another.
    pub options: Vec<MenuOption>,
    /// How long it waits for the first key.
    pub max_timeout: KeyTimeout,
    /// How long it waits for each further key.
    pub inter_digit_timeout: KeyTimeout,
    /// How many wrong or missing keys it forgives.
    pub max_turns: MaxTurns,
    /// Whether callers may dial an extension here.
    pub direct_dial: bool,
    /// Extensions that may not be dialled here.
    pub direct_dial_exclude: Vec<ExtensionId>,
    /// Heard after a wrong key; `None`: a sentence in the organization's language.
    pub invalid_prompt: Option<MenuPrompt>,
    /// Heard after silence; `None`: nothing but the menu again.
    pub silence_prompt: Option<MenuPrompt>,
    /// Where the call goes when the turns are used up.
    pub failover: Destination,
}

impl IvrMenu {
    /// The most options a menu may have.
    pub const MAX_OPTIONS: usize = 20;

    /// An active menu with the defaults of the API for everything else.
    pub const fn new(id: IvrMenuId, name: Name, prompt: MenuPrompt, options: Vec<MenuOption>) -> Self {
        Self {
            id,
            name,
            status: Status::Active,
            prompt,
            options,
            max_timeout: KeyTimeout::literal::<5>(),
            inter_digit_timeout: KeyTimeout::literal::<3>(),
            max_turns: MaxTurns::literal::<3>(),
            direct_dial: false,
            direct_dial_exclude: Vec::new(),
            invalid_prompt: None,
            silence_prompt: None,
            failover: Destination::Hangup,
        }
    }
}
