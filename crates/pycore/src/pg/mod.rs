//! PostgreSQL: the session object that both wires use.
//!
//! `session` is the Python class with its two ways of waiting, `core` the requests in order (sent, received, finished),
//! `statement` what a prepared statement knows, `encode` and `decode` the values, `blocking` the descriptor I/O.

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
