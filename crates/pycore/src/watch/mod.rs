//! Instances of models against what their rows hold: models of any style say nothing when an attribute is set, so all are compared.

mod kept;
mod read;
mod watch;

pub use kept::{copied, same};
pub use watch::Watch;
