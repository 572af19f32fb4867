//! oid: unsigned 32-bit; and the numbers of the types this crate knows.

use super::exact;
use crate::error::DecodeError;

macro_rules! types {
    ($($name:ident = $oid:literal, $array_name:ident = $array:literal;)*) => {
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
    };
}

types! {
    BOOL = 16, BOOL_ARRAY = 1000;
    BYTEA = 17, BYTEA_ARRAY = 1001;
    CHAR = 18, CHAR_ARRAY = 1002;
    NAME = 19, NAME_ARRAY = 1003;
    INT8 = 20, INT8_ARRAY = 1016;
    INT2 = 21, INT2_ARRAY = 1005;
    INT4 = 23, INT4_ARRAY = 1007;
    TEXT = 25, TEXT_ARRAY = 1009;
    OID = 26, OID_ARRAY = 1028;
    JSON = 114, JSON_ARRAY = 199;
    FLOAT4 = 700, FLOAT4_ARRAY = 1021;
    FLOAT8 = 701, FLOAT8_ARRAY = 1022;
    BPCHAR = 1042, BPCHAR_ARRAY = 1014;
    VARCHAR = 1043, VARCHAR_ARRAY = 1015;
    DATE = 1082, DATE_ARRAY = 1182;
    TIME = 1083, TIME_ARRAY = 1183;
    TIMESTAMP = 1114, TIMESTAMP_ARRAY = 1115;
    TIMESTAMPTZ = 1184, TIMESTAMPTZ_ARRAY = 1185;
    NUMERIC = 1700, NUMERIC_ARRAY = 1231;
    UUID = 2950, UUID_ARRAY = 2951;
    JSONB = 3802, JSONB_ARRAY = 3807;
}

/// A literal whose type nobody has decided yet; its values are text.
pub const UNKNOWN: u32 = 705;
/// What a function without a result returns; its values are empty text.
pub const VOID: u32 = 2278;

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
    fn oids_have_no_sign() {
        assert_eq!(decode(&[255; 4]), Ok(u32::MAX));
        assert!(decode(&[0; 3]).is_err());
    }
}
