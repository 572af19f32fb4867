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

/// The type code PEP 249 asks for: the OID PostgreSQL gives the same kind, 0 where values decide.
pub fn type_code(kind: Kind) -> u32 {
    match kind {
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
        Kind::Decimal => 1700,
        Kind::Uuid => 2950,
        Kind::Any | Kind::List(_) => 0,
    }
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
        Kind::Uuid => "uuid",
        Kind::Decimal => "decimal",
        Kind::Json => "json",
        Kind::Oid => "oid",
        Kind::List(_) => "list",
    }
}
