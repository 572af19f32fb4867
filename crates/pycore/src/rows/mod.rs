//! Rows become what was asked for: tuples, `Row`s, dicts, one column, model instances, several of these side by side.

mod collector;
mod fill;
mod flat;
pub mod grouped;
mod instance;
mod kept_rows;
mod parts;
mod pause;
mod plan;
mod pydantic;
mod recorded;
mod result;
pub mod row;
mod row_memory;
mod shape;

pub use collector::{Collector, Miss, Values, column_names};
pub use fill::{Next, collectable, tuple};
pub use flat::FlatRows;
pub use instance::{new_from, new_instance, set_attribute, set_by_descriptor};
pub use pause::Pause;
pub use result::{CommandStatus, Result};
pub use row::{Header, Row};
pub use row_memory::prepare;
pub use shape::{Plain, Shape};
