//! Conference rooms.

use opbx_core::conference_room::ConferenceRoom;
use opbx_core::id::ConferenceRoomId;
use opbx_core::plan::PlanSource;
use opbx_core::secret::Pin;
use sea_orm::ActiveValue::Set;

use super::gathered::{Gathered, Sealing};
use super::object::Object;
use crate::apply::Ids;
use crate::entity::conference_rooms::{ActiveModel, Column, Entity, Model};
use crate::error::{Error, ObjectKind};
use crate::seal::Purpose;
use crate::word;

impl Object for ConferenceRoom {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::ConferenceRoom;

    const FIELDS: &[(&str, Column)] = &[
        ("name", Column::Name),
        ("description", Column::Description),
        ("max_participants", Column::MaxParticipants),
        ("wait_for_host", Column::WaitForHost),
        ("mute_on_entry", Column::MuteOnEntry),
        ("announce_join_leave", Column::AnnounceJoinLeave),
        ("music_on_hold", Column::MusicOnHold),
        ("recording", Column::Recording),
        ("end_on_host_exit", Column::EndOnHostExit),
        ("status", Column::Status),
    ];

    const SEARCHED: &[Column] = &[Column::Name, Column::Description];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = ConferenceRoomId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.conference_rooms
    }

    fn columns(&self, sealing: &Sealing<'_>) -> Result<ActiveModel, Error> {
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            description: Set(word::write_some(self.description.as_ref())?),
            status: Set(word::write(&self.status)?),
            max_participants: Set(word::write_number(self.max_participants)),
            pin_sealed: Set(sealing.seal(Purpose::ConferencePin, self.pin.as_ref().map(Pin::reveal))?),
            host_pin_sealed: Set(sealing.seal(Purpose::ConferenceHostPin, self.host_pin.as_ref().map(Pin::reveal))?),
            wait_for_host: Set(self.wait_for_host),
            mute_on_entry: Set(self.mute_on_entry),
            announce_join_leave: Set(self.announce_join_leave),
            music_on_hold: Set(self.music_on_hold),
            recording: Set(self.recording),
            end_on_host_exit: Set(self.end_on_host_exit),
            ..Default::default()
        })
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let pin = gathered.sealing.open(Purpose::ConferencePin, row.pin_sealed.as_deref())?;
        let host_pin = gathered.sealing.open(Purpose::ConferenceHostPin, row.host_pin_sealed.as_deref())?;
        Ok(Self {
            id: ConferenceRoomId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            description: word::read_some(row.description.as_deref())?,
            status: word::read(&row.status)?,
            max_participants: word::read_number(row.max_participants)?,
            pin: word::read_some(pin.as_deref())?,
            host_pin: word::read_some(host_pin.as_deref())?,
            wait_for_host: row.wait_for_host,
            mute_on_entry: row.mute_on_entry,
            announce_join_leave: row.announce_join_leave,
            music_on_hold: row.music_on_hold,
            recording: row.recording,
            end_on_host_exit: row.end_on_host_exit,
        })
    }

    fn rewrite(&mut self, _: &Ids) {}

    fn secrets(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![("pin", self.pin.as_ref().map(Pin::reveal)), ("host_pin", self.host_pin.as_ref().map(Pin::reveal))]
    }

    fn keep_unsaid(&mut self, of: &Self) {
        self.pin = self.pin.take().or_else(|| of.pin.clone());
        self.host_pin = self.host_pin.take().or_else(|| of.host_pin.clone());
    }
}
