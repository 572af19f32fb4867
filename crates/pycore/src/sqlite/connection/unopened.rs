//! Why a database could not be opened. SQLite says "unable to open database file" for nearly everything.

use std::fs::File;
use std::path::{Path, absolute};

use rusqlite::ffi;

use super::open::Settings;
use crate::sqlite::failure::Failure;

/// Bytes of a write-ahead log that holds nothing.
const LOG_HEADER: u64 = 32;

pub fn explain(settings: &Settings, failure: &Failure) -> String {
    let reason = match failure.code & 0xff {
        _ if settings.uri => None,
        ffi::SQLITE_CANTOPEN => unable(settings),
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM if settings.readonly => unable(settings),
        ffi::SQLITE_READONLY if failure.code == ffi::SQLITE_READONLY_CANTINIT => {
            Some(without_log(&settings.path))
        }
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM => Some(
            "this user may not write the file or its directory, where a database needs room for its journal; \
             open it with mode=ro"
                .to_owned(),
        ),
        ffi::SQLITE_BUSY => Some(
            "another connection holds it; close that one, or wait longer with busy_timeout"
                .to_owned(),
        ),
        _ => None,
    };
    // The bindings repeat the path.
    let said = failure
        .message
        .strip_suffix(&format!(": {}", settings.path));
    let said = said.unwrap_or(&failure.message);
    match reason {
        Some(reason) => format!("cannot open {:?}: {said}: {reason}", settings.path),
        None => format!("cannot open {:?}: {said}", settings.path),
    }
}

/// Of one that reading takes, too.
fn without_log(path: &str) -> String {
    let path = absolute(path).unwrap_or_else(|_| path.into());
    let directory = path.parent().unwrap_or(&path);
    if let Some(log) = length_of_log(&path)
        && log > LOG_HEADER
    {
        return format!(
            "it cannot be read without its write-ahead log, whose index, the file with -shm behind its name, this user may not create or write: \
             look at the permissions of the directory {directory:?}, or copy the file and the one with -wal behind its name to where they may \
             be written, and open the copy"
        );
    }
    format!(
        "it has a write-ahead log, for which this user may not create or write the two files beside it, not even to read: look at the permissions of \
         the directory {directory:?}, or, if nobody writes to the database, open it with immutable=1"
    )
}

/// The write-ahead log beside the file, which need not be there.
fn length_of_log(path: &Path) -> Option<u64> {
    let mut log = path.canonicalize().ok()?.into_os_string();
    log.push("-wal");
    Some(Path::new(&log).metadata().ok()?.len())
}

fn unable(settings: &Settings) -> Option<String> {
    let path = Path::new(&settings.path);
    if path.is_dir() {
        return Some("it is a directory; name a file in it".to_owned());
    }
    if !path.exists() {
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        if let Some(directory) = directory
            && !directory.is_dir()
        {
            return Some(format!(
                "there is no directory {directory:?}; create it first"
            ));
        }
        return Some(if settings.create {
            "the file cannot be created; look at the permissions of its directory".to_owned()
        } else {
            "there is no such file; the default mode, rwc, creates it".to_owned()
        });
    }
    if length_of_log(path).is_some() && File::open(path).is_ok() {
        return Some(without_log(&settings.path));
    }
    if settings.readonly && !settings.immutable {
        return Some(
            "it cannot be read, or it has a write-ahead log, whose reader needs to create two files beside it: look at the \
             permissions of the file and its directory, or, if nobody writes to it, open it with immutable=1"
                .to_owned(),
        );
    }
    settings.journal_mode.is_none().then(|| {
        "look at the permissions of the file and its directory; mode=ro opens it for reading"
            .to_owned()
    })
}
