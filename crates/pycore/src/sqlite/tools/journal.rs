//! The journal of a database, and how much of it is forced to the disk.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ffi};

use crate::sqlite::connection::open::{Settings, first_text};
use crate::sqlite::failure::Failure;

/// A word of one of SQLite's own lists: nothing else gets into the text of a pragma.
macro_rules! words {
    ($name:ident, $what:literal, $($word:literal),+) => {
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name(&'static str);

        impl $name {
            pub fn parse(word: &str) -> Result<$name, String> {
                [$($word),+]
                    .into_iter()
                    .find(|known| *known == word)
                    .map($name)
                    .ok_or_else(|| format!("unknown {} {word:?}; known: {}", $what, [$($word),+].join(", ")))
            }
        }
    };
}

words!(
    JournalMode,
    "journal_mode",
    "wal",
    "delete",
    "truncate",
    "persist",
    "memory",
    "off"
);
words!(Synchronous, "synchronous", "off", "normal", "full", "extra");

/// A file gets a write-ahead log unless something else is asked for; one that is only read is left as it is.
pub fn configure(connection: &mut Connection, settings: &Settings) -> Result<(), Failure> {
    // Reads the file's header, so what is no database is refused here.
    let mut mode = first_text(connection, "PRAGMA journal_mode").map_err(of_log)?;
    let on_disk = mode != "memory";
    let wanted = match settings.journal_mode {
        Some(JournalMode(wanted)) => Some(wanted),
        None if on_disk && !settings.readonly => Some("wal"),
        None => None,
    };
    if let Some(wanted) = wanted
        && wanted != mode
    {
        mode = change(connection, wanted, settings.busy_timeout)?;
        if mode != wanted && settings.journal_mode.is_some() {
            return Err(Failure::new(
                ffi::SQLITE_CANTOPEN,
                format!(
                    "the journal mode of this database is {mode}, and cannot be changed to {wanted}"
                ),
            ));
        }
    }
    let synchronous = match settings.synchronous {
        Some(Synchronous(word)) => Some(word),
        // With a write-ahead log, NORMAL survives a crash of the program, and of the machine without corruption.
        None if mode == "wal" => Some("normal"),
        None => None,
    };
    if let Some(word) = synchronous {
        first_text(connection, &format!("PRAGMA synchronous = {word}"))?;
    }
    Ok(())
}

/// The failure of the first read, for which no file is made but those of a write-ahead log.
fn of_log(failure: Failure) -> Failure {
    match failure.code {
        ffi::SQLITE_READONLY_DIRECTORY => {
            Failure::new(ffi::SQLITE_READONLY_CANTINIT, failure.message)
        }
        _ => failure,
    }
}

/// Changing the journal needs the file alone, and SQLite does not wait for that by itself.
fn change(connection: &mut Connection, mode: &str, timeout: Duration) -> Result<String, Failure> {
    let started = Instant::now();
    loop {
        match first_text(connection, &format!("PRAGMA journal_mode = {mode}")) {
            Err(failure)
                if failure.code & 0xff == ffi::SQLITE_BUSY && started.elapsed() < timeout =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}
