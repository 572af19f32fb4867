//! PostgreSQL types that are read and written in binary; all others travel as text.

use pgwire::Oid;
use pgwire::types::oid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Text,
    Char,
    Bytea,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Numeric,
    Json,
    Jsonb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Scalar(Scalar),
    Array {
        element: Scalar,
        element_oid: Oid,
    },
    /// `void`, what functions without a result return.
    Void,
    /// Text in both directions.
    Other(Oid),
}

impl Scalar {
    fn of(type_oid: Oid) -> Option<Scalar> {
        Some(match type_oid {
            oid::BOOL => Scalar::Bool,
            oid::INT2 => Scalar::Int2,
            oid::INT4 => Scalar::Int4,
            oid::INT8 => Scalar::Int8,
            oid::OID => Scalar::Oid,
            oid::FLOAT4 => Scalar::Float4,
            oid::FLOAT8 => Scalar::Float8,
            oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME | oid::UNKNOWN => Scalar::Text,
            oid::CHAR => Scalar::Char,
            oid::BYTEA => Scalar::Bytea,
            oid::DATE => Scalar::Date,
            oid::TIME => Scalar::Time,
            oid::TIMESTAMP => Scalar::Timestamp,
            oid::TIMESTAMPTZ => Scalar::TimestampTz,
            oid::UUID => Scalar::Uuid,
            oid::NUMERIC => Scalar::Numeric,
            oid::JSON => Scalar::Json,
            oid::JSONB => Scalar::Jsonb,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Scalar::Bool => "boolean",
            Scalar::Int2 => "smallint",
            Scalar::Int4 => "integer",
            Scalar::Int8 => "bigint",
            Scalar::Oid => "oid",
            Scalar::Float4 => "real",
            Scalar::Float8 => "double precision",
            Scalar::Text => "text",
            Scalar::Char => "\"char\"",
            Scalar::Bytea => "bytea",
            Scalar::Date => "date",
            Scalar::Time => "time",
            Scalar::Timestamp => "timestamp",
            Scalar::TimestampTz => "timestamp with time zone",
            Scalar::Uuid => "uuid",
            Scalar::Numeric => "numeric",
            Scalar::Json => "json",
            Scalar::Jsonb => "jsonb",
        }
    }
}

impl Type {
    pub fn of(type_oid: Oid) -> Type {
        if let Some(scalar) = Scalar::of(type_oid) {
            return Type::Scalar(scalar);
        }
        if type_oid == oid::VOID {
            return Type::Void;
        }
        match oid::array_element(type_oid).and_then(|element| Some((element, Scalar::of(element)?)))
        {
            Some((element_oid, element)) => Type::Array {
                element,
                element_oid,
            },
            None => Type::Other(type_oid),
        }
    }

    pub fn format(self) -> pgwire::Format {
        match self {
            Type::Other(_) => pgwire::Format::Text,
            _ => pgwire::Format::Binary,
        }
    }
}
