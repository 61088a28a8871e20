//! The log of the process, on its error output: the output is for what a command has to say.

use crate::config::{LogFormat, Telemetry};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log. Done once, before anything is logged.
pub(crate) fn start(telemetry: Telemetry) {
    let log = tracing_subscriber::registry().with(telemetry.levels);
    match telemetry.format {
        // One flat object a line: what reads logs should not have to know how we nest.
        LogFormat::Json => log
            .with(
                layer()
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_span_list(false)
                    .with_writer(std::io::stderr),
            )
            .init(),
        LogFormat::Pretty => log.with(layer().with_writer(std::io::stderr)).init(),
    }
}
