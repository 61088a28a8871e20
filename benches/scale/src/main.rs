//! A database of very many organizations, in seconds.
//!
//! ```text
//! scale-fill DATA-DIRECTORY SECRET-KEY ORGANIZATIONS EXTENSIONS
//! ```
//!
//! The store makes one organization with its extensions; the others are copies of its rows. Organization `n`, from 1, has the
//! domain `o<n>.cloudonix.example`, the webhook key `webhook-key-of-<n>` (a number of at least six digits) and the extensions
//! 1001, 1002 and so on. What is sealed in the copies does not open, and nothing here asks for it.

mod copies;

use jiff::Timestamp;
use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_store::{
    Actor, Author, Changes, DataDir, Keyring, Location, NewOrganization, Reason, Scope, SecretKey, Settings, Store,
    Tenant,
};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "scale-fill DATA-DIRECTORY SECRET-KEY ORGANIZATIONS EXTENSIONS";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [folder, secret, organizations, extensions] = arguments else { return Err(USAGE.into()) };
    let secret = SecretKey::new(secret).ok_or("A secret key has at least 32 characters.")?;
    let (organizations, extensions) = (organizations.parse()?, extensions.parse()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(fill(Path::new(folder), Keyring::new(&secret), organizations, extensions))
}

async fn fill(folder: &Path, keys: Keyring, organizations: u32, extensions: u32) -> Result<(), Box<dyn Error>> {
    let data_dir = DataDir::claim(folder)?;
    let location = Location::in_data_dir(data_dir.path());
    let file = location.file().ok_or("The database is no file.")?.to_path_buf();
    let store = Store::create(location, keys, Settings::default()).await?;
    store.migrate(&data_dir, Timestamp::UNIX_EPOCH).await?;
    first(&store, extensions).await?;
    let platform = store.platform();
    let digests = (2..=organizations).filter_map(|n| Some((n, *platform.webhook_digests(&key(n)).first()?)));
    let digests: Vec<(u32, [u8; 32])> = digests.collect();
    store.close().await;
    copies::write(&file, &digests).await?;
    Ok(())
}

/// Makes the organization that the others are copies of.
async fn first(store: &Store, extensions: u32) -> Result<(), Box<dyn Error>> {
    let new = NewOrganization {
        name: "Organization 1".parse()?,
        slug: "o1".parse()?,
        country: "US".parse()?,
        timezone: "America/New_York".parse()?,
        owner: None,
        domain: Some(domain(1)),
        domain_uuid: Some("uuid-1".to_owned()),
        webhook_key: key(1).parse()?,
        cdr_secret: "the-cdr-secret-of-1".parse()?,
    };
    let id = store.platform().create(&new, &author(), Timestamp::UNIX_EPOCH).await?.organization;
    let tenant = store.tenant(&Tenant::inside(id, Reason::Command));
    let (_, mut source) = tenant.load_plan().await?;
    for place in 1..=extensions {
        let (number, name) = (format!("{}", 1_000 + place).parse()?, format!("Person number {place}").parse()?);
        source.extensions.push(Extension::new(ExtensionId::new(u64::from(place)), number, name));
    }
    let scope = Scope { organization: true, prune: true, dry_run: false };
    let author = author();
    let changes = Changes { source: &source, scope, author: &author, settings: |_| Default::default() };
    tenant.apply(changes, Timestamp::UNIX_EPOCH).await?;
    Ok(())
}

/// Someone with the machine in hand, who draws nothing: nobody reads the log of a bench.
fn author() -> Author {
    Author { actor: Actor::Command, request_id: None, address: None, portrait: |_| Default::default() }
}

fn domain(n: u32) -> String {
    format!("o{n}.cloudonix.example")
}

fn key(n: u32) -> String {
    format!("webhook-key-of-{n:06}")
}
