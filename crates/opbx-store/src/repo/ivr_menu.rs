//! Menus: their options, and the extensions that may not be dialled in them.

use opbx_core::destination::Destination;
use opbx_core::id::{ExtensionId, IvrMenuId, PromptId};
use opbx_core::ivr_menu::{IvrMenu, MenuOption};
use opbx_core::plan::PlanSource;
use opbx_core::prompt::MenuPrompt;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use super::write::{delete_parts, insert_rows};
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::ivr_menus::{ActiveModel, Column, Entity, Model};
use crate::entity::{ivr_menu_exclusions, ivr_menu_options};
use crate::error::{Cause, Error, ObjectKind};
use crate::word;

fn slot_of(digits: &str) -> String {
    format!("option:{digits}")
}

/// A prompt of a menu as its three columns: a prompt of the library, or a text and its voice.
type PromptColumns = (Option<i64>, Option<String>, Option<String>);

fn prompt_columns(prompt: Option<&MenuPrompt>) -> Result<PromptColumns, Error> {
    Ok(match prompt {
        None => (None, None, None),
        Some(MenuPrompt::Library { prompt_id }) => (Some(prompt_id.get().cast_signed()), None, None),
        Some(MenuPrompt::Text { text, voice }) => (None, Some(word::write(text)?), word::write_some(voice.as_ref())?),
    })
}

fn read_prompt((id, text, voice): PromptColumns) -> Result<Option<MenuPrompt>, Error> {
    Ok(match (id, text) {
        (Some(id), _) => Some(MenuPrompt::Library { prompt_id: PromptId::new(id.cast_unsigned()) }),
        (None, Some(text)) => {
            Some(MenuPrompt::Text { text: word::read(&text)?, voice: word::read_some(voice.as_deref())? })
        }
        (None, None) => None,
    })
}

impl Object for IvrMenu {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::IvrMenu;

    const FIELDS: &[(&str, Column)] = &[
        ("name", Column::Name),
        ("max_timeout", Column::MaxTimeout),
        ("inter_digit_timeout", Column::InterDigitTimeout),
        ("max_turns", Column::MaxTurns),
        ("direct_dial", Column::DirectDial),
        ("status", Column::Status),
    ];

    const SEARCHED: &[Column] = &[Column::Name];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = IvrMenuId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.ivr_menus
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        let (prompt_id, prompt_text, prompt_voice) = prompt_columns(Some(&self.prompt))?;
        let (invalid_id, invalid_text, invalid_voice) = prompt_columns(self.invalid_prompt.as_ref())?;
        let (silence_id, silence_text, silence_voice) = prompt_columns(self.silence_prompt.as_ref())?;
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            prompt_id: Set(prompt_id),
            prompt_text: Set(prompt_text),
            prompt_voice: Set(prompt_voice),
            invalid_prompt_id: Set(invalid_id),
            invalid_prompt_text: Set(invalid_text),
            invalid_prompt_voice: Set(invalid_voice),
            silence_prompt_id: Set(silence_id),
            silence_prompt_text: Set(silence_text),
            silence_prompt_voice: Set(silence_voice),
            max_timeout: Set(word::write_number(self.max_timeout)),
            inter_digit_timeout: Set(word::write_number(self.inter_digit_timeout)),
            max_turns: Set(word::write_number(self.max_turns)),
            direct_dial: Set(self.direct_dial),
            ..Default::default()
        })
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        let options = self.options.iter().map(|option| (slot_of(option.digits.as_str()).into(), &option.destination));
        options.chain([("failover".into(), &self.failover)]).collect()
    }

    fn parts(&self, organization: i64) -> Result<Vec<InsertStatement>, Error> {
        let id = self.id.get().cast_signed();
        let options = (0..).zip(&self.options).map(|(position, option)| {
            Ok(ivr_menu_options::ActiveModel {
                organization_id: Set(organization),
                ivr_menu_id: Set(id),
                digits: Set(word::write(&option.digits)?),
                position: Set(position),
                label: Set(word::write_some(option.label.as_ref())?),
            })
        });
        let exclusions =
            (0..).zip(&self.direct_dial_exclude).map(|(position, extension)| ivr_menu_exclusions::ActiveModel {
                organization_id: Set(organization),
                ivr_menu_id: Set(id),
                position: Set(position),
                extension_id: Set(extension.get().cast_signed()),
            });
        let mut statements = insert_rows::<ivr_menu_options::Entity>(options.collect::<Result<_, Error>>()?);
        statements.extend(insert_rows::<ivr_menu_exclusions::Entity>(exclusions.collect()));
        Ok(statements)
    }

    fn without_parts(organization: i64, id: i64) -> Vec<DeleteStatement> {
        vec![
            delete_parts::<ivr_menu_options::Entity>(organization, id),
            delete_parts::<ivr_menu_exclusions::Entity>(organization, id),
        ]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let silent = || Error::Corrupt(Cause::said(format!("menu {} says nothing", row.id)));
        let mut options = Vec::new();
        for option in gathered.options.remove(&row.id).unwrap_or_default() {
            options.push(MenuOption {
                destination: gathered.places.need(Self::KIND, row.id, &slot_of(&option.digits))?,
                digits: word::read(&option.digits)?,
                label: word::read_some(option.label.as_deref())?,
            });
        }
        let excluded = gathered.exclusions.remove(&row.id).unwrap_or_default();
        Ok(Self {
            id: IvrMenuId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            status: word::read(&row.status)?,
            prompt: read_prompt((row.prompt_id, row.prompt_text, row.prompt_voice))?.ok_or_else(silent)?,
            options,
            max_timeout: word::read_number(row.max_timeout)?,
            inter_digit_timeout: word::read_number(row.inter_digit_timeout)?,
            max_turns: word::read_number(row.max_turns)?,
            direct_dial: row.direct_dial,
            direct_dial_exclude: excluded
                .iter()
                .map(|row| ExtensionId::new(row.extension_id.cast_unsigned()))
                .collect(),
            invalid_prompt: read_prompt((row.invalid_prompt_id, row.invalid_prompt_text, row.invalid_prompt_voice))?,
            silence_prompt: read_prompt((row.silence_prompt_id, row.silence_prompt_text, row.silence_prompt_voice))?,
            failover: gathered.places.need(Self::KIND, row.id, "failover")?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        let prompts = std::iter::once(&mut self.prompt).chain(&mut self.invalid_prompt).chain(&mut self.silence_prompt);
        for prompt in prompts {
            if let MenuPrompt::Library { prompt_id } = prompt {
                ids.prompt(prompt_id);
            }
        }
        self.options.iter_mut().for_each(|option| ids.destination(&mut option.destination));
        self.direct_dial_exclude.iter_mut().for_each(|extension| ids.extension(extension));
        ids.destination(&mut self.failover);
    }
}
