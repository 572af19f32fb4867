//! Kinds of result columns by their declared types.

use crate::kinds::Kind;

/// What a column declared like this holds; `Any` where SQLite's storage class says enough.
pub fn kind(declared: Option<&str>) -> Kind {
    let Some(declared) = declared else {
        return Kind::Any;
    };
    let name = declared.trim().to_ascii_uppercase();
    let word = name.split([' ', '(']).next().unwrap_or_default();
    match word {
        "BOOL" | "BOOLEAN" => Kind::Bool,
        "DATE" => Kind::Date,
        "TIME" if !name.contains("WITH TIME ZONE") => Kind::Time,
        "TIMESTAMPTZ" => Kind::TimestampTz,
        "TIMESTAMP" | "DATETIME" if name.contains("WITH TIME ZONE") => Kind::TimestampTz,
        "TIMESTAMP" | "DATETIME" => Kind::Timestamp,
        "UUID" => Kind::Uuid,
        _ if word.starts_with("DECIMAL") || word.starts_with("NUMERIC") => Kind::Decimal,
        _ if word.starts_with("JSON") => Kind::Json,
        _ => Kind::Any,
    }
}

/// The name that codecs are found by: case does not matter, nor how many spaces there are.
pub fn folded(name: &str) -> Box<str> {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase().into()
}

/// A declared type without its arguments.
pub fn bare(declared: &str) -> String {
    let mut depth = 0_usize;
    let mut name = String::with_capacity(declared.len());
    for character in declared.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => name.push(character),
            _ => {}
        }
    }
    name
}

/// Types of integers and floats, by their names. SQLite itself would count a POINT among them, because of its last letters.
const NUMBERS: [&str; 19] = [
    "int",
    "integer",
    "tinyint",
    "smallint",
    "mediumint",
    "bigint",
    "int2",
    "int4",
    "int8",
    "unsigned big int",
    "serial",
    "smallserial",
    "bigserial",
    "real",
    "double",
    "double precision",
    "float",
    "float4",
    "float8",
];

/// Whether such a column is for integers or for floats.
pub fn is_of_numbers(declared: &str) -> bool {
    NUMBERS.contains(&&*folded(&bare(declared)))
}

/// Whether SQLite makes numbers that are others than the texts in such a column say. In one of floats they are meant to be.
pub fn makes_numbers(declared: &str) -> bool {
    match affinity_code(declared) {
        0 | 20 => true,
        // To SQLite, BYTEA is a word like any other.
        17 => !declared.to_ascii_uppercase().contains("BLOB"),
        _ => false,
    }
}

/// What SQLite makes of the numbers, and the texts that are some, in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affinity {
    /// Integers and floats; also where none of the rules of `affinity_code` holds.
    Numeric,
    /// The same.
    Integer,
    /// Floats.
    Real,
    /// Nothing, or texts.
    Other,
}

pub fn affinity(declared: &str) -> Affinity {
    match affinity_code(declared) {
        0 => Affinity::Numeric,
        20 => Affinity::Integer,
        701 => Affinity::Real,
        // To SQLite, BYTEA is a word like any other.
        17 if !declared.to_ascii_uppercase().contains("BLOB") => Affinity::Numeric,
        _ => Affinity::Other,
    }
}

/// Whether SQLite makes numbers of the texts in such a column, by the rules of `affinity_code`: where none of them holds.
pub fn is_numeric(declared: &str) -> bool {
    affinity_code(declared) == 0
}

/// The type code PEP 249 asks for: the OID PostgreSQL gives the same type, 0 where nothing was declared.
pub fn type_code(declared: Option<&str>) -> u32 {
    match kind(declared) {
        Kind::Bool => 16,
        Kind::Bytes => 17,
        Kind::Int => 20,
        Kind::Text => 25,
        Kind::Oid => 26,
        Kind::Json => 114,
        Kind::Float => 701,
        Kind::Date => 1082,
        Kind::Time => 1083,
        Kind::Timestamp => 1114,
        Kind::TimestampTz => 1184,
        Kind::Interval => 1186,
        Kind::Decimal => 1700,
        Kind::Uuid => 2950,
        Kind::Any | Kind::List(_) | Kind::Custom => affinity_code(declared.unwrap_or_default()),
    }
}

/// Values decide what such a column holds, but SQLite prefers one type by these rules (datatype3.html, "Determination Of
/// Column Affinity"), in this order.
fn affinity_code(declared: &str) -> u32 {
    const RULES: [(&[&str], u32); 4] = [
        (&["INT"], 20),
        (&["CHAR", "CLOB", "TEXT"], 25),
        (&["BLOB", "BYTEA"], 17),
        (&["REAL", "FLOA", "DOUB"], 701),
    ];
    let name = declared.to_ascii_uppercase();
    RULES
        .iter()
        .find(|(words, _)| words.iter().any(|word| name.contains(word)))
        .map_or(0, |(_, code)| *code)
}

/// A kind's name in messages.
pub fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "any",
        Kind::Bool => "bool",
        Kind::Int => "int",
        Kind::Float => "float",
        Kind::Text => "text",
        Kind::Bytes => "bytes",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Timestamp => "timestamp",
        Kind::TimestampTz => "timestamptz",
        Kind::Interval => "timedelta",
        Kind::Uuid => "uuid",
        Kind::Decimal => "decimal",
        Kind::Json => "json",
        Kind::Oid => "oid",
        Kind::List(_) => "list",
        Kind::Custom => "value of a codec",
    }
}
