//! What the columns of a file are, and how they are named.

use opbx_store::ObjectKind;

/// One field of an object, as a column or two.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// A text or a word.
    Text(&'static str),
    /// A whole number.
    Number(&'static str),
    /// `true` or `false`.
    Flag(&'static str),
    /// A part of a nested object, in a column of its own.
    Part(Part),
    /// An object by what people call it.
    Reference {
        /// The column.
        column: &'static str,
        /// The field, which holds the identifier.
        field: &'static str,
        /// What kind of object.
        kind: ObjectKind,
    },
    /// A person by their e-mail address; by their identifier for those who may not read users.
    Person {
        /// The column.
        column: &'static str,
        /// The field, which holds the identifier.
        field: &'static str,
    },
    /// Where calls go, in two columns: `…_type`, and what that kind leads to.
    Destination(&'static str),
    /// What the type of an extension leads to, by what people call it.
    LeadsTo(&'static str),
}

/// A part of a nested object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// The column.
    pub(crate) column: &'static str,
    /// The field that holds the object.
    pub(crate) object: &'static str,
    /// The part.
    pub(crate) part: &'static str,
    /// Whether it is a whole number; else a text.
    pub(crate) is_number: bool,
}

/// The column beside a destination that says what kind it is.
pub(super) fn type_column(field: &str) -> String {
    format!("{field}_type")
}

impl Column {
    /// The names of its columns, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Text(name) | Self::Number(name) | Self::Flag(name) | Self::LeadsTo(name) => vec![(*name).to_owned()],
            Self::Part(Part { column, .. }) | Self::Reference { column, .. } | Self::Person { column, .. } => {
                vec![(*column).to_owned()]
            }
            Self::Destination(field) => vec![type_column(field), (*field).to_owned()],
        }
    }

    /// The column in which a mistake stands, by the path of the field; `None`: in another column.
    pub(super) fn of_path(&self, path: &str) -> Option<String> {
        let within = |field: &str| path == field || path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'));
        let column = match self {
            Self::Text(name) | Self::Number(name) | Self::Flag(name) if path == *name => *name,
            Self::Part(Part { column, object, part, .. }) if path.strip_prefix(object)?.strip_prefix('.')? == *part => {
                column
            }
            Self::Reference { column, field, .. } | Self::Person { column, field } if within(field) => column,
            Self::Destination(field) if path.strip_prefix(field) == Some(".type") => return Some(type_column(field)),
            Self::Destination(field) if within(field) => field,
            Self::LeadsTo(column) if within("configuration") => column,
            _ => return None,
        };
        Some(column.to_owned())
    }
}

/// The column in which a mistake stands; the path itself where no column holds the field.
pub(super) fn column_of(columns: &[Column], path: &str) -> String {
    columns.iter().find_map(|column| column.of_path(path)).unwrap_or_else(|| path.to_owned())
}

/// What the configuration of a type of extension holds: its part, and the kind of object that the part names; `None`:
/// a text.
pub(super) fn configuration_of(word: &str) -> Option<(&'static str, Option<ObjectKind>)> {
    Some(match word {
        "user" => ("sip_uri", None),
        "forward" => ("forward_to", None),
        "ring_group" => ("ring_group_id", Some(ObjectKind::RingGroup)),
        "ivr" => ("ivr_menu_id", Some(ObjectKind::IvrMenu)),
        "conference" => ("conference_room_id", Some(ObjectKind::ConferenceRoom)),
        "business_hours" => ("business_hours_id", Some(ObjectKind::BusinessHours)),
        "voicemail" => ("voicemail_box_id", Some(ObjectKind::VoicemailBox)),
        "ai_assistant" => ("ai_assistant_id", Some(ObjectKind::AiAssistant)),
        "announcement" => ("prompt_id", Some(ObjectKind::Prompt)),
        _ => return None,
    })
}

/// The kind of object that a type of destination leads to by name.
pub(super) fn leads_to(word: &str) -> Option<ObjectKind> {
    Some(match word {
        "extension" => ObjectKind::Extension,
        "ring_group" => ObjectKind::RingGroup,
        "ivr_menu" => ObjectKind::IvrMenu,
        "business_hours" => ObjectKind::BusinessHours,
        "conference_room" => ObjectKind::ConferenceRoom,
        "voicemail" => ObjectKind::VoicemailBox,
        "ai_assistant" => ObjectKind::AiAssistant,
        "announcement" => ObjectKind::Prompt,
        _ => return None,
    })
}
