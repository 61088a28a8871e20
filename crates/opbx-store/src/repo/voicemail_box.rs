//! Voicemail boxes.

use opbx_core::id::{ExtensionId, PromptId, VoicemailBoxId};
use opbx_core::plan::PlanSource;
use opbx_core::secret::Pin;
use opbx_core::voicemail_box::VoicemailBox;
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::entity::voicemail_boxes::{ActiveModel, Column, Entity, Model};
use crate::error::{Error, ObjectKind};
use crate::seal::Purpose;
use crate::word;

impl Object for VoicemailBox {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::VoicemailBox;

    const FIELDS: &[(&str, Column)] = &[
        ("name", Column::Name),
        ("extension_id", Column::ExtensionId),
        ("greeting_prompt_id", Column::GreetingPromptId),
        ("max_length", Column::MaxLength),
        ("max_messages", Column::MaxMessages),
        ("email", Column::Email),
        ("email_mode", Column::EmailMode),
        ("status", Column::Status),
    ];

    const SEARCHED: &[Column] = &[Column::Name, Column::Email];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = VoicemailBoxId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.voicemail_boxes
    }

    fn columns(&self, sealing: &Sealing<'_>) -> Result<ActiveModel, Error> {
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            extension_id: Set(self.extension_id.map(|id| id.get().cast_signed())),
            pin_sealed: Set(sealing.seal(Purpose::VoicemailPin, self.pin.as_ref().map(Pin::reveal))?),
            greeting_prompt_id: Set(self.greeting.map(|id| id.get().cast_signed())),
            max_length: Set(word::write_number(self.max_length)),
            max_messages: Set(word::write_number(self.max_messages)),
            email: Set(word::write_some(self.email.as_ref())?),
            email_mode: Set(word::write(&self.email_mode)?),
            ..Default::default()
        })
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let pin = gathered.sealing.open(Purpose::VoicemailPin, row.pin_sealed.as_deref())?;
        Ok(Self {
            id: VoicemailBoxId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            status: word::read(&row.status)?,
            extension_id: row.extension_id.map(|id| ExtensionId::new(id.cast_unsigned())),
            pin: word::read_some(pin.as_deref())?,
            greeting: row.greeting_prompt_id.map(|id| PromptId::new(id.cast_unsigned())),
            max_length: word::read_number(row.max_length)?,
            max_messages: word::read_number(row.max_messages)?,
            email: word::read_some(row.email.as_deref())?,
            email_mode: word::read(&row.email_mode)?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        self.extension_id.iter_mut().for_each(|id| ids.extension(id));
        self.greeting.iter_mut().for_each(|id| ids.prompt(id));
    }

    fn secrets(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![("pin", self.pin.as_ref().map(Pin::reveal))]
    }

    fn keep_unsaid(&mut self, of: &Self) {
        self.pin = self.pin.take().or_else(|| of.pin.clone());
    }
}
