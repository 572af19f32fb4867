//! SQLite, whole.
//!
//! A call encodes its parameters into an arena, releases the GIL, lets SQLite step a batch of rows into another arena, takes
//! the GIL back and builds the Python objects. `statement` and `described` are the only files that call SQLite's C interface
//! for statements.
//!
//! `connection` is the Python class: `open` and `opened` make one (`unopened` says why not), `access` lets callers in through
//! the `gate`, `control` is what other threads may do meanwhile, and what SQLite asks while it works (`callbacks`,
//! `waiting`).
//!
//! `database` runs statements: one (`running`), one for many rows (`batch`), several (`statements`, `script`), one in pieces
//! (`cursor`, `stepping`), short reads without letting go of the GIL (`held`) or of the loop (`inline`, by `pace`, if they are `bounded`). `cache`
//! keeps what was prepared, `command` tells what a statement does, `rollback` how its transaction ended.
//!
//! `params` brings values to `encode`, `decode` makes them of the rows that `sink` is given, by their `declared` kinds; `foreign`
//! does both for another driver. `codecs` of users come between, for reading (`custom`) and writing (`custom_writing`, for the
//! columns that `target` finds, and what those can hold, `fit`: `written` to, or `compared` with, of the tables that `scopes` knows (by `queries`) and
//! `resolved` asks SQLite for).
//!
//! `tools` is what there is besides: `backup`, `blob`, `serialize`, `extension`, and what SQL can call, ours (`functions`) and
//! the program's (`user`). `failure` and `explain` are errors, `inherited` is after a fork.

mod access;
mod arena;
mod backup;
mod batch;
mod blob;
mod bounded;
mod cache;
mod callbacks;
mod civil;
mod codecs;
mod columns;
mod command;
mod compared;
mod connection;
mod control;
mod cursor;
mod custom;
mod custom_writing;
mod database;
mod declared;
mod decode;
mod decode_list;
mod described;
mod encode;
mod encode_list;
mod encode_number;
mod encode_time;
mod explain;
mod extension;
mod failure;
mod fit;
mod foreign;
mod foreign_rows;
mod functions;
mod gate;
mod given;
mod handles;
mod held;
mod inherited;
mod inline;
mod interrupt;
mod journal;
mod neighbours;
mod open;
mod opened;
mod pace;
mod params;
mod plain_format;
mod queries;
mod readonly;
mod resolve_targets;
mod resolved;
mod rollback;
mod running;
mod scopes;
mod script;
mod serialize;
mod sink;
mod sources;
mod statement;
mod statements;
mod stepping;
mod target;
mod tokens;
mod tools;
mod unopened;
mod user;
mod uses;
mod uuid_text;
mod waiting;
mod walk;
mod written;

pub use backup::SqliteBackup;
pub use blob::SqliteBlob;
pub use command::Command;
pub use connection::SqliteConnection;
pub use cursor::SqliteCursor;
pub use foreign::{sqlite_read, sqlite_result, sqlite_values};
pub use foreign_rows::{sqlite_numbered, sqlite_rows};
pub use interrupt::SqliteInterrupt;
pub use tools::SqliteTools;
