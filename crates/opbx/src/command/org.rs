//! `opbx org`: the organizations of an installation.

use super::Failure;
use super::store::{block_on, fault, nobody, password_of_the_input, print_json, read, usage};
use crate::config::{self, StoreFlags};
use crate::random::random_text;
use opbx_core::organization::OrganizationStatus;
use opbx_core::region::CountryCode;
use opbx_core::text::{EmailAddress, Name, ZoneName};
use opbx_server::PublicUrl;
use opbx_server::admin::{
    self, DomainName, DomainUuid, Error, NewPassword, OrganizationSummary, Slug, WebhookKey, WebhookUrls,
};
use opbx_server::clock::{Clock, zones};
use serde_json::{Value, json};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    /// Make an organization and its owner; on an empty data directory, the database first.
    Create(Box<New>),
    /// List all organizations.
    List(All),
    /// Serve an organization no longer: its callers hear that, and emergency numbers still work.
    Suspend(One),
    /// Serve an organization again.
    Resume(One),
}

/// An organization to be made. The answer is JSON, and the only place that shows a password that was made up.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// What people call it.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Its short name in commands and addresses, such as acme-dental (default: made of the name).
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,
    /// Its time zone, such as America/New_York.
    #[arg(long, value_name = "ZONE")]
    timezone: String,
    /// Its country, such as US.
    #[arg(long, value_name = "CC")]
    country: String,
    /// What its owner signs in with.
    #[arg(long, value_name = "EMAIL")]
    owner_email: String,
    /// What people call its owner.
    #[arg(long, value_name = "NAME")]
    owner_name: String,
    /// Read the owner's password, at least 10 characters, from the input (default: made up, and printed).
    #[arg(long)]
    owner_password_stdin: bool,
    /// Its domain at the platform.
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The platform's identifier of that domain.
    #[arg(long, value_name = "UUID", requires = "domain")]
    domain_uuid: Option<String>,
    /// What the platform sends as bearer token, 16 to 128 printable characters (default: made up, and printed).
    #[arg(long, value_name = "KEY")]
    webhook_key: Option<String>,
    #[command(flatten)]
    settings: StoreFlags,
}

/// No organization in particular.
#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    settings: StoreFlags,
}

/// One organization.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its identifier or short name.
    #[arg(value_name = "ORGANIZATION")]
    organization: String,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Does it, and prints JSON.
///
/// # Errors
///
/// When a setting or an argument is wrong, something is taken, or the store fails.
pub(crate) fn run(order: &Order) -> Result<(), Failure> {
    let answer = match order {
        Order::Create(new) => create(new)?,
        Order::List(all) => list(all)?,
        Order::Suspend(one) => set_status(one, OrganizationStatus::Suspended)?,
        Order::Resume(one) => set_status(one, OrganizationStatus::Active)?,
    };
    print_json(&answer);
    Ok(())
}

fn create(new: &New) -> Result<Value, Failure> {
    let settings = config::read_for_store(&new.settings)?;
    let random = || random_text().map_err(Failure::fault);
    let made_up = if new.owner_password_stdin { None } else { Some(random()?.split_off(40)) };
    let password = match &made_up {
        Some(password) => password.clone(),
        None => password_of_the_input()?,
    };
    let key = match &new.webhook_key {
        Some(key) => key.clone(),
        None => random()?,
    };
    let cdr_secret = random()?.parse::<WebhookKey>().map_err(Failure::fault)?;
    let password = password.parse::<NewPassword>().map_err(|short| usage(&short))?;
    let hash = password.hashed().map_err(|error| not_made(&error))?;
    let asked = admin::Asked {
        name: read::<Name>("name", &new.name)?,
        slug: new.slug.as_deref().map(|text| read::<Slug>("slug", text)).transpose()?,
        country: read::<CountryCode>("country", &new.country)?,
        timezone: read::<ZoneName>("timezone", &new.timezone)?,
        owner_name: read::<Name>("owner-name", &new.owner_name)?,
        owner_email: read::<EmailAddress>("owner-email", &new.owner_email)?,
        owner_password_hash: hash,
        domain: new.domain.as_deref().map(|text| read::<DomainName>("domain", text)).transpose()?,
        domain_uuid: new.domain_uuid.as_deref().map(|text| read::<DomainUuid>("domain-uuid", text)).transpose()?,
        webhook_key: key.parse().map_err(|wrong| Failure::usage(format!("--webhook-key cannot be used: {wrong}.")))?,
        cdr_secret: cdr_secret.clone(),
    };
    let (spare, clock) = (random()?, Clock::of_the_machine());
    let (created, slug) = block_on(async {
        let store = settings.place.open_or_make(&spare, clock.now()).await.map_err(|error| fault(&error))?;
        let created = admin::create(&store, asked, &admin::someone_at_the_machine(), &zones(), clock.now())
            .await
            .map_err(|error| not_made(&error))?;
        store.close().await;
        Ok(created)
    })?;
    let mut answer = json!({
        "organization_id": created.organization,
        "slug": slug.as_str(),
        "owner_id": created.owner.map(opbx_core::id::UserId::get),
        "webhook_key": key,
        "webhook_urls": WebhookUrls::behind(settings.public_url.as_ref().map(PublicUrl::as_str), &cdr_secret),
    });
    if let (Some(password), Some(fields)) = (made_up, answer.as_object_mut()) {
        fields.insert("owner_password".to_owned(), password.into());
    }
    Ok(answer)
}

/// What was asked for cannot be, which is a mistake of usage; or the store failed.
fn not_made(error: &admin::NotMade) -> Failure {
    match error {
        admin::NotMade::Zone(_) | admin::NotMade::Country(_) | admin::NotMade::NoSlug(_) => usage(error),
        error => fault(error),
    }
}

fn list(all: &All) -> Result<Value, Failure> {
    let settings = config::read_for_store(&all.settings)?;
    block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let organizations = admin::list(&store).await.map_err(|error| fault(&error))?;
        store.close().await;
        Ok(organizations.iter().map(view).collect())
    })
}

fn set_status(one: &One, status: OrganizationStatus) -> Result<Value, Failure> {
    let settings = config::read_for_store(&one.settings)?;
    let now = Clock::of_the_machine().now();
    block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let organization = admin::set_status(&store, &one.organization, status, now).await;
        let organization = organization.map_err(|error| match error {
            Error::NotFound => nobody(&one.organization),
            error => fault(&error),
        })?;
        store.close().await;
        Ok(view(&organization))
    })
}

fn view(organization: &OrganizationSummary) -> Value {
    json!({
        "organization_id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "status": organization.status,
        "revision": organization.revision.get(),
    })
}
