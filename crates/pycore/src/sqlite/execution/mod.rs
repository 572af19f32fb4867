//! How statements are run.
//!
//! `database` is one open database and runs them: one (`running`), one for many rows (`batch`), several (`statements`, `script`), one in
//! pieces (`cursor`, `stepping`), short reads without letting go of the GIL (`held`) or of the loop (`inline`, by `pace`, if they are
//! `bounded`). `statement` and `described` are the only files that call SQLite's C interface for statements; `cache` keeps what was prepared,
//! `command` tells what a statement does, `rollback` how its transaction ended; `mark` is for those who read behind a write. Rows go through an `arena` to a `sink`, as their `columns` say.

pub mod arena;
pub mod batch;
mod bounded;
pub mod cache;
pub mod columns;
pub mod command;
pub mod cursor;
pub mod database;
pub mod described;
mod held;
mod inline;
mod mark;
mod pace;
pub mod rollback;
mod running;
mod script;
mod sink;
pub mod statement;
mod statements;
mod stepping;
