//! In which encoding a connection keeps texts. Once it has read a table it stays there, whatever database takes the place of its own.

use rusqlite::Connection;

use crate::sqlite::connection::open::first_text;
use crate::sqlite::failure::Failure;

/// Of https://sqlite.org/fileformat2.html, 1.3.
const HEADER: std::ops::Range<usize> = 56..60;
const UTF_8: &str = "UTF-8";
const OTHERS: [(u8, &str); 2] = [(2, "UTF-16le"), (3, "UTF-16be")];

pub fn of(connection: &mut Connection) -> Result<String, Failure> {
    first_text(connection, "PRAGMA encoding")
}

/// That of a database as bytes.
pub fn of_image(bytes: &[u8]) -> &'static str {
    let code = bytes.get(HEADER).and_then(|field| field.last());
    let found = OTHERS.iter().find(|(number, _)| Some(number) == code);
    found.map_or(UTF_8, |(_, name)| *name)
}

/// Whether it stays: SQLite does not tell, but takes another one only before.
pub fn is_fixed(connection: &mut Connection) -> Result<bool, Failure> {
    let own = of(connection)?;
    let other = if own == UTF_8 { OTHERS[0].1 } else { UTF_8 };
    first_text(connection, &format!("PRAGMA encoding = '{other}'"))?;
    let fixed = of(connection)? == own;
    first_text(connection, &format!("PRAGMA encoding = '{own}'"))?;
    Ok(fixed)
}
