//! Instances of models against what their rows hold: models of any style say nothing when an attribute is set, so all are compared.

mod by_places;
mod compare;
mod differing;
mod follow;
mod kept;
mod nobody;
mod read;
mod side;

pub use compare::Watch;
pub use kept::{copied, same};
pub use read::Attribute;
