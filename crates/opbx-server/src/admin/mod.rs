//! What someone with the machine in hand does: commands of the program over the store.

mod backup;
mod chain;
mod decisions;
mod doctor;
mod generated_key;
mod jobs;
mod links;
mod moves;
mod named_domain;
mod organizations;
mod people;
mod place;
mod plan;

pub use self::backup::{BackedUp, Existing, KeyFrom, NotBackedUp, NotRestored, Restored, Secret};
pub use self::chain::chain;
pub use self::decisions::Decisions;
pub use self::doctor::{Finding, Verdict};
pub use self::jobs::{JobView, discard_job, jobs, retry_job};
pub use self::links::{Delivered, Delivery, create_invited, invite, offer_reset};
pub use self::named_domain::{DomainName, DomainUuid, NoDomainName, NoDomainUuid};
pub use self::organizations::{Asked, NewPassword, NotMade, ShortPassword, create, list, set_status};
pub use self::people::{
    AskedUser, NotDone, create_api_token, create_installation_token, create_user, rebuild_statistics, reset_password,
    someone_at_the_machine, verify_audit_log,
};
pub use self::place::{Claimed, Fault, Place};
pub use self::plan::{Applied, NotApplied, apply, export, plan};
pub use crate::api::description;
pub use crate::webhook_urls::WebhookUrls;
pub use opbx_store::{
    Change, Constraint, Created, DataDir, Error, Extent, Fault as AuditFault, JobState, KeptDecision, Location,
    OrganizationSummary, Rebuilt, Slug, Store, Verified, WebhookKey,
};
