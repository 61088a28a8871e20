//! The store of OPBX: SQL, and one door to an organization's rows.
//!
//! [`Store::open`] takes a [`Location`] (a file in the data directory, or the address of a MariaDB or MySQL server);
//! everything behind it is the same code and the same SQL on either engine. [`Store::tenant`] is the only way to the rows
//! of an organization, [`Store::platform`] answers the few questions that cross organizations.
//!
//! # Architecture invariants
//!
//! * No public function returns a query, an entity or a connection. What goes in and out are values of the core.
//! * A tenant's row is read and written through `TenantStore::rows` and its siblings, which add the organization; the
//!   database refuses links across organizations too.
//! * Every change of an organization's routing raises its plan revision once, in the same transaction.
//! * Two functions write rows of several organizations at once, `keep_decisions` and `apply_facts`; their files say why.
//! * Every writing transaction is begun by `pool::Line::write`: immediate on SQLite, one writer at a time.
//! * Nothing here reads a clock: instants are arguments. The only randomness is the nonce of a sealed secret.
//! * No SQL that SQLite, MariaDB 10.11 or MySQL 8 lacks; no `RETURNING`.

mod access;
mod answers;
mod apply;
mod audio;
mod audit;
mod backup;
mod calls;
mod credentials;
mod data_dir;
mod decisions;
mod destination;
mod directory;
mod edit;
mod effect;
mod entity;
mod erasure;
mod error;
mod inspection;
mod job;
mod journalled;
mod kind;
mod location;
mod managed;
mod migration;
mod millis;
mod organization;
mod page;
mod plan;
mod platform;
mod platform_settings;
mod pool;
mod recording;
mod references;
mod repo;
mod retention;
mod seal;
mod settings;
mod snapshot;
mod sqlite_file;
mod statistics;
mod store;
mod taking_over;
mod tenant;
mod user;
mod word;

pub use self::access::{
    ApiToken, Candidate, CodePurpose, CodeTaken, InstallationToken, NewApiToken, NewSession, OneTimeCode, Person,
    PersonNow, SecondFactor, SecretDigest, Session,
};
pub use self::answers::{GivenAnswer, Repeated, RequestKey};
pub use self::apply::{Change, Changed, Changes, PlanObject, Report, Scope};
pub use self::audit::{AuditEntry, AuditQuery, Entry, Fault, Verified};
pub use self::calls::{
    Applied, CallChange, CallCursor, CallField, CallOrder, CallPage, CallQuery, Delivery, DeliveryKey, HIDDEN_DIGITS,
    KeptCall, KeptLeg, LONGEST_SHOWN_WHOLE, MISSED_CALL_LETTER, NumberFilter, SHOWN_OF_OTHERS, Stretch, WholeCall,
    read_step, written_step,
};
pub use self::data_dir::{DataDir, DataDirError, Holder};
pub use self::decisions::{Extent, KeptDecision, NewDecision};
pub use self::directory::{Listed, Revisions, Standing};
pub use self::edit::{Actor, Author, Edit, Portrait};
pub use self::erasure::Erasure;
pub use self::error::{Cause, Constraint, Error, ObjectKind};
pub use self::inspection::Inventory;
pub use self::job::{ClaimedJob, Job, JobFigures, JobQuery, JobState, Lease, NewJob, Priority};
pub use self::kind::{Kind, Stored};
pub use self::location::{Location, LocationError};
pub use self::managed::ManagedOrganization;
pub use self::organization::Revision;
pub use self::page::{Filter, FilterValue, Page, Query};
pub use self::platform::{Created, NewOrganization, NewOwner, OrganizationSummary, Platform, Slug, WebhookKey};
pub use self::platform_settings::{PLATFORM_SETTINGS, PlatformSettings, StoredPlatformSettings};
pub use self::pool::Settings;
pub use self::recording::{
    CallContext, FILE_REMOVAL, Kept, KeptAudio, KeptMessage, KeptRecording, MESSAGE_LETTER, Performed, RECORDING_FETCH,
    RecordingOutcome, RecordingReport, Sought,
};
pub use self::references::Reference;
pub use self::retention::Outgrown;
pub use self::seal::{Keyring, SecretKey};
pub use self::settings::{Allowance, Control, OrganizationSettings, Retention, SettingsPortrait};
pub use self::snapshot::{DirectoryEntry, DirectoryRead, KeptPlan, PlanText, Snapshots, Unusable};
pub use self::statistics::{Rebuilt, STATISTICS_REBUILD};
pub use self::store::{Migrated, OpenError, Store};
pub use self::tenant::{Reason, Tenant, TenantStore};
pub use self::user::{USER, User};
