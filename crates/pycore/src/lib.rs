//! `ferrow._core`: the only crate that knows Python.
//!
//! `rows/` turns decoded values into what the caller asked for, `pg/` and `sqlite/` bring the values.

mod ascii;
mod codec;
mod deadline;
mod drive;
mod fork;
mod guarded;
mod instants;
mod json;
mod json_fault;
mod json_text;
mod kinds;
mod lazy;
mod mistaken;
mod numpy;
mod pg;
mod place;
mod plain;
mod raise;
mod rows;
mod sql_text;
mod sqlite;
mod surrogate;
mod thread_end;
mod values;
mod watch;
mod writing;

// An interpreter without a GIL takes it back for this module. Nothing here is known to need one: on CPython 3.14t, with PYTHON_GIL=0,
// tests/isolated/test_free_threading.py passes. But nothing else has been run there.
#[pyo3::pymodule(gil_used = true)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::drive::drive;
    #[pymodule_export]
    use crate::guarded::{end_refused, end_told, transaction_end};
    #[pymodule_export]
    use crate::json::jsonb_text;
    #[pymodule_export]
    use crate::json_fault::json_fault;
    #[pymodule_export]
    use crate::kinds::Kinds;
    #[pymodule_export]
    use crate::pg::{
        CopyDecoder, CopyEncoder, PgCopy, PgCursor, PgHashing, PgLock, PgPending, PgPipeline,
        PgPooler, PgSession, PgTypes, columns,
    };
    #[pymodule_export]
    use crate::rows::grouped::grouped;
    #[pymodule_export]
    use crate::rows::row::restore_row;
    #[pymodule_export]
    use crate::rows::{FlatRows, Result, Row, Shape};
    #[pymodule_export]
    use crate::sqlite::{
        SqliteBackup, SqliteBlob, SqliteConnection, SqliteCursor, SqliteInterrupt, SqliteTools,
        sqlite_numbered, sqlite_read, sqlite_result, sqlite_rows, sqlite_values,
    };

    #[pymodule_export]
    use crate::surrogate::text_fault;
    #[pymodule_export]
    use crate::watch::{Watch, copied, same};
    #[pymodule_export]
    use crate::writing::{InstanceReader, classes, set_each};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::fork::watch(module.py())?;
        crate::rows::prepare(module.py())?;
        // `case [id, name]` and `isinstance(row, Sequence)`
        let sequence = module.py().import("collections.abc")?.getattr("Sequence")?;
        sequence.call_method1("register", (module.py().get_type::<Row>(),))?;
        sequence.call_method1("register", (module.py().get_type::<FlatRows>(),))?;
        module.add("codecs", pyo3::types::PyDict::new(module.py()))?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("SQLITE_VERSION", rusqlite::version())
    }
}
