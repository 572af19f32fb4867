//! A connection made from its settings.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use pyo3::prelude::*;

use super::SqliteConnection;
use super::gate::Gate;
use super::given::Given;
use super::handles::Handles;
use super::inherited;
use super::open::{Settings, open};
use super::unopened;
use crate::fork::Process;
use crate::raise::{operational_error, sqlite_error};
use crate::sqlite::execution::arena::Arena;
use crate::sqlite::execution::cache::Cache;
use crate::sqlite::execution::database::Database;
use crate::sqlite::values::codecs::Codecs;

impl SqliteConnection {
    pub fn open(
        py: Python<'_>,
        settings: &Settings,
        statement_cache_size: usize,
        inline_reads: bool,
        allow_extensions: bool,
        codecs: Option<Arc<Codecs>>,
    ) -> PyResult<SqliteConnection> {
        inherited::leave_all();
        if inherited::is_stuck(&settings.path) {
            let message = format!("cannot open {:?}: {}", settings.path, inherited::REASON);
            return Err(operational_error(py, message));
        }
        let (connection, control) = py.detach(|| open(settings)).map_err(|failure| {
            let message = unopened::explain(settings, &failure);
            sqlite_error(py, failure.code, &message, None)
        })?;
        let file = connection.path().and_then(inherited::file_id);
        let database = Arc::new(Mutex::new(Some(Database {
            cache: Cache::new(statement_cache_size, codecs),
            cursors: Handles::new(),
            blobs: Handles::new(),
            backups: Handles::new(),
            lent: None,
            marking: None,
            connection,
            parameters: Arena::default(),
            rows: Arena::default(),
            query_only: false,
            file,
            readonly: settings.readonly,
            control: Arc::clone(&control),
            paced: inline_reads,
            private: !settings.uri && matches!(settings.path.as_str(), "" | ":memory:"),
            calls_python: false,
        })));
        inherited::note(&database, file);
        Ok(SqliteConnection {
            database,
            gate: Gate::default(),
            control,
            process: Process::current(),
            discarded: Mutex::new(Vec::new()),
            littered: AtomicBool::new(false),
            allow_extensions,
            codecs: Given::default(),
        })
    }
}
