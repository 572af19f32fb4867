//! SQLite, whole.
//!
//! A call encodes its parameters into an arena, releases the GIL, lets SQLite step a batch of rows into another arena, takes
//! the GIL back and builds the Python objects.
//!
//! `connection` is the Python class and who gets into it. `execution` runs statements, `values` are what goes in and comes out, `targets` the
//! columns that parameters are meant for. `vfs` is between SQLite and the files. `tools` is what a connection can do besides; what SQL can call is ours (`functions`) or the
//! program's (`user`). `failure` and `explain` are errors.

mod connection;
mod execution;
mod explain;
mod failure;
mod functions;
mod targets;
mod tools;
mod user;
mod values;
mod vfs;

pub use connection::SqliteConnection;
pub use connection::interrupt::SqliteInterrupt;
pub use execution::command::Command;
pub use execution::cursor::SqliteCursor;
pub use tools::SqliteTools;
pub use tools::backup::SqliteBackup;
pub use tools::blob::SqliteBlob;
pub use values::foreign::{sqlite_read, sqlite_result, sqlite_values};
pub use values::foreign_rows::{sqlite_numbered, sqlite_rows};
