//! What someone with the machine in hand does: commands of the program over the store.

mod decisions;
mod generated_key;
mod organizations;
mod place;
mod plan;

pub use self::decisions::Decisions;
pub use self::organizations::{Asked, NotMade, create, list, set_status};
pub use self::place::{Claimed, Fault, Place};
pub use self::plan::{Applied, NotApplied, apply, export, plan};
pub use opbx_store::{
    Change, Constraint, Created, DataDir, Error, Extent, KeptDecision, Location, OrganizationSummary, Slug, Store,
    UserId, WebhookKey,
};
