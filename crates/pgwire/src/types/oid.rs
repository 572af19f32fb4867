//! oid: unsigned 32-bit; and the numbers of the types this crate knows.

use super::exact;
use crate::error::DecodeError;

macro_rules! types {
    ($($name:ident = $oid:literal, $array_name:ident = $array:literal, $text:literal;)*) => {
        $(
            #[doc = concat!("The type `", stringify!($name), "`.")]
            pub const $name: u32 = $oid;
            #[doc = concat!("Arrays of `", stringify!($name), "`.")]
            pub const $array_name: u32 = $array;
        )*

        /// The type of an array's elements, None for types that are not one of these arrays.
        pub const fn array_element(array: u32) -> Option<u32> {
            match array {
                $($array_name => Some($name),)*
                _ => None,
            }
        }

        /// The array type for elements of this type, None for a type that is not one of these.
        pub const fn array_of(element: u32) -> Option<u32> {
            match element {
                $($name => Some($array_name),)*
                _ => None,
            }
        }

        /// The name of a type in `pg_type`, with `[]` for arrays; None for types that are not
        /// built in.
        pub const fn name(oid: u32) -> Option<&'static str> {
            match oid {
                $($name => Some($text), $array_name => Some(concat!($text, "[]")),)*
                UNKNOWN => Some("unknown"),
                VOID => Some("void"),
                _ => None,
            }
        }

        /// The type of this name: as [`name`] gives it, as `pg_type` has the names of arrays
        /// (`_int4`), or as SQL spells it (`double precision`).
        ///
        /// `char` is the type of a single byte, as in `pg_type`; SQL's is `bpchar`.
        pub fn by_name(name: &str) -> Option<u32> {
            let element = name.strip_suffix("[]").or_else(|| name.strip_prefix('_'));
            let oid = match sql_name(element.unwrap_or(name)) {
                $($text => $name,)*
                "unknown" => UNKNOWN,
                "void" => VOID,
                _ => return None,
            };
            if element.is_some() { array_of(oid) } else { Some(oid) }
        }
    };
}

macro_rules! ranges {
    ($($range:ident, $multirange:ident, $bound:ident;)*) => {
        /// The type of a range's ends, None for types that are not one of these ranges.
        pub const fn range_bound(range: u32) -> Option<u32> {
            match range {
                $($range => Some($bound),)*
                _ => None,
            }
        }

        /// The range type a multirange consists of, None for types that are not one of these.
        pub const fn multirange_range(multirange: u32) -> Option<u32> {
            match multirange {
                $($multirange => Some($range),)*
                _ => None,
            }
        }
    };
}

types! {
    BOOL = 16, BOOL_ARRAY = 1000, "bool";
    BYTEA = 17, BYTEA_ARRAY = 1001, "bytea";
    CHAR = 18, CHAR_ARRAY = 1002, "char";
    NAME = 19, NAME_ARRAY = 1003, "name";
    INT8 = 20, INT8_ARRAY = 1016, "int8";
    INT2 = 21, INT2_ARRAY = 1005, "int2";
    INT2VECTOR = 22, INT2VECTOR_ARRAY = 1006, "int2vector";
    INT4 = 23, INT4_ARRAY = 1007, "int4";
    REGPROC = 24, REGPROC_ARRAY = 1008, "regproc";
    TEXT = 25, TEXT_ARRAY = 1009, "text";
    OID = 26, OID_ARRAY = 1028, "oid";
    TID = 27, TID_ARRAY = 1010, "tid";
    XID = 28, XID_ARRAY = 1011, "xid";
    CID = 29, CID_ARRAY = 1012, "cid";
    OIDVECTOR = 30, OIDVECTOR_ARRAY = 1013, "oidvector";
    JSON = 114, JSON_ARRAY = 199, "json";
    XML = 142, XML_ARRAY = 143, "xml";
    POINT = 600, POINT_ARRAY = 1017, "point";
    LSEG = 601, LSEG_ARRAY = 1018, "lseg";
    PATH = 602, PATH_ARRAY = 1019, "path";
    BOX = 603, BOX_ARRAY = 1020, "box";
    POLYGON = 604, POLYGON_ARRAY = 1027, "polygon";
    LINE = 628, LINE_ARRAY = 629, "line";
    CIDR = 650, CIDR_ARRAY = 651, "cidr";
    FLOAT4 = 700, FLOAT4_ARRAY = 1021, "float4";
    FLOAT8 = 701, FLOAT8_ARRAY = 1022, "float8";
    CIRCLE = 718, CIRCLE_ARRAY = 719, "circle";
    MACADDR8 = 774, MACADDR8_ARRAY = 775, "macaddr8";
    MONEY = 790, MONEY_ARRAY = 791, "money";
    MACADDR = 829, MACADDR_ARRAY = 1040, "macaddr";
    INET = 869, INET_ARRAY = 1041, "inet";
    ACLITEM = 1033, ACLITEM_ARRAY = 1034, "aclitem";
    BPCHAR = 1042, BPCHAR_ARRAY = 1014, "bpchar";
    VARCHAR = 1043, VARCHAR_ARRAY = 1015, "varchar";
    DATE = 1082, DATE_ARRAY = 1182, "date";
    TIME = 1083, TIME_ARRAY = 1183, "time";
    TIMESTAMP = 1114, TIMESTAMP_ARRAY = 1115, "timestamp";
    TIMESTAMPTZ = 1184, TIMESTAMPTZ_ARRAY = 1185, "timestamptz";
    INTERVAL = 1186, INTERVAL_ARRAY = 1187, "interval";
    TIMETZ = 1266, TIMETZ_ARRAY = 1270, "timetz";
    BIT = 1560, BIT_ARRAY = 1561, "bit";
    VARBIT = 1562, VARBIT_ARRAY = 1563, "varbit";
    NUMERIC = 1700, NUMERIC_ARRAY = 1231, "numeric";
    REFCURSOR = 1790, REFCURSOR_ARRAY = 2201, "refcursor";
    REGPROCEDURE = 2202, REGPROCEDURE_ARRAY = 2207, "regprocedure";
    REGOPER = 2203, REGOPER_ARRAY = 2208, "regoper";
    REGOPERATOR = 2204, REGOPERATOR_ARRAY = 2209, "regoperator";
    REGCLASS = 2205, REGCLASS_ARRAY = 2210, "regclass";
    REGTYPE = 2206, REGTYPE_ARRAY = 2211, "regtype";
    RECORD = 2249, RECORD_ARRAY = 2287, "record";
    CSTRING = 2275, CSTRING_ARRAY = 1263, "cstring";
    UUID = 2950, UUID_ARRAY = 2951, "uuid";
    TXID_SNAPSHOT = 2970, TXID_SNAPSHOT_ARRAY = 2949, "txid_snapshot";
    PG_LSN = 3220, PG_LSN_ARRAY = 3221, "pg_lsn";
    TSVECTOR = 3614, TSVECTOR_ARRAY = 3643, "tsvector";
    TSQUERY = 3615, TSQUERY_ARRAY = 3645, "tsquery";
    GTSVECTOR = 3642, GTSVECTOR_ARRAY = 3644, "gtsvector";
    REGCONFIG = 3734, REGCONFIG_ARRAY = 3735, "regconfig";
    REGDICTIONARY = 3769, REGDICTIONARY_ARRAY = 3770, "regdictionary";
    JSONB = 3802, JSONB_ARRAY = 3807, "jsonb";
    INT4RANGE = 3904, INT4RANGE_ARRAY = 3905, "int4range";
    NUMRANGE = 3906, NUMRANGE_ARRAY = 3907, "numrange";
    TSRANGE = 3908, TSRANGE_ARRAY = 3909, "tsrange";
    TSTZRANGE = 3910, TSTZRANGE_ARRAY = 3911, "tstzrange";
    DATERANGE = 3912, DATERANGE_ARRAY = 3913, "daterange";
    INT8RANGE = 3926, INT8RANGE_ARRAY = 3927, "int8range";
    JSONPATH = 4072, JSONPATH_ARRAY = 4073, "jsonpath";
    REGNAMESPACE = 4089, REGNAMESPACE_ARRAY = 4090, "regnamespace";
    REGROLE = 4096, REGROLE_ARRAY = 4097, "regrole";
    REGCOLLATION = 4191, REGCOLLATION_ARRAY = 4192, "regcollation";
    INT4MULTIRANGE = 4451, INT4MULTIRANGE_ARRAY = 6150, "int4multirange";
    NUMMULTIRANGE = 4532, NUMMULTIRANGE_ARRAY = 6151, "nummultirange";
    TSMULTIRANGE = 4533, TSMULTIRANGE_ARRAY = 6152, "tsmultirange";
    TSTZMULTIRANGE = 4534, TSTZMULTIRANGE_ARRAY = 6153, "tstzmultirange";
    DATEMULTIRANGE = 4535, DATEMULTIRANGE_ARRAY = 6155, "datemultirange";
    INT8MULTIRANGE = 4536, INT8MULTIRANGE_ARRAY = 6157, "int8multirange";
    PG_SNAPSHOT = 5038, PG_SNAPSHOT_ARRAY = 5039, "pg_snapshot";
    XID8 = 5069, XID8_ARRAY = 271, "xid8";
}

ranges! {
    INT4RANGE, INT4MULTIRANGE, INT4;
    NUMRANGE, NUMMULTIRANGE, NUMERIC;
    TSRANGE, TSMULTIRANGE, TIMESTAMP;
    TSTZRANGE, TSTZMULTIRANGE, TIMESTAMPTZ;
    DATERANGE, DATEMULTIRANGE, DATE;
    INT8RANGE, INT8MULTIRANGE, INT8;
}

/// A literal whose type nobody has decided yet; its values are text.
pub const UNKNOWN: u32 = 705;
/// What a function without a result returns; its values are empty text.
pub const VOID: u32 = 2278;

/// The name in `pg_type` of what SQL has another name for.
fn sql_name(name: &str) -> &str {
    match name {
        "boolean" => "bool",
        "smallint" => "int2",
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "real" => "float4",
        "double precision" => "float8",
        "decimal" => "numeric",
        "character" => "bpchar",
        "character varying" => "varchar",
        "bit varying" => "varbit",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        name => name,
    }
}

/// Reads an oid.
#[inline]
pub fn decode(bytes: &[u8]) -> Result<u32, DecodeError> {
    exact("oid", bytes).map(u32::from_be_bytes)
}

/// Appends an oid.
#[inline]
pub fn encode(value: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&value.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_elements_name_each_other() {
        for element in [
            BOOL, BYTEA, CHAR, NAME, INT2, INT4, INT8, TEXT, OID, JSON, JSONB, UUID,
        ] {
            assert_eq!(array_of(element).and_then(array_element), Some(element));
        }
        assert_eq!(array_element(TEXT), None);
        assert_eq!(array_of(VOID), None);
    }

    #[test]
    fn types_are_found_by_their_names() {
        for oid in 0..10_000 {
            if let Some(name) = name(oid) {
                assert_eq!(by_name(name), Some(oid), "{name}");
            }
            if let Some(element) = array_element(oid) {
                let element = name(element).unwrap();
                assert_eq!(name(oid), Some(&*format!("{element}[]")));
                assert_eq!(by_name(&format!("_{element}")), Some(oid));
            }
            if let Some(range) = multirange_range(oid) {
                assert!(range_bound(range).is_some_and(|bound| name(bound).is_some()));
            }
        }
        assert_eq!(by_name("double precision"), Some(FLOAT8));
        assert_eq!(by_name("integer[]"), Some(INT4_ARRAY));
        for name in ["", "_", "[]", "hstore", "void[]", "int4[][]", "__int4"] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn oids_have_no_sign() {
        assert_eq!(decode(&[255; 4]), Ok(u32::MAX));
        assert!(decode(&[0; 3]).is_err());
    }
}
