//! Rows of one kind with their look-up.

use std::collections::HashMap;
use std::hash::Hash;

/// A row that is found by its identifier.
pub(crate) trait Row {
    /// The type of its identifier.
    type Id: Copy + Eq + Ord + Hash;

    /// Its identifier.
    fn id(&self) -> Self::Id;
}

/// Rows in the order of their identifiers, found by hash.
#[derive(Clone, Debug)]
pub(crate) struct Table<T: Row> {
    pub(super) rows: Vec<T>,
    pub(super) places: HashMap<T::Id, u32>,
}

impl<T: Row> Table<T> {
    /// The rows sorted by identifier; of two with the same one the first stays.
    pub(crate) fn new(mut rows: Vec<T>) -> Self {
        rows.sort_by_key(Row::id);
        rows.dedup_by_key(|row| row.id());
        // Rows that were read one by one left room for as many again; a plan stays in memory.
        rows.shrink_to_fit();
        let places = rows.iter().zip(0..).map(|(row, place)| (row.id(), place)).collect();
        Self { rows, places }
    }

    /// The row with this identifier.
    pub(crate) fn get(&self, id: T::Id) -> Option<&T> {
        self.rows.get(*self.places.get(&id)? as usize)
    }

    /// All rows, in the order of their identifiers.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }
}

/// Says for each row type which field identifies it.
macro_rules! rows {
    ($($row:ty => $id:ty, $($field:ident).+;)*) => {$(
        impl Row for $row {
            type Id = $id;

            fn id(&self) -> $id {
                self.$($field).+
            }
        }
    )*};
}

rows! {
    crate::extension::Extension => crate::id::ExtensionId, id;
    crate::phone_number::PhoneNumber => crate::id::PhoneNumberId, id;
    crate::conference_room::ConferenceRoom => crate::id::ConferenceRoomId, id;
    crate::voicemail_box::VoicemailBox => crate::id::VoicemailBoxId, id;
    crate::prompt::Prompt => crate::id::PromptId, id;
    crate::ai_assistant::AiAssistant => crate::id::AiAssistantId, id;
    super::compiled::Group => crate::id::RingGroupId, row.id;
    super::compiled::Menu => crate::id::IvrMenuId, row.id;
    super::compiled::Hours => crate::id::BusinessHoursId, id;
}
