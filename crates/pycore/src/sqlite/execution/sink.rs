//! Rows on their way to Python, and the result they end in.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::arena::{Arena, Cell};
use super::cache::Entry;
use super::columns::Columns;
use super::command::Command;
use crate::kinds::Kind;
use crate::raise::interface_error;
use crate::rows::{Collector, CommandStatus, Pause, Result, Shape};
use crate::sqlite::values::decode::RowCells;

/// So many cells are worth stopping the garbage collector for.
const MANY: usize = 64;

/// Where rows go. A statement without columns has none, whatever the shape.
pub struct Sink {
    collector: Option<Collector>,
    kinds: Option<Arc<[Kind]>>,
}

impl Sink {
    pub fn new(py: Python<'_>, shape: &Py<Shape>, columns: &Columns) -> PyResult<Sink> {
        if columns.width() == 0 {
            return Ok(Sink {
                collector: None,
                kinds: None,
            });
        }
        let collector = Collector::under(py, shape.clone_ref(py), &columns.header)?;
        let kinds = match shape.get().kinds() {
            None => None,
            Some(kinds) => Some(merge(py, kinds, columns)?),
        };
        if !columns.readers.is_empty() {
            columns.check(py, kinds.as_deref().unwrap_or(&columns.kinds))?;
        }
        Ok(Sink {
            collector: Some(collector),
            kinds,
        })
    }

    pub fn take(&self, py: Python<'_>, columns: &Columns, rows: &Arena) -> PyResult<()> {
        self.take_cells(py, columns, rows.cells(), rows)
    }

    /// Takes the rows that these cells of the arena make.
    pub fn take_cells(
        &self,
        py: Python<'_>,
        columns: &Columns,
        cells: &[Cell],
        arena: &Arena,
    ) -> PyResult<()> {
        let Some(collector) = &self.collector else {
            return Ok(());
        };
        // A row or two do not set the collector off.
        let many = cells.len() > MANY && collector.quiet();
        let _pause = many.then(|| Pause::begin(py));
        let kinds = self.kinds.as_deref().unwrap_or(&columns.kinds);
        for cells in cells.chunks_exact(columns.width().max(1)) {
            collector.push(
                py,
                &mut RowCells {
                    py,
                    cells,
                    arena,
                    kinds,
                    columns,
                },
            )?;
        }
        Ok(())
    }

    pub fn rows(&self, py: Python<'_>) -> Py<PyList> {
        match &self.collector {
            Some(collector) => collector.rows().clone_ref(py),
            None => PyList::empty(py).unbind(),
        }
    }

    fn values(&self, py: Python<'_>) -> Option<Py<PyList>> {
        let values = self.collector.as_ref()?.values()?;
        Some(values.clone_ref(py))
    }
}

/// The kinds asked for; where they leave it open, those of the declared types.
fn merge(py: Python<'_>, asked: &Arc<[Kind]>, columns: &Columns) -> PyResult<Arc<[Kind]>> {
    if asked.len() != columns.width() {
        return Err(interface_error(
            py,
            format!(
                "the shape has kinds for {} columns, but the result has {}",
                asked.len(),
                columns.width()
            ),
        ));
    }
    if !asked.contains(&Kind::Any) {
        return Ok(Arc::clone(asked));
    }
    let merged = asked
        .iter()
        .zip(&columns.kinds)
        .map(|(asked, declared)| match asked {
            Kind::Any => *declared,
            kind => *kind,
        });
    Ok(merged.collect())
}

/// What a finished statement gives back.
pub fn result(py: Python<'_>, entry: &Entry, sink: Sink, changes: i64) -> PyResult<Result> {
    let rows = sink.rows(py);
    let rowcount = if entry.command.counts() {
        changes
    } else if entry.columns.width() > 0 {
        i64::try_from(rows.bind(py).len())?
    } else {
        -1
    };
    Ok(Result {
        rows,
        values: sink.values(py),
        rowcount,
        status: CommandStatus::Counted(Arc::clone(&entry.tag), rowcount),
        columns: entry.columns.names.clone_ref(py),
        returns_rows: entry.columns.width() > 0,
        type_codes: entry.columns.type_codes.clone_ref(py),
        type_modifiers: PyTuple::empty(py).unbind(),
        last_rowid: (entry.command == Command::Insert && changes > 0)
            .then(|| entry.statement.last_rowid()),
    })
}

/// The result of a statement that had nothing to do.
pub fn empty(py: Python<'_>, entry: &Entry) -> PyResult<Result> {
    Ok(Result {
        rows: PyList::empty(py).unbind(),
        values: None,
        rowcount: -1,
        status: CommandStatus::Counted(Arc::clone(&entry.tag), -1),
        columns: PyTuple::empty(py).unbind(),
        returns_rows: false,
        type_codes: PyTuple::empty(py).unbind(),
        type_modifiers: PyTuple::empty(py).unbind(),
        last_rowid: None,
    })
}
