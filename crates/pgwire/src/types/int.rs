//! int2, int4, int8: big-endian, two's complement.

use super::exact;
use crate::error::DecodeError;

macro_rules! integers {
    ($($decode:ident, $encode:ident, $rust:ty, $name:literal;)*) => {$(
        #[doc = concat!("Reads an ", $name, ".")]
        #[inline]
        pub fn $decode(bytes: &[u8]) -> Result<$rust, DecodeError> {
            exact($name, bytes).map(<$rust>::from_be_bytes)
        }

        #[doc = concat!("Appends an ", $name, ".")]
        #[inline]
        pub fn $encode(value: $rust, out: &mut Vec<u8>) {
            out.extend_from_slice(&value.to_be_bytes());
        }
    )*};
}

integers! {
    decode2, encode2, i16, "int2";
    decode4, encode4, i32, "int4";
    decode8, encode8, i64, "int8";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_each_width_make_the_round_trip() {
        let mut out = Vec::new();
        encode2(i16::MIN, &mut out);
        encode4(i32::MAX, &mut out);
        encode8(-2, &mut out);
        assert_eq!(decode2(&out[..2]), Ok(i16::MIN));
        assert_eq!(decode4(&out[2..6]), Ok(i32::MAX));
        assert_eq!(decode8(&out[6..]), Ok(-2));
    }

    #[test]
    fn widths_are_not_mixed_up() {
        let error = decode8(&[0; 4]).unwrap_err();
        assert_eq!(error.to_string(), "int8: 4 bytes came, the type has 8");
    }
}
