//! What someone with the machine in hand does: commands of the program over the store.

mod generated_key;
mod organizations;
mod place;

pub use self::organizations::{Asked, NotMade, create, list, set_status};
pub use self::place::{Claimed, Fault, Place};
pub use opbx_store::{Created, DataDir, Error, Location, OrganizationSummary, Slug, Store, UserId, WebhookKey};
