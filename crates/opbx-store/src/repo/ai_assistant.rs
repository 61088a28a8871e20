//! AI assistants and how they are reached.

use opbx_core::ai_assistant::{AiAssistant, Connection, Credentials};
use opbx_core::destination::Destination;
use opbx_core::id::AiAssistantId;
use opbx_core::plan::PlanSource;
use opbx_core::secret::Password;
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::ai_assistants::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error, ObjectKind};
use crate::seal::Purpose;
use crate::word;

const fn credentials_of(connection: &Connection) -> Option<&Credentials> {
    match connection {
        Connection::Service { credentials, .. } | Connection::Sip { credentials, .. } => credentials.as_ref(),
        Connection::Stream { .. } => None,
    }
}

fn is_same_place(one: &Connection, other: &Connection) -> bool {
    match (one, other) {
        (
            Connection::Service { provider: one, number: here, .. },
            Connection::Service { provider: other, number: there, .. },
        ) => one == other && here == there,
        (Connection::Sip { sip_uri: one, .. }, Connection::Sip { sip_uri: other, .. }) => one == other,
        _ => false,
    }
}

impl Object for AiAssistant {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::AiAssistant;

    const FIELDS: &[(&str, Column)] = &[("name", Column::Name), ("status", Column::Status)];

    const SEARCHED: &[Column] = &[Column::Name];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = AiAssistantId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.ai_assistants
    }

    fn columns(&self, sealing: &Sealing<'_>) -> Result<ActiveModel, Error> {
        let credentials = credentials_of(&self.connection);
        let password = credentials.and_then(|credentials| credentials.password.as_ref()).map(Password::reveal);
        let mut row = ActiveModel {
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            provider: Set(None),
            service_number: Set(None),
            sip_uri: Set(None),
            url: Set(None),
            username: Set(word::write_some(credentials.map(|credentials| &credentials.username))?),
            password_sealed: Set(sealing.seal(Purpose::AssistantPassword, password)?),
            parameters: Set("[]".to_owned()),
            ..Default::default()
        };
        let connection = match &self.connection {
            Connection::Service { provider, number, .. } => {
                row.provider = Set(Some(word::write(provider)?));
                row.service_number = Set(Some(word::write(number)?));
                "service"
            }
            Connection::Sip { sip_uri, .. } => {
                row.sip_uri = Set(Some(word::write(sip_uri)?));
                "sip"
            }
            Connection::Stream { url, parameters } => {
                row.url = Set(Some(word::write(url)?));
                row.parameters = Set(word::write_list(parameters)?);
                "stream"
            }
        };
        row.connection = Set(connection.to_owned());
        Ok(row)
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        vec![("fallback".into(), &self.fallback)]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let password = gathered.sealing.open(Purpose::AssistantPassword, row.password_sealed.as_deref())?;
        let username = word::read_some(row.username.as_deref())?;
        let credentials = username.map(|username| Credentials { username, password: password.map(Password::new) });
        let missing = || Error::Corrupt(Cause::said(format!("assistant {} cannot be reached by anything", row.id)));
        let connection = match row.connection.as_str() {
            "service" => Connection::Service {
                provider: word::read(row.provider.as_deref().ok_or_else(missing)?)?,
                number: word::read(row.service_number.as_deref().ok_or_else(missing)?)?,
                credentials,
            },
            "sip" => Connection::Sip { sip_uri: word::read(row.sip_uri.as_deref().ok_or_else(missing)?)?, credentials },
            "stream" => Connection::Stream {
                url: word::read(row.url.as_deref().ok_or_else(missing)?)?,
                parameters: word::read_list(&row.parameters)?,
            },
            _ => return Err(missing()),
        };
        Ok(Self {
            id: AiAssistantId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            status: word::read(&row.status)?,
            connection,
            fallback: gathered.places.need(Self::KIND, row.id, "fallback")?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        ids.destination(&mut self.fallback);
    }

    fn secrets(&self) -> Vec<(&'static str, Option<&str>)> {
        let password = credentials_of(&self.connection).and_then(|credentials| credentials.password.as_ref());
        vec![("password", password.map(Password::reveal))]
    }

    /// The password stays for the place and the user name that it belongs to; another one has another password.
    fn keep_unsaid(&mut self, of: &Self) {
        if !is_same_place(&self.connection, &of.connection) {
            return;
        }
        let known = credentials_of(&of.connection);
        let (Connection::Service { credentials: Some(mine), .. } | Connection::Sip { credentials: Some(mine), .. }) =
            &mut self.connection
        else {
            return;
        };
        if let Some(known) = known.filter(|known| known.username == mine.username) {
            mine.password = mine.password.take().or_else(|| known.password.clone());
        }
    }
}
