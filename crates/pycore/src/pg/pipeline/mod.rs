//! Statements that nobody waits for one by one: how they are `queued`, their outcomes when they come (`pending`), and a `batch` that is
//! all or nothing.

pub mod batch;
pub mod pending;
pub mod queued;
