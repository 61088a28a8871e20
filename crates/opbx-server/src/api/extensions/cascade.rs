//! What comes and goes with an extension: its voicemail box, and its place in the lists of menus.

use super::super::references::{messages_in, none_of};
use crate::problem::Problem;
use opbx_core::extension::Extension;
use opbx_core::id::VoicemailBoxId;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::text::Name;
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Edit, ObjectKind, Stored};

/// The longest name of a box, in characters.
const LONGEST_NAME: usize = 255;

/// An extension that takes messages has a box: one that has none gets it, under its name.
pub(super) async fn provide_box(extension: &Extension, edit: &mut Edit) -> Result<(), Problem> {
    if !extension.voicemail_enabled || !edit.boxes_of(extension.id).await?.is_empty() {
        return Ok(());
    }
    let name = free_name(extension, edit).await?;
    let mailbox = VoicemailBox { extension_id: Some(extension.id), ..VoicemailBox::new(VoicemailBoxId::new(0), name) };
    edit.create(mailbox).await?;
    Ok(())
}

/// The extension's name; where a box has that, followed by its number, and then by a count.
async fn free_name(extension: &Extension, edit: &Edit) -> Result<Name, Problem> {
    let mut ending = String::new();
    for count in 1_u32.. {
        let room = LONGEST_NAME - ending.chars().count();
        let start: String = extension.name.as_str().chars().take(room).collect();
        let name = format!("{}{ending}", start.trim_end());
        if !edit.has_box_named(&name).await? {
            return name.parse().map_err(|_| Problem::Internal);
        }
        ending = if count == 1 { format!(" {}", extension.number) } else { format!(" {} ({count})", extension.number) };
    }
    Err(Problem::Internal)
}

/// What goes before an extension does: its boxes, and its place among those that menus do not dial directly. Nothing goes while
/// something else leads to the extension or to one of its boxes, or one of these holds a message; all of that is told at once.
pub(super) async fn clear_away(stored: &Stored<Extension>, edit: &mut Edit) -> Result<(), Problem> {
    let id = stored.object.id;
    // Its own forwards may lead to its box.
    edit.strip(stored).await?;
    let boxes = edit.boxes_of(id).await?;
    let mut leading = edit.references(ObjectKind::Extension, id.get()).await?;
    leading.retain(|(reference, _)| {
        let is_own = |mailbox: &Stored<VoicemailBox>| mailbox.object.id.get() == reference.id;
        reference.kind != ObjectKind::VoicemailBox || !boxes.iter().any(is_own)
    });
    let mut messages = Vec::new();
    for mailbox in &boxes {
        leading.extend(edit.references(ObjectKind::VoicemailBox, mailbox.object.id.get()).await?);
        messages.extend(messages_in(edit, mailbox.object.id).await?);
    }
    none_of(&leading, messages)?;
    for mailbox in boxes {
        edit.remove(&mailbox).await?;
    }
    for menu in edit.menus_excluding(id).await? {
        let mut rest = menu.object.direct_dial_exclude.clone();
        rest.retain(|excluded| *excluded != id);
        let without = IvrMenu { direct_dial_exclude: rest, ..menu.object.clone() };
        edit.update(&menu, without).await?;
    }
    Ok(())
}
