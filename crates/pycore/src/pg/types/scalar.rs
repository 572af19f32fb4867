//! The leaves: types with a codec of their own.

use pgwire::Oid;
use pgwire::types::oid;

macro_rules! scalars {
    ($($scalar:ident $name:literal $($oid:ident)*;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Scalar {
            $($scalar,)*
        }

        impl Scalar {
            pub fn of(type_oid: Oid) -> Option<Scalar> {
                Some(match type_oid {
                    $($(oid::$oid => Scalar::$scalar,)*)*
                    oid::UNKNOWN => Scalar::Text,
                    _ => return None,
                })
            }

            /// As SQL spells it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Scalar::$scalar => $name,)*
                }
            }
        }
    };
}

scalars! {
    Bool "boolean" BOOL;
    Int2 "smallint" INT2;
    Int4 "integer" INT4;
    Int8 "bigint" INT8;
    Oid "oid" OID;
    Xid "xid" XID CID;
    Xid8 "xid8" XID8;
    Float4 "real" FLOAT4;
    Float8 "double precision" FLOAT8;
    Text "text" TEXT VARCHAR BPCHAR NAME REFCURSOR CSTRING;
    Char "\"char\"" CHAR;
    Bytea "bytea" BYTEA;
    Date "date" DATE;
    Time "time" TIME;
    TimeTz "time with time zone" TIMETZ;
    Timestamp "timestamp" TIMESTAMP;
    TimestampTz "timestamp with time zone" TIMESTAMPTZ;
    Interval "interval" INTERVAL;
    Uuid "uuid" UUID;
    Numeric "numeric" NUMERIC;
    Json "json" JSON;
    Jsonb "jsonb" JSONB;
    Bit "bit" BIT;
    VarBit "bit varying" VARBIT;
    Inet "inet" INET;
    Cidr "cidr" CIDR;
    MacAddr "macaddr" MACADDR;
    MacAddr8 "macaddr8" MACADDR8;
    Point "point" POINT;
    Line "line" LINE;
    Lseg "lseg" LSEG;
    Box "box" BOX;
    Path "path" PATH;
    Polygon "polygon" POLYGON;
    Circle "circle" CIRCLE;
    PgLsn "pg_lsn" PG_LSN;
    Tid "tid" TID;
    PgSnapshot "pg_snapshot" PG_SNAPSHOT TXID_SNAPSHOT;
    JsonPath "jsonpath" JSONPATH;
    // Of extensions, which have another number in each database.
    Hstore "hstore";
    Ltree "ltree";
    Lquery "lquery";
    Ltxtquery "ltxtquery";
    Vector "vector";
    Halfvec "halfvec";
    SparseVec "sparsevec";
}

impl Scalar {
    /// Types of extensions by the function that writes their binary form: what it writes is what a codec must read, and
    /// unlike a name it is not taken twice.
    pub fn sent_by(function: &str) -> Option<Scalar> {
        Some(match function {
            "textsend" | "citextsend" | "varcharsend" | "bpcharsend" => Scalar::Text,
            "hstore_send" => Scalar::Hstore,
            "ltree_send" => Scalar::Ltree,
            "lquery_send" => Scalar::Lquery,
            "ltxtq_send" => Scalar::Ltxtquery,
            "vector_send" => Scalar::Vector,
            "halfvec_send" => Scalar::Halfvec,
            "sparsevec_send" => Scalar::SparseVec,
            _ => return None,
        })
    }

    /// Whether its values are lists themselves, so that a list inside an array is an element and not a dimension.
    pub fn holds_lists(self) -> bool {
        matches!(
            self,
            Scalar::Json | Scalar::Jsonb | Scalar::Vector | Scalar::Halfvec | Scalar::SparseVec
        )
    }

    /// Whether it is a point or made of points.
    pub fn is_figure(self) -> bool {
        matches!(
            self,
            Scalar::Point
                | Scalar::Line
                | Scalar::Lseg
                | Scalar::Box
                | Scalar::Path
                | Scalar::Polygon
                | Scalar::Circle
        )
    }

    /// Whether a str stands for its text form, which the server parses strictly.
    pub fn takes_text(self) -> bool {
        !matches!(
            self,
            Scalar::Bool
                | Scalar::Int2
                | Scalar::Int4
                | Scalar::Int8
                | Scalar::Oid
                | Scalar::Xid
                | Scalar::Xid8
                | Scalar::Float4
                | Scalar::Float8
                | Scalar::Numeric
                | Scalar::Text
                | Scalar::Char
                | Scalar::Bytea
                | Scalar::Json
                | Scalar::Jsonb
        )
    }
}
