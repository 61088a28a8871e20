//! The figures.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use opbx_core::call_log::Fact;
use opbx_core::id::OrganizationId;
use opbx_core::statistics::Interval;
use opbx_store::{CallCursor, CallQuery, Delivery, NumberFilter, Reason, Store, Stretch, Tenant, TenantStore};
use std::collections::VecDeque;
use std::error::Error;
use std::time::Instant;

use crate::traffic::{BEHIND, Traffic};

/// How often a reading is timed; the figure is the median.
const TIMES: usize = 41;
/// How many facts a transaction applies, as many as wait after some milliseconds under load.
const AT_ONCE: usize = 256;
/// How many calls are applied to be timed.
const APPLIED: u64 = 6_000;
/// How many calls go on at the same time.
const LIVE: usize = 200;
const PAGE: u64 = 20;

/// All figures, as a JSON object of their names: milliseconds, and facts in a second.
pub(crate) async fn all(
    store: &Store,
    organization: OrganizationId,
    traffic: &Traffic,
) -> Result<String, Box<dyn Error>> {
    let tenant = store.tenant(&Tenant::inside(organization, Reason::Command));
    let mut figures = vec![("applied", applied(store, organization, traffic).await?)];
    let first = Stretch::Page { offset: 0, limit: PAGE };
    figures.push(("page_1", pages(&tenant, &CallQuery::default(), first).await?));
    for (name, depth) in [("cursor_1", 0.01), ("cursor_50", 0.5), ("cursor_99", 0.99)] {
        let number = ((1.0 - depth) * traffic.calls as f64) as u64;
        let cursor = CallCursor { initiated_at: traffic.began(number), id: i64::MAX as u64 };
        let stretch = Stretch::After { cursor: Some(cursor), limit: PAGE };
        figures.push((name, pages(&tenant, &CallQuery::default(), stretch).await?));
    }
    let from = |filter| CallQuery { from_number: Some(filter), ..CallQuery::default() };
    let next = Stretch::After { cursor: None, limit: PAGE };
    figures.push(("exact", pages(&tenant, &from(NumberFilter::Prefix(often())), next).await?));
    figures.push(("prefix", pages(&tenant, &from(NumberFilter::Prefix("+12125500".to_owned())), next).await?));
    figures.push(("contains", pages(&tenant, &from(NumberFilter::Contains("5012".to_owned())), first).await?));
    for (name, text) in [("search", "5519999"), ("search_many", "1646555")] {
        let query = CallQuery { search: Some(text.to_owned()), ..CallQuery::default() };
        figures.push((name, pages(&tenant, &query, first).await?));
    }
    figures.push(("statistics", statistics(&tenant, traffic.end).await?));
    let figures: Vec<String> = figures.into_iter().map(|(name, value)| format!("\"{name}\": {value:.3}")).collect();
    Ok(format!("{{{}}}", figures.join(", ")))
}

/// A number that calls often.
fn often() -> String {
    "+12125500003".to_owned()
}

/// Facts in a second: of calls that go on at the same time, each told as it goes.
async fn applied(store: &Store, organization: OrganizationId, traffic: &Traffic) -> Result<f64, Box<dyn Error>> {
    // Behind those of an earlier run.
    let first = traffic.calls + BEHIND * u64::from(std::process::id());
    let mut live: VecDeque<VecDeque<Fact>> = VecDeque::new();
    let (mut number, mut facts) = (first, Vec::new());
    while number < first + APPLIED || !live.is_empty() {
        while live.len() < LIVE && number < first + APPLIED {
            live.push_back(traffic.whole(number).into());
            number += 1;
        }
        let Some(mut call) = live.pop_front() else { break };
        facts.extend(call.pop_front().map(|fact| Delivery { organization, key: None, fact }));
        if !call.is_empty() {
            live.push_back(call);
        }
    }
    let began = Instant::now();
    for some in facts.chunks(AT_ONCE) {
        store.platform().apply_facts(some, traffic.end).await?;
    }
    Ok(facts.len() as f64 / began.elapsed().as_secs_f64())
}

async fn pages(tenant: &TenantStore, query: &CallQuery, stretch: Stretch) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        tenant.calls(query, stretch).await?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(median(times))
}

async fn statistics(tenant: &TenantStore, end: Timestamp) -> Result<f64, Box<dyn Error>> {
    let to = TimeZone::UTC.to_datetime(end).date();
    let from = to.yesterday()?.saturating_sub(jiff::Span::new().days(363));
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        tenant.statistics(from, to, Interval::Day).await?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(median(times))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
