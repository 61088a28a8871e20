//! What the log of calls costs when it is long: applying facts to it, reading it, counting over it.
//!
//! ```text
//! calls-bench DATA-DIRECTORY SECRET-KEY CALLS
//! ```
//!
//! Fills a database with so many calls of one organization, spread over a year, unless it holds them already; then measures
//! and prints the figures as one JSON object. Facts that are applied to measure it stay in it: they are few beside the rest.

mod measure;
mod traffic;

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::{
    Actor, Author, DataDir, Delivery, Keyring, Location, NewOrganization, Reason, SecretKey, Settings, Store, Tenant,
};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use traffic::Traffic;

const USAGE: &str = "calls-bench DATA-DIRECTORY SECRET-KEY CALLS";
/// How many facts one transaction of the filling applies.
const FILLED_AT_ONCE: u64 = 2_000;

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
    let [folder, secret, calls] = arguments else { return Err(USAGE.into()) };
    let secret = SecretKey::new(secret).ok_or("A secret key has at least 32 characters.")?;
    let traffic = Traffic::new(calls.parse()?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let data_dir = DataDir::claim(Path::new(folder))?;
        let location = Location::in_data_dir(data_dir.path());
        let store = Store::create(location, Keyring::new(&secret), Settings::default()).await?;
        store.migrate(&data_dir, Timestamp::UNIX_EPOCH).await?;
        let organization = organization(&store).await?;
        fill(&store, organization, &traffic).await?;
        let figures = measure::all(&store, organization, &traffic).await?;
        store.close().await;
        println!("{figures}");
        Ok(())
    })
}

/// The organization of the bench, made if there is none.
async fn organization(store: &Store) -> Result<OrganizationId, Box<dyn Error>> {
    if let Some(known) = store.platform().list().await?.first() {
        return Ok(known.id);
    }
    let new = NewOrganization {
        name: "Organization 1".parse()?,
        slug: "o1".parse()?,
        country: "US".parse()?,
        timezone: "America/New_York".parse()?,
        owner: None,
        domain: None,
        domain_uuid: None,
        webhook_key: "webhook-key-of-000001".parse()?,
        cdr_secret: "the-cdr-secret-of-1".parse()?,
    };
    let author = Author { actor: Actor::Command, request_id: None, address: None, portrait: |_| Default::default() };
    Ok(store.platform().create(&new, &author, Timestamp::UNIX_EPOCH).await?.organization)
}

/// Fills in the calls that are missing. One that was stopped goes on where it was, but for one transaction.
async fn fill(store: &Store, organization: OrganizationId, traffic: &Traffic) -> Result<(), Box<dyn Error>> {
    let tenant = store.tenant(&Tenant::inside(organization, Reason::Command));
    let (mut next, began) = (0, Instant::now());
    // Calls are made in their order, so the first session that is missing is found by halves.
    let mut missing = traffic.calls;
    while next < missing {
        let middle = u64::midpoint(next, missing);
        match tenant.call_known_by(opbx_core::call_log::CallKey::Session(&traffic.session(middle))).await? {
            Some(_) => next = middle + 1,
            None => missing = middle,
        }
    }
    while next < traffic.calls {
        let end = traffic.calls.min(next + FILLED_AT_ONCE);
        let facts = (next..end).map(|number| Delivery { organization, key: None, fact: traffic.record(number) });
        store.platform().apply_facts(&facts.collect::<Vec<_>>(), traffic.end).await?;
        next = end;
        if next % 100_000 == 0 {
            eprintln!("{next} calls after {} s", began.elapsed().as_secs());
        }
    }
    Ok(())
}
