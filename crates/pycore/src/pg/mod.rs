//! PostgreSQL: the session object that both wires use.
//!
//! `session` is the Python class, `core` the requests in order, `statement` what a prepared statement knows,
//! `encode` and `decode` the values, `blocking` the descriptor I/O.

mod arguments;
mod blocking;
mod cache;
mod core;
mod decode;
mod encode;
mod request;
mod session;
mod statement;
mod ty;

pub use session::PgSession;
