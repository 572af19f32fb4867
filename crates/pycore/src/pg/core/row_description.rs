//! Columns as the server tells them right before the rows, compared with what it said when the statement was described.

use std::sync::Arc;

use pgwire::{Column, Format, Oid};
use pyo3::prelude::*;

use super::execution::Execution;
use crate::pg::decode::context::Missing;
use crate::pg::prepared::statement::{Described, Statement};
use crate::pg::types::{Scalar, Type, Types};
use crate::raise::operational_error;
use crate::rows::Collector;

/// Where they are others, the rows are read as what they are now.
pub fn take_row_description(
    py: Python<'_>,
    types: &mut Types,
    execution: &mut Execution,
    now: Vec<Column>,
) {
    let before = &execution.statement.described.columns;
    if before.len() == now.len() && before.iter().zip(&now).all(|(a, b)| is_same(a, b)) {
        return;
    }
    execution.redescribed = true;
    let described = Arc::new(Described {
        parameters: execution.statement.described.parameters.clone(),
        returns_rows: execution.statement.described.returns_rows || !now.is_empty(),
        columns: now,
        keys: execution.statement.described.keys.clone(),
    });
    let mut unknown = described.unknown(types);
    unknown.retain(|oid| {
        let mut columns = described.columns.iter();
        columns.any(|column| column.type_oid == *oid)
    });
    execution.missing = unknown.iter().copied().map(Missing::Type).collect();
    if let Err(error) = begin_anew(py, types, execution, described, &unknown) {
        execution.missing.clear();
        execution.error = Some(error);
    }
}

fn begin_anew(
    py: Python<'_>,
    types: &mut Types,
    execution: &mut Execution,
    described: Arc<Described>,
    unknown: &[Oid],
) -> PyResult<()> {
    read_as_described(py, types, execution, described, unknown)?;
    let shape = execution.query.shape.clone_ref(py);
    execution.collector = Collector::under(py, shape, &execution.statement.header)?;
    Ok(())
}

/// Has the rows read as these columns, which say in which format they come. Types that are missing are found out about later.
pub fn read_as_described(
    py: Python<'_>,
    types: &mut Types,
    execution: &mut Execution,
    described: Arc<Described>,
    unknown: &[Oid],
) -> PyResult<()> {
    let name = execution.statement.name.clone();
    let statement = Statement::new(py, types, name, Arc::clone(&described))?;
    let statement = Arc::new(statement).for_shape(py, execution.query.shape.get());
    for (ty, column) in statement.columns.iter().zip(&described.columns) {
        if !unknown.contains(&column.type_oid) && !reads(ty, column.format) {
            return Err(unreadable(py, &execution.statement, &statement));
        }
    }
    execution.statement = statement;
    Ok(())
}

fn is_same(before: &Column, now: &Column) -> bool {
    before.type_oid == now.type_oid
        && before.type_modifier == now.type_modifier
        && before.name == now.name
}

/// Whether values of the type can be read in this format, though another one would have been asked for.
fn reads(ty: &Type, format: Format) -> bool {
    ty.format() == format
        || matches!(
            ty,
            Type::Enum(_) | Type::Void | Type::Scalar(Scalar::Text | Scalar::Json)
        )
}

#[cold]
fn unreadable(py: Python<'_>, before: &Statement, now: &Statement) -> PyErr {
    operational_error(
        py,
        format!(
            "the columns of the statement have changed since it was run last, from ({}) to ({}), and its values came in a form \
             that cannot be read. It was executed, and will be described anew: run it again if that does no harm",
            list(before),
            list(now)
        ),
    )
}

fn list(statement: &Statement) -> String {
    let names = statement.described.columns.iter().zip(&statement.columns);
    let columns: Vec<String> = names
        .map(|(column, ty)| format!("{} {}", column.name, ty.name()))
        .collect();
    columns.join(", ")
}
