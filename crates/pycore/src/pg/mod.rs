//! PostgreSQL: the session object that both wires use.
//!
//! `session` is the Python class. Behind it, `protocol` and `queue` are what the asyncio wire calls, `waiting` and
//! `blocking` (the descriptor's I/O; `channel`: with `tls` or without) what the blocking one does (`lock`: one thread at a
//! time), `deliver` hands out what has come (`wake`: to the task that waits for it), `hashing` is where a login hashes its
//! password, `ending` is how a session ends.
//!
//! `core` keeps what waits (`request`, `arguments`, each with its `reply`) and what is under way (`flight`, of all `flights`, and `execution`) in
//! order: `send` and `executing` turn it into messages, `receive` takes the server's (`rows`: those of a result, `turn`: how
//! much at once) and `events` has each heard by the request it is about, `wanted` says for whom, `pieces` sends the first of many rows while it encodes the rest, `finish` says what becomes of a request,
//! `lookup` asks about types first. `cache` keeps what was prepared, `statement` what is known of it; `encode` and `decode` (in
//! a `context`) are the values, by the `types` they have.
//!
//! `begin` holds back the BEGIN of a transaction for its first statement; `pipeline` are statements that nobody waits for
//! one by one, `pending` their outcomes.
//!
//! `cursor` is a result fetched in parts as Python sees it, `portal` what the core knows of it; `copy` is a COPY as Python
//! sees it, `copying` what the core knows of it, `copy_encoder` and `copy_decoder` are rows in COPY's binary format, which are
//! fetched `ahead`.
//! `transpose` makes arrays of the rows of a bulk insert.

mod arguments;
mod batch;
mod begin;
mod blocking;
mod cache;
mod channel;
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
mod ended;
mod ending;
mod events;
mod executing;
mod execution;
mod finish;
mod flight;
mod flights;
mod guard;
mod hashing;
mod heal;
mod known_types;
mod lock;
mod lookup;
mod loss;
mod naming;
mod opening;
mod pending;
mod pieces;
mod pipeline;
mod portal;
mod protocol;
mod queue;
mod receive;
mod reply;
mod request;
mod row_description;
mod rows;
mod send;
mod session;
mod statement;
mod tls;
mod transpose;
mod turn;
mod types;
mod waiting;
mod wake;
mod wanted;
mod whole;

pub use copy::PgCopy;
pub use copy_decoder::CopyDecoder;
pub use copy_encoder::CopyEncoder;
pub use cursor::PgCursor;
pub use hashing::PgHashing;
pub use known_types::PgTypes;
pub use lock::PgLock;
pub use naming::PgPooler;
pub use pending::{PgPending, PgPipeline};
pub use session::PgSession;
pub use transpose::columns;
