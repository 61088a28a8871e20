//! A menu as it is shown.

use super::super::answer::instant;
use super::super::destination::DestinationView;
use super::super::words::StatusWord;
use opbx_core::ivr_menu::{IvrMenu, MenuOption};
use opbx_core::prompt::MenuPrompt;
use opbx_store::Stored;
use serde::Serialize;
use utoipa::ToSchema;

/// A prompt, and keys that lead somewhere.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IvrMenu)]
pub(crate) struct IvrMenuView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What callers hear.
    prompt: PromptView,
    /// 1 to 20 options, none the beginning of another.
    #[schema(min_items = 1, max_items = 20)]
    options: Vec<OptionView>,
    /// How long it waits for the first key, in seconds.
    #[schema(minimum = 1, maximum = 30)]
    max_timeout: u32,
    /// How long it waits for each further key, in seconds.
    #[schema(minimum = 1, maximum = 30)]
    inter_digit_timeout: u32,
    /// How many wrong or missing keys it forgives.
    #[schema(minimum = 1, maximum = 9)]
    max_turns: u32,
    /// Whether callers may dial an extension here.
    direct_dial: bool,
    /// Extensions that may not be dialled here.
    direct_dial_exclude: Vec<u64>,
    /// Heard after a wrong key; null: a sentence in the organization's language.
    invalid_prompt: Option<PromptView>,
    /// Heard after silence; null: nothing but the menu again.
    silence_prompt: Option<PromptView>,
    /// Where the call goes when the turns are used up.
    failover: DestinationView,
    /// Whether it takes part in routing.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What a menu says: a text of its own, or a prompt of the library.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = MenuPrompt)]
enum PromptView {
    /// A prompt of the library.
    Library {
        /// Which one.
        prompt_id: u64,
    },
    /// A text.
    Text {
        /// What is said.
        #[schema(min_length = 1, max_length = 4000)]
        text: String,
        /// Who says it; null: the organization's voice.
        voice: Option<String>,
    },
}

/// What a key leads to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MenuOption)]
struct OptionView {
    /// What is pressed.
    #[schema(pattern = "^[0-9*#]{1,4}$", example = "1")]
    digits: String,
    /// What it is for, to people who read the menu.
    #[schema(min_length = 1, max_length = 255)]
    label: Option<String>,
    /// Where it leads.
    destination: DestinationView,
}

impl From<&MenuPrompt> for PromptView {
    fn from(prompt: &MenuPrompt) -> Self {
        match prompt {
            MenuPrompt::Library { prompt_id } => Self::Library { prompt_id: prompt_id.get() },
            MenuPrompt::Text { text, voice } => {
                Self::Text { text: text.to_string(), voice: voice.as_ref().map(ToString::to_string) }
            }
        }
    }
}

impl From<&MenuOption> for OptionView {
    fn from(option: &MenuOption) -> Self {
        Self {
            digits: option.digits.to_string(),
            label: option.label.as_ref().map(ToString::to_string),
            destination: (&option.destination).into(),
        }
    }
}

impl IvrMenuView {
    pub(super) fn of(stored: &Stored<IvrMenu>) -> Self {
        let menu = &stored.object;
        Self {
            id: menu.id.get(),
            name: menu.name.to_string(),
            prompt: (&menu.prompt).into(),
            options: menu.options.iter().map(Into::into).collect(),
            max_timeout: menu.max_timeout.get(),
            inter_digit_timeout: menu.inter_digit_timeout.get(),
            max_turns: menu.max_turns.get(),
            direct_dial: menu.direct_dial,
            direct_dial_exclude: menu.direct_dial_exclude.iter().map(|id| id.get()).collect(),
            invalid_prompt: menu.invalid_prompt.as_ref().map(Into::into),
            silence_prompt: menu.silence_prompt.as_ref().map(Into::into),
            failover: (&menu.failover).into(),
            status: menu.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }
}
