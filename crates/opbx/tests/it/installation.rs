//! An installation: a data directory with an organization in it, served by the real program, called by the stand-in of the platform.

use crate::program::{KEY, Place, Serving};
use cloudonix_sim::{Call, Exchange, People, Settings, Transcript};

pub(crate) const DOMAIN: &str = "acme.cloudonix.net";

/// What makes the organization, but for where the database is.
const CREATE: [&str; 18] = [
    "org",
    "create",
    "--name",
    "Acme",
    "--slug",
    "acme",
    "--timezone",
    "America/New_York",
    "--country",
    "US",
    "--owner-name",
    "Alice Ray",
    "--owner-email",
    "alice@acme.example",
    "--domain",
    DOMAIN,
    "--webhook-key",
    KEY,
];

/// A place whose database holds the organization `acme` with this plan.
pub(crate) fn furnished(name: &str, plan: &str) -> Place {
    furnished_with(name, plan, &[])
}

/// The same, with words that say where the database is.
pub(crate) fn furnished_with(name: &str, plan: &str, settings: &[&str]) -> Place {
    let place = Place::new(name);
    place.write("plan.opbx", plan);
    for words in [&CREATE[..], &["apply", "plan.opbx", "--org", "acme"]] {
        let ran = place.run_words(&[words, settings].concat());
        assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""), "{words:?}");
    }
    place
}

/// Serves the database of a place, with more words.
pub(crate) fn serve(place: &Place, words: &str) -> Serving {
    Serving::start_until(&mut place.opbx(&format!("serve --listen 127.0.0.1:0 {words}")), "webhook URL")
}

/// The platform's end: each seed is other calls.
pub(crate) fn exchange(serving: &Serving, seed: u64) -> Exchange {
    let url = format!("http://{}/api/voice/route", serving.address);
    Exchange::new(Settings { bearer: Some(KEY.into()), ..Settings::new(url, DOMAIN, seed) }).unwrap()
}

/// A call by whoever has such a number, from outside or from a phone of the organization.
pub(crate) fn call(from: &str, to: &str) -> Call {
    if from.starts_with('+') { Call::inbound(from, to) } else { Call::subscriber(from, to) }
}

/// Places one call, with people who do what the script says.
pub(crate) fn placed(exchange: &Exchange, from: &str, to: &str, script: &str) -> Transcript {
    let people: People = script.parse().unwrap_or_else(|fault| panic!("{fault}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(exchange.place(call(from, to), people))
}
