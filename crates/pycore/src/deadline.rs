//! Deadlines: Python gives seconds from now.

use std::time::{Duration, Instant};

/// A number of seconds from now as an instant.
pub fn deadline(seconds: Option<f64>) -> Option<Instant> {
    let duration = Duration::try_from_secs_f64(seconds?.max(0.0)).ok()?;
    Instant::now().checked_add(duration)
}
