//! Statistics as they are answered.

use super::super::answer::instant;
use crate::log_numbers::LogNumbers;
use opbx_core::caps::Money;
use opbx_core::statistics::{Report, Top};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What was counted over calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallStatistics)]
pub(super) struct StatisticsView {
    /// All calls together.
    totals: TotalsView,
    /// How many calls ended how. Those that go on are in none.
    #[schema(example = json!({ "ANSWERED": 17, "BUSY": 1, "NO ANSWER": 4, "FAILED": 0, "CANCELED": 2 }))]
    by_disposition: BTreeMap<&'static str, i64>,
    /// How many calls went which way.
    #[schema(example = json!({ "inbound": 15, "outbound": 7, "internal": 2 }))]
    by_direction: BTreeMap<&'static str, i64>,
    /// How many calls began while the clocks of the organization showed which hour, from `0` to `23`.
    #[schema(example = json!({ "9": 11, "10": 13 }))]
    by_hour: BTreeMap<String, i64>,
    /// The course of it, hour by hour, day by day or week by week, those without calls too.
    series: Vec<PointView>,
    /// The extensions with the most calls.
    top_extensions: Vec<TopView>,
    /// The ring groups with the most calls.
    top_ring_groups: Vec<TopView>,
    /// The numbers outside with the most calls.
    top_numbers: Vec<TopView>,
}

/// All calls together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallTotals)]
struct TotalsView {
    /// How many there were.
    calls: i64,
    /// How many were answered.
    answered: i64,
    /// How many came from outside and were taken by no person.
    missed: i64,
    /// The part of the calls from outside that a person took, from 0 to 1; null: there were none.
    answer_rate: Option<f64>,
    /// Seconds from beginning to end.
    duration: i64,
    /// Answered seconds.
    talk: i64,
    /// Answered seconds of an answered call.
    average_talk: i64,
    /// Seconds until a person took a call.
    average_wait: i64,
    /// What they cost.
    #[schema(example = "0.0125")]
    cost: String,
}

/// An hour, a day or a week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallStatisticsPoint)]
struct PointView {
    /// When it begins.
    #[schema(format = DateTime)]
    start: String,
    /// How many calls began in it.
    calls: i64,
    /// How many of those were answered.
    answered: i64,
    /// How many of those came from outside and were taken by no person.
    missed: i64,
    /// Their answered seconds.
    talk: i64,
}

/// A thing with many calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallStatisticsTop)]
struct TopView {
    /// Which one; null: a number outside, or it is no longer there.
    id: Option<u64>,
    /// What it is called; of what is no longer there, what it was called.
    name: String,
    /// How many calls it has.
    calls: i64,
}

/// A report; `hides`: of numbers the last digits.
pub(super) fn view(report: &Report, hides: bool) -> StatisticsView {
    let (shown, all) =
        if hides { (LogNumbers::Masked, LogNumbers::Full) } else { (LogNumbers::Full, LogNumbers::Full) };
    let tops = |tops: &[Top], shown: LogNumbers| -> Vec<TopView> {
        tops.iter()
            .map(|top| TopView { id: top.id, name: shown.shown(&top.name).to_string(), calls: top.calls })
            .collect()
    };
    StatisticsView {
        totals: TotalsView {
            calls: report.totals.calls,
            answered: report.answered,
            missed: report.totals.missed,
            answer_rate: report.answer_rate(),
            duration: report.totals.duration,
            talk: report.totals.talk,
            average_talk: report.average_talk(),
            average_wait: report.average_wait(),
            cost: Money::from_millionths(u64::try_from(report.totals.cost).unwrap_or_default()).to_string(),
        },
        by_disposition: report
            .by_disposition
            .iter()
            .map(|(disposition, calls)| (disposition.as_str(), *calls))
            .collect(),
        by_direction: report.by_direction.iter().map(|(direction, calls)| (direction.as_str(), *calls)).collect(),
        by_hour: report.by_hour.iter().enumerate().map(|(hour, calls)| (hour.to_string(), *calls)).collect(),
        series: report
            .series
            .iter()
            .map(|(start, point)| PointView {
                start: instant(*start),
                calls: point.calls,
                answered: point.answered,
                missed: point.missed,
                talk: point.talk,
            })
            .collect(),
        top_extensions: tops(&report.top_extensions, all),
        top_ring_groups: tops(&report.top_ring_groups, all),
        top_numbers: tops(&report.top_numbers, shown),
    }
}
