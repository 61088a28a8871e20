//! What the loads of the benchmarks are made of: requests over connections that stay, and what was measured of them.

mod captured;
mod connection;

use std::process::ExitCode;
use std::time::Duration;

pub use captured::Captured;
pub use connection::{Connection, Wanted};

/// The smallest latency that this share of all (0 to 1) does not exceed.
#[must_use]
pub fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Prints what was measured, or what went wrong; how the program ends.
pub fn tell(measured: Result<String, String>) -> ExitCode {
    match measured {
        Ok(measured) => {
            println!("{measured}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Reads a number or an address of the command line.
///
/// # Errors
///
/// It is not of its kind.
pub fn read<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is not of its kind."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let sorted: Vec<Duration> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(percentile(&sorted, 0.5), Duration::from_micros(100));
        assert_eq!(percentile(&sorted, 0.99), Duration::from_micros(198));
        assert_eq!(percentile(&sorted, 1.0), Duration::from_micros(200));
        assert_eq!(percentile(&sorted[..1], 0.99), Duration::from_micros(1));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
    }
}
