//! Extensions. One that is no person's phone simply leads somewhere: where, is a place like any other.

use opbx_core::caps::{CallCaps, Money};
use opbx_core::destination::Destination;
use opbx_core::extension::{Extension, ExtensionKind};
use opbx_core::id::{ExtensionId, PhoneNumberId, UserId};
use opbx_core::plan::PlanSource;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use super::write::{delete_parts, insert_rows};
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::extension_missed_mail as mail;
use crate::entity::extensions::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::word;

/// The place where an extension of another kind than `user` leads.
const LEADS_TO: &str = "leads_to";
/// The place that a feature code fills.
pub(crate) const FORWARD_ALWAYS: &str = "forward_always";
const FORWARD_BUSY: &str = "forward_busy";
const FORWARD_NO_ANSWER: &str = "forward_no_answer";
const FORWARD_UNREACHABLE: &str = "forward_unreachable";

/// The word for a kind of extension, as the API spells it.
const fn kind_word(kind: &ExtensionKind) -> &'static str {
    match kind {
        ExtensionKind::User { .. } => "user",
        ExtensionKind::Forward { .. } => "forward",
        ExtensionKind::RingGroup { .. } => "ring_group",
        ExtensionKind::Ivr { .. } => "ivr",
        ExtensionKind::Conference { .. } => "conference",
        ExtensionKind::BusinessHours { .. } => "business_hours",
        ExtensionKind::Voicemail { .. } => "voicemail",
        ExtensionKind::AiAssistant { .. } => "ai_assistant",
        ExtensionKind::Announcement { .. } => "announcement",
    }
}

impl Object for Extension {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::Extension;

    const FIELDS: &[(&str, Column)] = &[
        ("extension_number", Column::Number),
        ("name", Column::Name),
        ("type", Column::Kind),
        ("status", Column::Status),
        ("user_id", Column::UserId),
        ("voicemail_enabled", Column::VoicemailEnabled),
        ("ring_timeout", Column::RingTimeout),
        ("do_not_disturb", Column::DoNotDisturb),
        ("outbound_permission", Column::OutboundPermission),
        ("caller_id_phone_number_id", Column::CallerIdPhoneNumberId),
        ("recording", Column::Recording),
    ];

    const SEARCHED: &[Column] = &[Column::Number, Column::Name];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = ExtensionId::new(id);
    }

    fn key(&self) -> String {
        self.number.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.extensions
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        let sip_uri = match &self.kind {
            ExtensionKind::User { sip_uri } => sip_uri.as_ref(),
            _ => None,
        };
        Ok(ActiveModel {
            number: Set(word::write(&self.number)?),
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            kind: Set(kind_word(&self.kind).to_owned()),
            sip_uri: Set(word::write_some(sip_uri)?),
            voicemail_enabled: Set(self.voicemail_enabled),
            ring_timeout: Set(self.ring_timeout.map(word::write_number)),
            do_not_disturb: Set(self.do_not_disturb),
            outbound_permission: Set(word::write(&self.outbound_permission)?),
            user_id: Set(self.user.map(|id| id.get().cast_signed())),
            caller_id_phone_number_id: Set(self.caller_id.map(|id| id.get().cast_signed())),
            recording: Set(word::write_some(self.recording.as_ref())?),
            cap_concurrent: Set(self.caps.concurrent.map(i64::from)),
            cap_per_minute: Set(self.caps.per_minute.map(i64::from)),
            cap_per_day: Set(self.caps.per_day.map(i64::from)),
            cap_cost_per_day: Set(self.caps.cost_per_day.map(|cost| cost.millionths().cast_signed())),
            ..Default::default()
        })
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        [
            (FORWARD_ALWAYS, &self.forward_always),
            (FORWARD_BUSY, &self.forward_busy),
            (FORWARD_NO_ANSWER, &self.forward_no_answer),
            (FORWARD_UNREACHABLE, &self.forward_unreachable),
        ]
        .into_iter()
        .filter_map(|(slot, place)| Some((slot.into(), place.as_ref()?)))
        .collect()
    }

    fn made_place(&self) -> Option<(Slot, Destination)> {
        Some((LEADS_TO.into(), self.kind.target()?))
    }

    fn parts(&self, organization: i64) -> Result<Vec<InsertStatement>, Error> {
        let Some(email) = &self.missed_call_email else { return Ok(Vec::new()) };
        let row = mail::ActiveModel {
            organization_id: Set(organization),
            extension_id: Set(self.id.get().cast_signed()),
            email: Set(word::write(email)?),
        };
        Ok(insert_rows::<mail::Entity>(vec![row]))
    }

    fn without_parts(organization: i64, id: i64) -> Vec<DeleteStatement> {
        vec![delete_parts::<mail::Entity>(organization, id)]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let mail = gathered.extension_mail.remove(&row.id).unwrap_or_default().pop();
        let places = &mut gathered.places;
        let kind = match row.kind.as_str() {
            "user" => ExtensionKind::User { sip_uri: word::read_some(row.sip_uri.as_deref())? },
            word => {
                let kind = ExtensionKind::leading_to(places.need(Self::KIND, row.id, LEADS_TO)?);
                kind.filter(|kind| kind_word(kind) == word).ok_or_else(|| {
                    Error::Corrupt(Cause::said(format!("extension {} does not lead where it says", row.id)))
                })?
            }
        };
        let mut place = |slot| places.take(Self::KIND, row.id, slot);
        Ok(Self {
            id: ExtensionId::new(row.id.cast_unsigned()),
            number: word::read(&row.number)?,
            name: word::read(&row.name)?,
            status: word::read(&row.status)?,
            kind,
            voicemail_enabled: row.voicemail_enabled,
            ring_timeout: word::read_some_number(row.ring_timeout)?,
            do_not_disturb: row.do_not_disturb,
            forward_always: place(FORWARD_ALWAYS)?,
            forward_busy: place(FORWARD_BUSY)?,
            forward_no_answer: place(FORWARD_NO_ANSWER)?,
            forward_unreachable: place(FORWARD_UNREACHABLE)?,
            outbound_permission: word::read(&row.outbound_permission)?,
            caller_id: row.caller_id_phone_number_id.map(|id| PhoneNumberId::new(id.cast_unsigned())),
            recording: word::read_some(row.recording.as_deref())?,
            caps: caps([row.cap_concurrent, row.cap_per_minute, row.cap_per_day], row.cap_cost_per_day)?,
            missed_call_email: word::read_some(mail.as_ref().map(|row| row.email.as_str()))?,
            user: row.user_id.map(|id| UserId::new(id.cast_unsigned())),
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        match &mut self.kind {
            ExtensionKind::User { .. } | ExtensionKind::Forward { .. } => {}
            ExtensionKind::RingGroup { ring_group_id } => ids.ring_group(ring_group_id),
            ExtensionKind::Ivr { ivr_menu_id } => ids.ivr_menu(ivr_menu_id),
            ExtensionKind::Conference { conference_room_id } => ids.conference_room(conference_room_id),
            ExtensionKind::BusinessHours { business_hours_id } => ids.business_hours(business_hours_id),
            ExtensionKind::Voicemail { voicemail_box_id } => ids.voicemail_box(voicemail_box_id),
            ExtensionKind::AiAssistant { ai_assistant_id } => ids.ai_assistant(ai_assistant_id),
            ExtensionKind::Announcement { prompt_id } => ids.prompt(prompt_id),
        }
        self.caller_id.iter_mut().for_each(|id| ids.phone_number(id));
        [&mut self.forward_always, &mut self.forward_busy, &mut self.forward_no_answer, &mut self.forward_unreachable]
            .into_iter()
            .flatten()
            .for_each(|place| ids.destination(place));
    }

    fn keep_unsaid(&mut self, of: &Self) {
        self.user = self.user.or(of.user);
    }
}

/// Limits from their columns.
pub(crate) fn caps(
    [concurrent, per_minute, per_day]: [Option<i64>; 3],
    cost_per_day: Option<i64>,
) -> Result<CallCaps, Error> {
    let count =
        |column: Option<i64>| column.map(u32::try_from).transpose().map_err(|fault| Error::Corrupt(Cause::new(fault)));
    Ok(CallCaps {
        concurrent: count(concurrent)?,
        per_minute: count(per_minute)?,
        per_day: count(per_day)?,
        cost_per_day: cost_per_day.map(|cost| Money::from_millionths(cost.cast_unsigned())),
    })
}
