//! What is logged, and how; and what is kept of decisions.

use super::{Layers, Setting};
use opbx_server::{LogNumbers, TraceDetail};
use std::io::IsTerminal;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The form of the log on the error output: json or pretty (variable: OPBX_LOG; default: pretty on a terminal, else json)
    #[arg(long, value_name = "FORM")]
    log: Option<String>,
    /// What is logged: error, warn, info, debug, trace or off, also for a part of the program, as in
    /// info,opbx_server=debug (variable: OPBX_LOG_LEVEL; default: info)
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
    /// How much of the numbers of callers and called is logged: full, or masked without their last three digits
    /// (variable: OPBX_LOG_NUMBERS; default: full)
    #[arg(long, value_name = "HOW")]
    log_numbers: Option<String>,
    /// How much of each decision is kept for `opbx trace`: all, trimmed (the document, and which rules spoke) or off; with
    /// --plan nothing is (variable: OPBX_TRACE; default: all)
    #[arg(long, value_name = "WORD")]
    trace: Option<String>,
}

const LOG: Setting = Setting { flag: "log", variable: "OPBX_LOG", key: "log", secret: false };
const LOG_LEVEL: Setting = Setting { flag: "log-level", variable: "OPBX_LOG_LEVEL", key: "log_level", secret: false };
const TRACE: Setting = Setting { flag: "trace", variable: "OPBX_TRACE", key: "trace", secret: false };

const LOG_NUMBERS: Setting =
    Setting { flag: "log-numbers", variable: "OPBX_LOG_NUMBERS", key: "log_numbers", secret: false };

/// The form of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LogFormat {
    /// One object of JSON a line, for machines.
    Json,
    /// For people.
    Pretty,
}

/// What was set.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry {
    pub(crate) format: LogFormat,
    pub(crate) levels: Targets,
    pub(crate) numbers: LogNumbers,
    /// How much of each decision is kept.
    pub(crate) trace: TraceDetail,
}

/// Reads the section.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> Option<Telemetry> {
    let format = |text: &str| match text {
        "json" => Ok(LogFormat::Json),
        "pretty" => Ok(LogFormat::Pretty),
        _ => Err(()),
    };
    let format = layers.take(LOG, flags.log.as_deref(), "json or pretty", format);
    let expected = "a level like info, or levels like info,opbx_server=debug";
    let levels = layers.take(LOG_LEVEL, flags.log_level.as_deref(), expected, levels);
    let numbers = |text: &str| match text {
        "full" => Ok(LogNumbers::Full),
        "masked" => Ok(LogNumbers::Masked),
        _ => Err(()),
    };
    let numbers = layers.take(LOG_NUMBERS, flags.log_numbers.as_deref(), "full or masked", numbers);
    let trace = layers.take(TRACE, flags.trace.as_deref(), "all, trimmed or off", str::parse);
    let by_output = if std::io::stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json };
    Some(Telemetry {
        format: format.unwrap_or(by_output),
        levels: levels.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO)),
        numbers: numbers.unwrap_or_default(),
        trace: trace.unwrap_or_default(),
    })
}

/// A word that is no level would be taken for a part of the program that is to be logged in full, and nothing for
/// `error`.
fn levels(text: &str) -> Result<Targets, ()> {
    let of_a_part = |part: &str| part.contains('=');
    let known = text
        .split(',')
        .map(str::trim)
        .all(|part| !part.is_empty() && (of_a_part(part) || part.parse::<LevelFilter>().is_ok()));
    if known { text.parse().map_err(|_| ()) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_may_be_set_for_a_part() {
        for good in ["info", "off", "WARN", "info,opbx_server=debug", "opbx_server::voice=trace"] {
            assert!(levels(good).is_ok(), "{good}");
        }
        for bad in ["", "loud", "info,", "opbx_server=loud", "opbx_server"] {
            assert!(levels(bad).is_err(), "{bad}");
        }
    }
}
