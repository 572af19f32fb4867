//! Whether each step of a statement's program is over soon: only then does counting steps say how long it can take.
//!
//! Most steps work on one row or one value, and how long those are has a limit. The others go through a whole table, are
//! searches of a virtual table's own, or functions whose work grows faster than their arguments.

use rusqlite::Connection;

use super::arena::{Arena, Cell};
use super::statement::Statement;
use crate::sqlite::targets::tokens::{Token, token_at, tokens};

/// Functions whose work grows with the length of their arguments, and not faster.
const LINEAR: &str = "
    -> ->> abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling changes char coalesce concat concat_ws cos cosh count
    cume_dist current_date current_time current_timestamp date datetime decimal_abs decimal_add decimal_avg decimal_ceil
    decimal_floor decimal_mul decimal_round decimal_sign decimal_sub decimal_sum degrees dense_rank exp ferrow_json
    ferrow_json_at ferrow_json_bool ferrow_json_decimal ferrow_json_float ferrow_json_has ferrow_json_int ferrow_json_length
    ferrow_json_number ferrow_json_text ferrow_json_type ferrow_lower ferrow_round ferrow_upper first_value floor group_concat
    hex if ifnull iif json json_array json_array_length json_extract json_group_array json_object json_quote json_type
    json_valid julianday lag last_insert_rowid last_value lead length likelihood likely ln log log10 log2 lower max min mod
    nth_value ntile nullif octet_length percent_rank pi pow power quote radians random randomblob rank round row_number sign sin sinh
    sqlite_version sqrt strftime string_agg substr substring sum tan tanh time timediff total total_changes trunc typeof
    unicode unixepoch unlikely upper zeroblob";

/// Virtual tables that are read row by row, from a value.
const ROW_BY_ROW: [&str; 2] = ["json_each", "json_tree"];

/// Asks SQLite for the program. False where it cannot be had: what is not known is not bounded.
#[cold]
pub fn is_bounded(connection: &mut Connection, sql: &str) -> bool {
    let prepared = Statement::prepare(connection, &format!("EXPLAIN {sql}"), false);
    let Ok((Some(mut program), _)) = prepared else {
        return false;
    };
    let mut cells = Arena::default();
    let mut virtual_tables = 0;
    loop {
        cells.clear();
        match program.step() {
            Ok(true) if program.read(program.column_count(), &mut cells).is_ok() => {}
            Ok(false) => break,
            _ => return false,
        }
        let operand = text(&cells, 5);
        match text(&cells, 1) {
            // The rows of a table; those that a join passes over, of all of which it makes a filter.
            "Count" | "FilterAdd" => return false,
            "VOpen" => virtual_tables += 1,
            "Function" | "PureFunc" | "AggStep" | "AggStep1" | "AggInverse" | "AggValue"
            | "AggFinal"
                if !is_linear(operand) =>
            {
                return false;
            }
            _ => {}
        }
    }
    virtual_tables == 0 || virtual_tables <= read_row_by_row(sql)
}

/// A column of a row of EXPLAIN.
fn text(cells: &Arena, column: usize) -> &str {
    match cells.cells().get(column) {
        Some(Cell::Text(span)) => std::str::from_utf8(cells.slice(*span)).unwrap_or_default(),
        _ => "",
    }
}

/// Whether a function is, of which EXPLAIN says `name(number of arguments)`.
fn is_linear(function: &str) -> bool {
    let name = function.split('(').next().unwrap_or_default();
    LINEAR.split_ascii_whitespace().any(|known| known == name)
}

/// How many virtual tables of a statement are, as far as its text shows them.
fn read_row_by_row(sql: &str) -> usize {
    let Some(tokens) = tokens(sql) else { return 0 };
    (0..tokens.len())
        .filter(|at| tokens[*at].0.is_one_of(&ROW_BY_ROW))
        .filter(|at| matches!(token_at(&tokens, at + 1), Some(Token::Sign(b'('))))
        .count()
}
