//! Prompts.

use opbx_core::id::PromptId;
use opbx_core::plan::PlanSource;
use opbx_core::prompt::{Prompt, PromptKind};
use opbx_core::sound::{AudioFile, ContentDigest, Sound};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use super::write::{delete_parts, insert_rows};
use crate::apply::Ids;
use crate::entity::prompt_files;
use crate::entity::prompts::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::word;

/// The words of the states of a file.
const READY: &str = "ready";
const UNREACHABLE: &str = "unreachable";

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

    fn beside(field: &str) -> Option<&'static str> {
        macro_rules! of_file {
            ($column:literal) => {
                concat!(
                    "(SELECT f.",
                    $column,
                    " FROM prompt_files f WHERE f.organization_id = prompts.organization_id AND f.prompt_id = prompts.id)"
                )
            };
        }
        match field {
            "state" => Some(of_file!("state")),
            "error" => Some(of_file!("error")),
            "media_type" => Some(of_file!("format")),
            "bytes" => Some(of_file!("bytes")),
            "duration" => Some(of_file!("milliseconds")),
            _ => None,
        }
    }

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

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
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
            sound: match gathered.prompt_files.remove(&row.id).unwrap_or_default().pop() {
                Some(file) => sound(file)?,
                None => Sound::Absent,
            },
        })
    }

    fn parts(&self, organization: i64) -> Result<Vec<InsertStatement>, Error> {
        let (state, error, file) = match &self.sound {
            Sound::Absent => return Ok(Vec::new()),
            Sound::Unreachable { error } => (UNREACHABLE, Some(error.to_string()), None),
            Sound::Held(file) => (READY, None, Some(file)),
        };
        let row = prompt_files::ActiveModel {
            organization_id: Set(organization),
            prompt_id: Set(self.id.get().cast_signed()),
            state: Set(state.to_owned()),
            error: Set(error),
            format: Set(word::write_some(file.map(|file| &file.format))?),
            bytes: Set(file.map(|file| file.bytes.cast_signed())),
            milliseconds: Set(file.and_then(|file| file.milliseconds).map(i64::from)),
            digest: Set(file.map(|file| file.digest.bytes().to_vec())),
            blob_key: Set(file.map(|file| file.key.to_string())),
        };
        Ok(insert_rows::<prompt_files::Entity>(vec![row]))
    }

    fn without_parts(organization: i64, id: i64) -> Vec<DeleteStatement> {
        vec![delete_parts::<prompt_files::Entity>(organization, id)]
    }

    fn rewrite(&mut self, _: &Ids) {}

    /// A file of the plan language names no sound: what is there stays, as long as it is the same prompt's.
    fn keep_unsaid(&mut self, of: &Self) {
        let same = match (&self.kind, &of.kind) {
            (PromptKind::Upload, PromptKind::Upload) => true,
            (PromptKind::Remote { url }, PromptKind::Remote { url: before }) => url == before,
            _ => false,
        };
        if same {
            self.sound = of.sound.clone();
        }
    }
}

fn sound(row: prompt_files::Model) -> Result<Sound, Error> {
    let torn = || Error::Corrupt(Cause::said(format!("the file of prompt {} is not all there", row.prompt_id)));
    match row.state.as_str() {
        UNREACHABLE => Ok(Sound::Unreachable { error: row.error.unwrap_or_default().into() }),
        READY => Ok(Sound::Held(AudioFile {
            format: word::read(&row.format.clone().ok_or_else(torn)?)?,
            bytes: row.bytes.ok_or_else(torn)?.cast_unsigned(),
            milliseconds: row
                .milliseconds
                .map(u32::try_from)
                .transpose()
                .map_err(|fault| Error::Corrupt(Cause::new(fault)))?,
            digest: ContentDigest::new(row.digest.clone().and_then(|bytes| bytes.try_into().ok()).ok_or_else(torn)?),
            key: row.blob_key.clone().ok_or_else(torn)?.into(),
        })),
        _ => Err(torn()),
    }
}
