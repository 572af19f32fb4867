//! Opening a database: the settings that make SQLite strict, concurrent and safe with files of unknown origin.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};

use super::control::Control;
use super::failure::Failure;
use super::functions;
use super::statement::Statement;

pub struct Settings {
    pub path: String,
    pub uri: bool,
    pub readonly: bool,
    pub create: bool,
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
    } else if path.starts_with("file:") {
        // The bundled library reads every name that begins so as a URI.
        path.insert_str(0, "./");
    }
    let mut connection = Connection::open_with_flags(&path, flags)?;
    let control = Arc::new(Control::new(&connection, settings.busy_timeout));
    // SAFETY: the control is on the heap, and whoever gets both keeps it until the connection is closed.
    unsafe {
        control.install(&connection);
    }
    configure(&mut connection, settings)?;
    Ok((connection, control))
}

fn configure(connection: &mut Connection, settings: &Settings) -> Result<(), Failure> {
    for (option, on) in [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        // "name" is a name and never a string: a misspelt column is an error.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        // After ANALYZE, SQLite would compile a statement anew for every set of parameters.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        connection.set_db_config(option, on)?;
    }
    functions::register(connection)?;
    // Reads the file's header, so what is no database is refused here.
    let mode = first_text(connection, "PRAGMA journal_mode")?;
    let on_disk = mode != "memory";
    if on_disk && !settings.readonly {
        if mode != "wal" {
            write_ahead(connection, settings.busy_timeout)?;
        }
        // With a write-ahead log, NORMAL survives a crash of the program, and of the machine without corruption.
        if first_text(connection, "PRAGMA journal_mode")? == "wal" {
            first_text(connection, "PRAGMA synchronous = NORMAL")?;
        }
    }
    Ok(())
}

/// Changing the journal needs the file alone, and SQLite does not wait for that by itself.
fn write_ahead(connection: &mut Connection, timeout: Duration) -> Result<(), Failure> {
    let started = Instant::now();
    loop {
        match first_text(connection, "PRAGMA journal_mode = WAL") {
            Err(failure)
                if failure.code & 0xff == ffi::SQLITE_BUSY && started.elapsed() < timeout =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other.map(drop),
        }
    }
}

/// The first value of a pragma's first row; empty without one.
fn first_text(connection: &mut Connection, sql: &str) -> Result<String, Failure> {
    let mut arena = super::arena::Arena::default();
    let (Some(mut statement), _) = Statement::prepare(connection, sql, false)? else {
        return Ok(String::new());
    };
    if statement.step()? {
        statement.read(1, &mut arena)?;
    }
    Ok(match arena.cells() {
        [super::arena::Cell::Text(span)] => {
            String::from_utf8_lossy(arena.slice(*span)).into_owned()
        }
        _ => String::new(),
    })
}
