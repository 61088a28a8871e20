//! Node.js, by which tests run the clients of live updates that others wrote.

use crate::machine;

/// Says what is missing, since a runner that captures what tests say would not.
pub(super) fn look() {
    let missing: Vec<&str> = ["node", "npm"].into_iter().filter(|name| machine::on_path(name).is_none()).collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        eprintln!(
            "{missing} not installed: live updates are not tried out with pusher-js and Laravel Echo \
             (Debian: apt-get install nodejs npm)."
        );
    }
}
