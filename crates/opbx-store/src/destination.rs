//! Where calls go, as rows: one for each step, found again by owner and place.

use std::borrow::Cow;
use std::collections::HashMap;

use opbx_core::destination::{Destination, ForwardTarget};
use opbx_core::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PromptId, RingGroupId, VoicemailBoxId,
};
use sea_orm::ActiveValue::Set;

use crate::entity::destinations::{ActiveModel, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::word;

/// One of an owner's places: `open`, `option:1`.
pub(crate) type Slot = Cow<'static, str>;

/// The rows of a destination at a place of its owner.
pub(crate) fn rows(
    organization: i64,
    owner: (ObjectKind, u64),
    slot: &Slot,
    destination: &Destination,
) -> Result<Vec<ActiveModel>, Error> {
    (0..).zip(destination.with_what_follows()).map(|(step, it)| row(organization, owner, slot, step, it)).collect()
}

fn row(
    organization: i64,
    (kind, id): (ObjectKind, u64),
    slot: &Slot,
    step: i32,
    destination: &Destination,
) -> Result<ActiveModel, Error> {
    let mut row = ActiveModel {
        organization_id: Set(organization),
        owner_kind: Set(kind.word().to_owned()),
        owner_id: Set(id.cast_signed()),
        slot: Set(slot.to_string()),
        step: Set(step),
        kind: Set(destination.kind_and_id().0.to_owned()),
        forward_to: Set(None),
        extension_id: Set(None),
        ring_group_id: Set(None),
        ivr_menu_id: Set(None),
        business_hours_id: Set(None),
        conference_room_id: Set(None),
        voicemail_box_id: Set(None),
        ai_assistant_id: Set(None),
        prompt_id: Set(None),
    };
    let column = |id: u64| Set(Some(id.cast_signed()));
    match destination {
        Destination::Extension { id } => row.extension_id = column(id.get()),
        Destination::RingGroup { id } => row.ring_group_id = column(id.get()),
        Destination::IvrMenu { id } => row.ivr_menu_id = column(id.get()),
        Destination::BusinessHours { id } => row.business_hours_id = column(id.get()),
        Destination::ConferenceRoom { id } => row.conference_room_id = column(id.get()),
        Destination::Voicemail { id } => row.voicemail_box_id = column(id.get()),
        Destination::AiAssistant { id } => row.ai_assistant_id = column(id.get()),
        Destination::Forward { to } => row.forward_to = Set(Some(word::write(to)?)),
        Destination::Announcement { prompt_id, .. } => row.prompt_id = column(prompt_id.get()),
        Destination::Hangup | Destination::Busy => {}
    }
    Ok(row)
}

/// All destinations of an organization, waiting for their owners.
#[derive(Default)]
pub(crate) struct Places(HashMap<(String, i64, String), Vec<Model>>);

impl Places {
    /// Sorts rows, which come in the order of their steps, to their places.
    pub(crate) fn of(rows: Vec<Model>) -> Self {
        let mut places: HashMap<_, Vec<Model>> = HashMap::new();
        for row in rows {
            let place = (row.owner_kind.clone(), row.owner_id, row.slot.clone());
            places.entry(place).or_default().push(row);
        }
        Self(places)
    }

    /// The destination at a place, if there is one.
    pub(crate) fn take(&mut self, owner: ObjectKind, id: i64, slot: &str) -> Result<Option<Destination>, Error> {
        let steps = self.0.remove(&(owner.word().to_owned(), id, slot.to_owned()));
        let mut found = None;
        // From the last step to the first, since the first holds the others.
        for row in steps.into_iter().flatten().rev() {
            found = Some(step(&row, found)?);
        }
        Ok(found)
    }

    /// The destination at a place that always has one.
    pub(crate) fn need(&mut self, owner: ObjectKind, id: i64, slot: &str) -> Result<Destination, Error> {
        let missing = || Error::Corrupt(Cause::said(format!("{} {id} has no destination {slot}", owner.word())));
        self.take(owner, id, slot)?.ok_or_else(missing)
    }
}

fn step(row: &Model, then: Option<Destination>) -> Result<Destination, Error> {
    let missing = || Error::Corrupt(Cause::said(format!("a destination of kind {} leads nowhere", row.kind)));
    let id = |column: Option<i64>| column.map(i64::cast_unsigned).ok_or_else(missing);
    Ok(match row.kind.as_str() {
        "extension" => Destination::Extension { id: ExtensionId::new(id(row.extension_id)?) },
        "ring_group" => Destination::RingGroup { id: RingGroupId::new(id(row.ring_group_id)?) },
        "ivr_menu" => Destination::IvrMenu { id: IvrMenuId::new(id(row.ivr_menu_id)?) },
        "business_hours" => Destination::BusinessHours { id: BusinessHoursId::new(id(row.business_hours_id)?) },
        "conference_room" => Destination::ConferenceRoom { id: ConferenceRoomId::new(id(row.conference_room_id)?) },
        "voicemail" => Destination::Voicemail { id: VoicemailBoxId::new(id(row.voicemail_box_id)?) },
        "ai_assistant" => Destination::AiAssistant { id: AiAssistantId::new(id(row.ai_assistant_id)?) },
        "forward" => {
            let to: ForwardTarget = word::read(row.forward_to.as_deref().ok_or_else(missing)?)?;
            Destination::Forward { to }
        }
        "announcement" => {
            Destination::Announcement { prompt_id: PromptId::new(id(row.prompt_id)?), then: then.map(Box::new) }
        }
        "hangup" => Destination::Hangup,
        "busy" => Destination::Busy,
        _ => return Err(missing()),
    })
}
