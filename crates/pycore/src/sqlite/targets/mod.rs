//! Finds the columns that parameters are written to or compared with, and so what the parameters have to fit.
//!
//! SQLite does not tell, so the text of a statement is taken apart: into `tokens`, along which `walk` finds clauses, values and names,
//! `queries`, `scopes` and `sources` whose tables may be named where, `neighbours` what stands around a parameter, `whole` whether it is
//! all of a value. `written` and `compared` say which column each belongs to, `resolved` asks SQLite for its type, `uses` collects that, and `resolve` checks an execution by it.

mod compared;
mod neighbours;
mod queries;
mod resolve;
mod resolved;
mod scopes;
mod sources;
pub mod tokens;
mod uses;
mod walk;
mod whole;
mod written;

use rusqlite::{Connection, TransactionState, ffi};

use self::resolved::Comparisons;
use self::tokens::tokens;
use self::uses::Uses;
use self::written::{Written, written};
use crate::sqlite::execution::statement::Statement;
use crate::sqlite::failure::Failure;
use crate::sqlite::values::codecs::Codecs;
use crate::sqlite::values::custom_writing::Writer;
use crate::sqlite::values::fit::Fit;

/// A column into which not every value goes that SQLite would take, or goes as it is.
#[derive(Clone, PartialEq)]
pub struct Target {
    pub fit: Option<Fit>,
    /// What other columns can hold that the same parameter goes into; None for one that takes everything as it is.
    pub others: Vec<Option<Fit>>,
    /// Whether it is compared before it is stored: what becomes a number has to be one then.
    pub weighed: bool,
    pub writer: Option<Writer>,
}

impl Target {
    pub fn of(declared: Option<&str>, codecs: Option<&Codecs>) -> Option<Target> {
        let fit = Fit::of(declared);
        let writer = codecs.and_then(|codecs| Writer::of(codecs, declared?));
        (fit.is_some() || writer.is_some()).then_some(Target {
            fit,
            others: Vec::new(),
            weighed: false,
            writer,
        })
    }
}

/// When it is to be found out anew where parameters go.
pub enum Watch {
    /// Never, or when one does not fit.
    Nothing,
    /// Every time.
    Always,
    /// When this statement, which asks for the columns, is compiled anew, as it was so often.
    Question(Statement, i32),
}

impl Watch {
    /// Whether the table can have become another one since it was looked at. SQLite compiles a statement anew when the schema
    /// has changed, but a row that was made for the former one would be written.
    #[cold]
    pub fn is_over(&mut self, connection: &Connection) -> bool {
        match self {
            Watch::Nothing => false,
            Watch::Always => true,
            Watch::Question(question, reprepared) => {
                let failed = !may_look(connection) || question.step().is_err();
                question.reset();
                failed || question.reprepared() != *reprepared
            }
        }
    }
}

/// For each parameter of a statement, in order, what it has to fit; nothing where that is not known. `anew`: other connections
/// may have changed the schema since, which SQLite sees when a statement begins to run. With codecs that is never left open.
pub fn targets(
    connection: &mut Connection,
    sql: &str,
    codecs: Option<&Codecs>,
    anew: bool,
) -> Result<(Vec<Option<Target>>, Watch), Failure> {
    let nothing = || Ok((Vec::new(), Watch::Nothing));
    let Some(tokens) = tokens(sql) else {
        return nothing();
    };
    let written = written(sql, &tokens).filter(|found| !found.names_nothing());
    let compared = codecs.and_then(|_| Comparisons::of(sql, &tokens));
    let Some(question) = question(written.as_ref(), compared.as_ref()) else {
        return nothing();
    };
    let asked = Statement::prepare(connection, &question, false).and_then(|(answer, _)| {
        let Some(mut answer) = answer else {
            return Ok(None);
        };
        if (anew || codecs.is_some()) && may_look(connection) {
            answer.step()?;
            answer.reset();
        }
        Ok(Some(answer))
    });
    let answer = match asked {
        Ok(Some(answer)) => answer,
        // To go on without knowing its codecs could write another value.
        Err(failure) if codecs.is_some() && failure.code & 0xff != ffi::SQLITE_ERROR => {
            return Err(failure);
        }
        // A table that is not there, or not like that, is the statement's affair.
        Ok(None) | Err(_) => {
            return Ok((Vec::new(), codecs.map_or(Watch::Nothing, |_| Watch::Always)));
        }
    };
    let mut uses = Uses::new(&tokens, codecs);
    if let Some(found) = written {
        let positions = positions(connection, &found, &answer)?;
        uses.written(&found, &answer, &positions);
    }
    if let Some(compared) = &compared {
        uses.compared(compared, connection);
    }
    Ok((uses.targets(), watch(answer, codecs)))
}

/// A SELECT of the columns that are written to, whose plan SQLite invalidates when one of the tables changes.
fn question(written: Option<&Written<'_>>, compared: Option<&Comparisons<'_>>) -> Option<String> {
    let conditions = compared.map(Comparisons::conditions).unwrap_or_default();
    let filter = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    let Some(found) = written else {
        return (!conditions.is_empty()).then(|| format!("SELECT 1{filter} LIMIT 0"));
    };
    let assigned = found.assigned.iter().copied();
    let inserted = match &found.columns {
        Some(names) => names.as_slice(),
        None => &["*"],
    };
    let columns: Vec<&str> = assigned.chain(inserted.iter().copied()).collect();
    Some(format!(
        "SELECT {} FROM {}{filter} LIMIT 0",
        columns.join(", "),
        found.table
    ))
}

/// For each value of an INSERT's row, which column of the answer it goes to; nothing where that is not known.
fn positions(
    connection: &mut Connection,
    found: &Written<'_>,
    answer: &Statement,
) -> Result<Vec<usize>, Failure> {
    let all = found.assigned.len()..answer.column_count();
    if found.columns.is_some() || all.len() == found.width {
        return Ok(all.collect());
    }
    if all.len() < found.width || !found.has_rows() {
        return Ok(Vec::new());
    }
    // Generated columns are among all columns, but not among those that are written.
    let mut taken = Vec::with_capacity(all.len());
    for index in all {
        if is_writable(connection, found.table, &answer.column_name(index))? {
            taken.push(index);
        }
    }
    Ok(if found.width == 0 || taken.len() == found.width {
        taken
    } else {
        Vec::new()
    })
}

/// SQLite says so of a statement that is never run. (A PRAGMA would be, and begin a transaction.)
fn is_writable(connection: &mut Connection, table: &str, column: &str) -> Result<bool, Failure> {
    let column = column.replace('"', "\"\"");
    let sql = format!("INSERT INTO {table} (\"{column}\") VALUES (NULL)");
    match Statement::prepare(connection, &sql, false) {
        Ok(_) => Ok(true),
        Err(failure) if failure.code & 0xff == ffi::SQLITE_ERROR => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Without codecs, a value that does not fit is the only one for which it matters.
fn watch(question: Statement, codecs: Option<&Codecs>) -> Watch {
    match codecs {
        None => Watch::Nothing,
        Some(_) => {
            let reprepared = question.reprepared();
            Watch::Question(question, reprepared)
        }
    }
}

/// Whether a look at the file changes nothing: at the beginning of a transaction it would decide what the transaction sees.
fn may_look(connection: &Connection) -> bool {
    connection.is_autocommit()
        || connection
            .transaction_state(None::<&str>)
            .is_ok_and(|state| state != TransactionState::None)
}
