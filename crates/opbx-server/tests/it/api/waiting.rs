//! For what the server does by itself, after it has answered.

use std::time::{Duration, Instant};

/// Looks again until there is what is looked for.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "it did not come that {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
