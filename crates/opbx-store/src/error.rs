//! What can go wrong with the store, in five words.

use std::fmt;
use std::sync::Arc;

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr};

use crate::migration::constraint_named;

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is no such object in this organization. Another organization's is none either.
    #[error("there is no such object")]
    NotFound,
    /// The database refuses the change.
    #[error("the database refuses the change: {0}")]
    Conflict(Constraint),
    /// The object is no longer what the caller had read.
    #[error("the object has changed meanwhile")]
    Stale,
    /// The database cannot be asked at the moment.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Cause),
    /// The database holds what no OPBX of this version wrote, or a secret that our key does not open.
    #[error("the database holds what cannot be read")]
    Corrupt(#[source] Cause),
}

impl Error {
    /// Whether this is the conflict with that constraint.
    pub fn is_conflict(&self, constraint: Constraint) -> bool {
        matches!(self, Self::Conflict(found) if *found == constraint)
    }

    pub(crate) fn away(why: impl Into<String>) -> Self {
        Self::Unavailable(Cause::said(why))
    }
}

/// What is behind an [`Error`]; for logs, never for the reader of an answer.
#[derive(Clone, Debug)]
pub struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(fault: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(fault))
    }

    pub(crate) fn said(text: impl Into<String>) -> Self {
        Self(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(text.into())))
    }

    /// The other side did not answer in time.
    pub(crate) fn silence() -> Self {
        Self::new(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
    }

    /// Whether the other side said nothing, rather than something bad.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(self.0.downcast_ref(), Some(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// The kinds of object that an organization has in its plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ObjectKind {
    /// The organization itself.
    Organization,
    /// An extension.
    Extension,
    /// An inbound number.
    PhoneNumber,
    /// A ring group.
    RingGroup,
    /// A schedule.
    BusinessHours,
    /// A holiday list.
    HolidayList,
    /// A menu.
    IvrMenu,
    /// A conference room.
    ConferenceRoom,
    /// A voicemail box.
    VoicemailBox,
    /// A prompt.
    Prompt,
    /// An AI assistant.
    AiAssistant,
    /// An outbound rule.
    OutboundRule,
    /// An entry of the block list.
    BlockedCaller,
}

impl ObjectKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Organization,
        Self::Extension,
        Self::PhoneNumber,
        Self::RingGroup,
        Self::BusinessHours,
        Self::HolidayList,
        Self::IvrMenu,
        Self::ConferenceRoom,
        Self::VoicemailBox,
        Self::Prompt,
        Self::AiAssistant,
        Self::OutboundRule,
        Self::BlockedCaller,
    ];

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether objects of this kind hold a destination of their own.
    pub(crate) const fn leads_somewhere(self) -> bool {
        match self {
            Self::Organization
            | Self::Extension
            | Self::PhoneNumber
            | Self::RingGroup
            | Self::BusinessHours
            | Self::IvrMenu
            | Self::AiAssistant
            | Self::BlockedCaller => true,
            Self::HolidayList | Self::ConferenceRoom | Self::VoicemailBox | Self::Prompt | Self::OutboundRule => false,
        }
    }

    /// Its word: singular, as in the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Extension => "extension",
            Self::PhoneNumber => "phone_number",
            Self::RingGroup => "ring_group",
            Self::BusinessHours => "business_hours",
            Self::HolidayList => "holiday_list",
            Self::IvrMenu => "ivr_menu",
            Self::ConferenceRoom => "conference_room",
            Self::VoicemailBox => "voicemail_box",
            Self::Prompt => "prompt",
            Self::AiAssistant => "ai_assistant",
            Self::OutboundRule => "outbound_rule",
            Self::BlockedCaller => "blocked_caller",
        }
    }
}

/// A rule that the database itself keeps. The names are ours on both engines, so a violation becomes the error of a field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Constraint {
    /// The extension number is taken in this organization.
    ExtensionNumber,
    /// The phone number is taken in this installation.
    PhoneNumber,
    /// The name is taken in this organization, among objects of that kind.
    Name(ObjectKind),
    /// The block list has this pattern.
    BlockedPattern,
    /// The slug is taken in this installation.
    Slug,
    /// The domain is taken in this installation, by name.
    Domain,
    /// The domain is taken in this installation, by its identifier.
    DomainUuid,
    /// The webhook key is used by another organization.
    WebhookKey,
    /// The e-mail address is taken in this installation.
    Email,
    /// The same part twice in one object: a member, a date, the keys of an option.
    Twice,
    /// A link leads to nothing that this organization has.
    Reference,
    /// Something still leads to the object.
    InUse,
}

impl Constraint {
    /// The field that is at fault, as the API spells it; `None`: none in particular.
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::ExtensionNumber => Some("extension_number"),
            Self::PhoneNumber => Some("phone_number"),
            Self::Name(_) => Some("name"),
            Self::BlockedPattern => Some("pattern"),
            Self::Slug => Some("slug"),
            Self::Domain => Some("domain"),
            Self::DomainUuid => Some("domain_uuid"),
            Self::WebhookKey => Some("webhook_key"),
            Self::Email => Some("email"),
            Self::Twice | Self::Reference | Self::InUse => None,
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.field()) {
            (_, Some(field)) => write!(f, "{field} is taken"),
            (Self::Twice, _) => f.write_str("a part is there twice"),
            (Self::InUse, _) => f.write_str("something still leads to it"),
            _ => f.write_str("a link leads nowhere"),
        }
    }
}

impl From<DbErr> for Error {
    fn from(fault: DbErr) -> Self {
        match fault.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(said)) => return Self::Conflict(constraint_named(&said)),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::Conflict(Constraint::Reference),
            _ => {}
        }
        if is_restricted(&fault) {
            return Self::Conflict(Constraint::Reference);
        }
        match &fault {
            DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated => Self::NotFound,
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => Self::Corrupt(Cause::new(fault)),
            DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner))
            | DbErr::Conn(RuntimeErr::SqlxError(inner))
                if is_damage(inner) =>
            {
                Self::Corrupt(Cause::new(fault))
            }
            // A disk that is full, a file that is gone, a server that stops, a lock that is not given: try again later.
            _ => Self::Unavailable(Cause::new(fault)),
        }
    }
}

/// Whether SQLite refused to delete what a link with `RESTRICT` leads to: it reports a violated trigger (1811), which the ORM
/// does not know as a violated link.
fn is_restricted(fault: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = fault else {
        return false;
    };
    let fault = inner.as_database_error();
    let fault = fault.filter(|fault| fault.try_downcast_ref::<sea_orm::sqlx::sqlite::SqliteError>().is_some());
    fault.is_some_and(|fault| fault.code().as_deref() == Some("1811"))
}

/// Whether this is a damaged or foreign file, or a column of another shape than ours.
fn is_damage(fault: &sea_orm::sqlx::Error) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match fault {
        // SQLITE_CORRUPT and SQLITE_NOTADB.
        Sqlx::Database(fault) => {
            fault.try_downcast_ref::<sea_orm::sqlx::sqlite::SqliteError>().is_some()
                // The lowest byte of what may be a code with details.
                && fault.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 11 | 26))
        }
        Sqlx::ColumnDecode { .. } | Sqlx::Decode(_) | Sqlx::ColumnNotFound(_) => true,
        _ => false,
    }
}
