//! A menu from the fields of a body.

use super::super::form::Fields;
use crate::field_errors::FieldError;
use opbx_core::id::{ExtensionId, IvrMenuId, PromptId};
use opbx_core::ivr_menu::{IvrMenu, MenuOption};
use opbx_core::prompt::MenuPrompt;
use opbx_store::ObjectKind;

/// The most extensions that cannot be dialled in a menu.
const MOST_EXCLUDED: usize = 1_000;

pub(super) fn menu(fields: &Fields<'_>, before: Option<&IvrMenu>) -> Option<IvrMenu> {
    // Every field is read before the first one that is missing ends it, so that all mistakes are told.
    let (name, status) = (fields.spelled("name"), fields.word("status"));
    let (prompt, options) = (fields.nested("prompt").and_then(|prompt| spoken(&prompt)), options(fields));
    let (max_timeout, inter_digit_timeout) = (fields.number("max_timeout"), fields.number("inter_digit_timeout"));
    let (max_turns, direct_dial) = (fields.number("max_turns"), fields.flag("direct_dial"));
    let excluded = excluded(fields);
    let (invalid_prompt, silence_prompt) =
        (maybe_spoken(fields, "invalid_prompt"), maybe_spoken(fields, "silence_prompt"));
    let failover = fields.destination("failover");
    Some(IvrMenu {
        id: before.map_or(IvrMenuId::new(0), |before| before.id),
        name: name?,
        status: status?,
        prompt: prompt?,
        options: options?,
        max_timeout: max_timeout?,
        inter_digit_timeout: inter_digit_timeout?,
        max_turns: max_turns?,
        direct_dial: direct_dial?,
        direct_dial_exclude: excluded?,
        invalid_prompt: invalid_prompt?,
        silence_prompt: silence_prompt?,
        failover: failover?,
    })
}

fn maybe_spoken(fields: &Fields<'_>, name: &str) -> Option<Option<MenuPrompt>> {
    match fields.maybe_nested(name)? {
        None => Some(None),
        Some(prompt) => spoken(&prompt).map(Some),
    }
}

/// A text, or a prompt of the library.
fn spoken(prompt: &Fields<'_>) -> Option<MenuPrompt> {
    if prompt.says("prompt_id") {
        prompt.only(&["prompt_id"]);
        let prompt_id = prompt.reference("prompt_id", ObjectKind::Prompt, PromptId::new)?;
        return Some(MenuPrompt::Library { prompt_id });
    }
    prompt.only(&["text", "voice"]);
    let (text, voice) = (prompt.spelled("text"), prompt.maybe_spelled("voice"));
    Some(MenuPrompt::Text { text: text?, voice: voice? })
}

/// One to twenty options, none of which is the beginning of another: its keys would never be reached.
fn options(fields: &Fields<'_>) -> Option<Vec<MenuOption>> {
    let options = fields.list("options", IvrMenu::MAX_OPTIONS, |option| {
        option.only(&["digits", "label", "destination"]);
        let (digits, label) = (option.spelled("digits"), option.maybe_spelled("label"));
        let destination = option.destination("destination");
        Some(MenuOption { digits: digits?, label: label?, destination: destination? })
    })?;
    if options.is_empty() {
        return fields.wrong("options", FieldError::invalid("a list of 1 to 20 options"));
    }
    let keys: Vec<String> = options.iter().map(|option| option.digits.to_string()).collect();
    let mut is_right = true;
    for (place, one) in keys.iter().enumerate() {
        if let Some(other) = keys.iter().take(place).find(|other| one.starts_with(*other) || other.starts_with(one)) {
            let text =
                format!("These keys and those of another option, {other}, begin alike: one of them is never reached.");
            fields.wrong::<()>(&format!("options.{place}.digits"), FieldError::rule("ambiguous", text));
            is_right = false;
        }
    }
    is_right.then_some(options)
}

fn excluded(fields: &Fields<'_>) -> Option<Vec<ExtensionId>> {
    let name = "direct_dial_exclude";
    let excluded = fields.reference_list(name, MOST_EXCLUDED, ObjectKind::Extension, ExtensionId::new)?;
    let mut is_right = true;
    for (place, id) in excluded.iter().enumerate() {
        if excluded.iter().take(place).any(|other| other == id) {
            fields.wrong::<()>(&format!("{name}.{place}"), FieldError::twice());
            is_right = false;
        }
    }
    is_right.then_some(excluded)
}
