//! `opbx openapi`: the description of the API.

use super::store::print_json;
use opbx_server::admin::description;

/// Nothing to say.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments;

/// Prints the same document that `/api/openapi.json` answers.
pub(crate) fn run(_: &Arguments) {
    print_json(&description());
}
