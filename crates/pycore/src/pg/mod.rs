//! PostgreSQL: the session object that both wires use.
//!
//! `session` is the Python class. Behind it, `protocol` and `queue` are what the asyncio wire calls, `waiting` and
//! `blocking` (the descriptor's I/O) what the blocking one does, `deliver` hands out what has come, `ending` is how a
//! session ends.
//!
//! `core` keeps the requests (`request`, `arguments`) in order: `send` turns them into messages, `receive` takes the
//! server's, `pieces` sends the first of many rows while it encodes the rest, `finish` says what becomes of a request, `lookup` asks about types first. `cache` keeps what was prepared,
//! `statement` what is known of it; `encode` and `decode` (in a `context`) are the values, by the `types` they have.
//!
//! `cursor` is a result fetched in parts as Python sees it, `portal` what the core knows of it; `copy` is a COPY as Python
//! sees it, `copying` what the core knows of it, `copy_encoder` and `copy_decoder` are rows in COPY's binary format.

mod arguments;
mod batch;
mod blocking;
mod cache;
mod context;
mod copy;
mod copy_decoder;
mod copy_encoder;
mod copy_row;
mod copying;
mod core;
mod cursor;
mod decode;
mod deliver;
mod encode;
mod ending;
mod finish;
mod known_types;
mod lookup;
mod pieces;
mod portal;
mod protocol;
mod queue;
mod receive;
mod request;
mod send;
mod session;
mod statement;
mod turn;
mod types;
mod waiting;

pub use copy::PgCopy;
pub use copy_decoder::CopyDecoder;
pub use copy_encoder::CopyEncoder;
pub use cursor::PgCursor;
pub use known_types::PgTypes;
pub use session::PgSession;
