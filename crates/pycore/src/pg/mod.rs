//! PostgreSQL: the session object that both wires use.
//!
//! `session` is the Python class; `asyncio` and `blocking` are how a loop and a thread drive it. Behind it `core` keeps the requests of the
//! connection in order. What a request may be about has a room of its own: `prepared` statements, `transaction`, `pipeline`, `cursor`,
//! `copy`. `encode` and `decode` are the values, by the `types` they have; `written` is the text of parts of what travels as text.

mod asyncio;
mod blocking;
mod copy;
mod core;
mod cursor;
mod decode;
mod encode;
mod pipeline;
mod prepared;
mod session;
mod transaction;
mod types;
mod written;

pub use blocking::lock::PgLock;
pub use copy::decoder::CopyDecoder;
pub use copy::encoder::CopyEncoder;
pub use copy::pg_copy::PgCopy;
pub use cursor::pg_cursor::PgCursor;
pub use encode::transpose::columns;
pub use pipeline::pending::{PgPending, PgPipeline};
pub use prepared::naming::PgPooler;
pub use session::PgSession;
pub use session::hashing::PgHashing;
pub use types::pg_types::PgTypes;
