//! An organization with every kind of object in it, written in the plan language.

use jiff::tz::TimeZoneDatabase;
use opbx_core::language;
use opbx_core::plan::PlanSource;
use opbx_store::{Changes, Report, Scope, TenantStore};

use crate::bench::at;
use crate::changing::author;

const PLAN: &str = include_str!("furnished.opbx");

/// The plan for the organization of this letter: equal extension numbers and names, phone numbers of its own.
pub(crate) fn text(letter: char) -> String {
    PLAN.replace("+1212555", if letter == 'a' { "+1212555" } else { "+1646555" })
}

pub(crate) fn parse(text: &str) -> PlanSource {
    let document = language::parse(text, &TimeZoneDatabase::bundled());
    document.unwrap_or_else(|problems| panic!("{problems:?}\n{text}")).source
}

pub(crate) fn print(source: &PlanSource) -> String {
    language::print(source, &TimeZoneDatabase::bundled())
}

/// A whole file.
pub(crate) const ALL: Scope = Scope { organization: true, prune: true, dry_run: false };

pub(crate) async fn apply(tenant: &TenantStore, text: &str, scope: Scope) -> Report {
    let source = parse(text);
    tenant
        .apply(Changes { source: &source, scope, author: &author(), settings: |_| serde_json::Value::Null }, at(1))
        .await
        .unwrap()
}

/// Furnishes an organization, and answers what it was told to become.
pub(crate) async fn furnish(tenant: &TenantStore, letter: char) -> PlanSource {
    let text = text(letter);
    apply(tenant, &text, ALL).await;
    parse(&text)
}
