//! Prompts.

use opbx_core::id::PromptId;
use opbx_core::plan::PlanSource;
use opbx_core::prompt::{Prompt, PromptKind};
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::entity::prompts::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::word;

impl Object for Prompt {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::Prompt;

    const FIELDS: &[(&str, Column)] = &[
        ("name", Column::Name),
        ("kind", Column::Kind),
        ("text", Column::SpokenText),
        ("voice", Column::Voice),
        ("url", Column::Url),
    ];

    const SEARCHED: &[Column] = &[Column::Name, Column::SpokenText];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = PromptId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.prompts
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        let (kind, text, voice, url) = match &self.kind {
            PromptKind::Upload => ("upload", None, None, None),
            PromptKind::Text { text, voice } => ("text", Some(text), voice.as_ref(), None),
            PromptKind::Remote { url } => ("remote", None, None, Some(url)),
        };
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            kind: Set(kind.to_owned()),
            spoken_text: Set(word::write_some(text)?),
            voice: Set(word::write_some(voice)?),
            url: Set(word::write_some(url)?),
            ..Default::default()
        })
    }

    fn read(row: Model, _: &mut Gathered<'_>) -> Result<Self, Error> {
        let kind = match (row.kind.as_str(), &row.spoken_text, &row.url) {
            ("upload", _, _) => PromptKind::Upload,
            ("text", Some(text), _) => {
                PromptKind::Text { text: word::read(text)?, voice: word::read_some(row.voice.as_deref())? }
            }
            ("remote", _, Some(url)) => PromptKind::Remote { url: word::read(url)? },
            _ => return Err(Error::Corrupt(Cause::said(format!("prompt {} is of no kind", row.id)))),
        };
        Ok(Self {
            id: PromptId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            status: word::read(&row.status)?,
            kind,
        })
    }

    fn rewrite(&mut self, _: &Ids) {}
}
