//! `opbx token`: what programs, resellers and operators come with.

use super::Failure;
use super::store::{block_on, fault, print_json, read};
use super::user::not_done;
use crate::config::{self, StoreFlags};
use crate::telemetry;
use opbx_core::permission::Permission;
use opbx_core::text::{EmailAddress, Name};
use opbx_server::admin;
use opbx_server::clock::Clock;
use serde_json::json;

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    /// Make a token: of the installation, or of a person for a program.
    Create(New),
}

/// A token to be made. The answer is JSON, and the only place that shows it.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// A token of the installation, for resellers and operators: it makes and manages organizations.
    #[arg(long, conflicts_with_all = ["org", "email", "abilities"])]
    installation: bool,
    /// What it is called.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The organization of the person, by its identifier or short name.
    #[arg(long, value_name = "ORGANIZATION", required_unless_present = "installation")]
    org: Option<String>,
    /// The person in whose name it acts.
    #[arg(long, value_name = "EMAIL", required_unless_present = "installation")]
    email: Option<String>,
    /// What it may do, such as extensions:read,extensions:write.
    #[arg(long, value_name = "PERMISSIONS", required_unless_present = "installation", value_delimiter = ',')]
    abilities: Vec<String>,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Does it, and prints JSON.
///
/// # Errors
///
/// When a setting or an argument is wrong, the person is unknown, or the store fails.
pub(crate) fn run(order: &Order) -> Result<(), Failure> {
    let Order::Create(new) = order;
    let settings = config::read_for_store(&new.settings)?;
    if new.installation {
        // Of no organization, so no audit log has it: the log does.
        telemetry::start(settings.telemetry);
    }
    let name: Name = read("name", &new.name)?;
    let email = new.email.as_deref().map(|email| read::<EmailAddress>("email", email)).transpose()?;
    let abilities = abilities(&new.abilities)?;
    let now = Clock::of_the_machine().now();
    let token = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let named = new.org.as_deref().unwrap_or_default();
        let made = match &email {
            Some(email) => admin::create_api_token(&store, named, (email, &name), &abilities, now).await,
            None => admin::create_installation_token(&store, &name, now).await,
        };
        store.close().await;
        made.map_err(|error| not_done(&error, named))
    })?;
    print_json(&json!({ "name": name, "token": token }));
    Ok(())
}

fn abilities(words: &[String]) -> Result<Vec<Permission>, Failure> {
    let read = |word: &String| {
        let wrong = || Failure::usage(format!("--abilities has `{word}`; it should be words like extensions:read."));
        Permission::parse(word.trim()).ok_or_else(wrong)
    };
    words.iter().map(read).collect()
}
