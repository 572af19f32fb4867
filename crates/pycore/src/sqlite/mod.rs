//! SQLite, whole.
//!
//! A call encodes its parameters into an arena, releases the GIL, lets SQLite step a batch of rows into another arena, takes
//! the GIL back and builds the Python objects. `statement` is the only file that calls SQLite's C interface for statements.

mod arena;
mod batch;
mod cache;
mod civil;
mod command;
mod connection;
mod control;
mod cursor;
mod database;
mod declared;
mod decode;
mod encode;
mod encode_list;
mod encode_number;
mod encode_time;
mod failure;
mod functions;
mod handles;
mod inherited;
mod open;
mod params;
mod rollback;
mod running;
mod script;
mod sink;
mod statement;
mod stepping;
mod uuid_text;

pub use connection::{SqliteConnection, SqliteInterrupt};
pub use cursor::SqliteCursor;
