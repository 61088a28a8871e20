//! A fault in one line.

use std::error::Error;

/// A fault with everything behind it, from the outermost on. Some faults repeat what is behind them; that is said once.
pub fn chain(fault: &dyn Error) -> String {
    let mut line = fault.to_string();
    let mut next = fault.source();
    while let Some(this) = next {
        let more = this.to_string();
        if !line.ends_with(&more) {
            line.push_str(": ");
            line.push_str(&more);
        }
        next = this.source();
    }
    line
}
