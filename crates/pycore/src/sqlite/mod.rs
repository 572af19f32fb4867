//! SQLite, whole.
//!
//! A call encodes its parameters into an arena, releases the GIL, lets SQLite step a batch of rows into another arena, takes
//! the GIL back and builds the Python objects. `statement` is the only file that calls SQLite's C interface for statements.

mod access;
mod aim;
mod arena;
mod backup;
mod batch;
mod blob;
mod cache;
mod civil;
mod command;
mod connection;
mod control;
mod cursor;
mod database;
mod declared;
mod decode;
mod decode_list;
mod encode;
mod encode_list;
mod encode_number;
mod encode_time;
mod explain;
mod extension;
mod failure;
mod foreign;
mod functions;
mod gate;
mod handles;
mod held;
mod inherited;
mod inline;
mod interrupt;
mod journal;
mod open;
mod pace;
mod params;
mod plain_format;
mod readonly;
mod rollback;
mod running;
mod script;
mod serialize;
mod sink;
mod statement;
mod statements;
mod stepping;
mod target;
mod tokens;
mod tools;
mod unopened;
mod user;
mod uuid_text;
mod written;

pub use backup::SqliteBackup;
pub use blob::SqliteBlob;
pub use connection::SqliteConnection;
pub use cursor::SqliteCursor;
pub use foreign::{sqlite_read, sqlite_result, sqlite_values};
pub use interrupt::SqliteInterrupt;
pub use tools::SqliteTools;
