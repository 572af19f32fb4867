//! Opening a database: the settings that make SQLite strict, concurrent and safe with files of unknown origin.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::control::Control;
use crate::sqlite::execution::statement::Statement;
use crate::sqlite::failure::Failure;
use crate::sqlite::functions;
use crate::sqlite::tools::journal::{self, JournalMode, Synchronous};
use crate::sqlite::vfs;

pub struct Settings {
    pub path: String,
    pub uri: bool,
    pub readonly: bool,
    pub create: bool,
    pub immutable: bool,
    pub vfs: Option<String>,
    pub journal_mode: Option<JournalMode>,
    pub synchronous: Option<Synchronous>,
    pub cache_size: Option<i32>,
    pub foreign_keys: bool,
    pub busy_timeout: Duration,
}

/// An open connection and its control, which must outlive it.
pub fn open(settings: &Settings) -> Result<(Connection, Arc<Control>), Failure> {
    let access = if settings.readonly {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else if settings.create {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let mut flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut path = settings.path.clone();
    if settings.uri {
        flags |= OpenFlags::SQLITE_OPEN_URI;
    } else if settings.immutable {
        flags |= OpenFlags::SQLITE_OPEN_URI;
        path = immutable(&path);
    } else if path.starts_with("file:") {
        // The bundled library reads every name that begins so as a URI.
        path.insert_str(0, "./");
    }
    let mut connection = match settings.vfs.as_deref().or(vfs::name()) {
        Some(vfs) => Connection::open_with_flags_and_vfs(&path, flags, vfs),
        None => Connection::open_with_flags(&path, flags),
    }?;
    let control = Arc::new(Control::new(&connection, settings.busy_timeout));
    // SAFETY: the control is on the heap, and whoever gets both keeps it until the connection is closed.
    unsafe {
        control.install(&connection);
    }
    configure(&mut connection, settings)?;
    Ok((connection, control))
}

/// The path as a URI that says that nobody writes the file; there is no flag for it.
fn immutable(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') {
        "file://"
    } else {
        "file:"
    });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

fn configure(connection: &mut Connection, settings: &Settings) -> Result<(), Failure> {
    for (option, on) in [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, settings.foreign_keys),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        // "name" is a name and never a string: a misspelt column is an error.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        // After ANALYZE, SQLite would compile a statement anew for every set of parameters.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        connection.set_db_config(option, on)?;
    }
    functions::register(connection)?;
    journal::configure(connection, settings)?;
    if let Some(size) = settings.cache_size {
        first_text(connection, &format!("PRAGMA cache_size = {size}"))?;
    }
    // Last: it forbids some of the journal modes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(())
}

/// The first value of a pragma's first row; empty without one.
pub fn first_text(connection: &mut Connection, sql: &str) -> Result<String, Failure> {
    let mut arena = crate::sqlite::execution::arena::Arena::default();
    let (Some(mut statement), _) = Statement::prepare(connection, sql, false)? else {
        return Ok(String::new());
    };
    if statement.step()? {
        statement.read(1, &mut arena)?;
    }
    Ok(match arena.cells() {
        [crate::sqlite::execution::arena::Cell::Text(span)] => {
            String::from_utf8_lossy(arena.slice(*span)).into_owned()
        }
        [crate::sqlite::execution::arena::Cell::Int(number)] => number.to_string(),
        _ => String::new(),
    })
}
