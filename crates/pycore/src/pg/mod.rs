//! PostgreSQL: the session object that both wires use.
//!
//! `session` is the Python class. Behind it, `protocol` and `queue` are what the asyncio wire calls, `waiting` and
//! `blocking` (the descriptor's I/O) what the blocking one does, `deliver` hands out what has come, `ending` is how a
//! session ends.
//!
//! `core` keeps the requests (`request`, `arguments`) in order: `send` turns them into messages, `receive` takes the
//! server's, `finish` says what becomes of a request, `lookup` asks about types first. `cache` keeps what was prepared,
//! `statement` what is known of it; `encode` and `decode` (in a `context`) are the values, by the `types` they have.

mod arguments;
mod batch;
mod blocking;
mod cache;
mod context;
mod core;
mod decode;
mod deliver;
mod encode;
mod ending;
mod finish;
mod lookup;
mod protocol;
mod queue;
mod receive;
mod request;
mod send;
mod session;
mod statement;
mod types;
mod waiting;

pub use session::PgSession;
