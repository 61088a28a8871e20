//! Carrying out an effect on an organization's settings.

use crate::decision::Effect;
use crate::destination::Destination;
use crate::plan::PlanSource;

/// Changes the settings as an effect says. Effects on messages and greetings, which need somewhere to keep audio,
/// change no setting here. Answers whether anything changed.
pub fn apply(source: &mut PlanSource, effect: &Effect) -> bool {
    match effect {
        Effect::DoNotDisturb { extension, on } => {
            let row = source.extensions.iter_mut().find(|row| row.id == *extension);
            row.is_some_and(|row| std::mem::replace(&mut row.do_not_disturb, *on) != *on)
        }
        Effect::ForwardAlways { extension, to } => {
            let row = source.extensions.iter_mut().find(|row| row.id == *extension);
            let forward = to.clone().map(|to| Destination::Forward { to });
            row.is_some_and(|row| {
                let changes = row.forward_always != forward;
                row.forward_always = forward;
                changes
            })
        }
        Effect::SetPin { voicemail_box, pin } => {
            let row = source.voicemail_boxes.iter_mut().find(|row| row.id == *voicemail_box);
            row.is_some_and(|row| row.pin.replace(pin.clone()).as_ref() != Some(pin))
        }
        Effect::SaveMessage { .. }
        | Effect::MessageHeard { .. }
        | Effect::KeepMessage { .. }
        | Effect::DeleteMessage { .. }
        | Effect::SetGreeting { .. }
        | Effect::WrongPin { .. }
        | Effect::RightPin { .. } => false,
    }
}
