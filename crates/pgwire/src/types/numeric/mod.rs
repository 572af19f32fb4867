//! numeric: groups of four decimal digits, exact; the value is plain decimal text on our side.
//!
//! On the wire: the number of groups, the power of 10,000 the first one counts (weight), the sign,
//! the number of digits shown after the point (display scale), then the groups.

mod decode;
mod encode;

pub use decode::decode;
pub use encode::encode;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEG_INFINITY: u16 = 0xf000;

/// The most digits after the point the wire can say.
const MAX_SCALE: u16 = 0x3fff;
/// Digits of a group.
const GROUP: usize = 4;

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    fn round_trip(text: &str) -> String {
        let mut bytes = Vec::new();
        encode(text, &mut bytes).unwrap();
        let mut back = String::from("left over");
        decode(&bytes, &mut back).unwrap();
        back
    }

    #[test]
    fn plain_text_comes_back_as_it_was() {
        for text in [
            "0",
            "0.00",
            "1",
            "-1",
            "1.10",
            "10000",
            "9999",
            "12345678",
            "0.0001",
            "0.00001",
            "-0.5",
            "100000000.000000001",
            "1.0000",
            "99999999.9999",
            "NaN",
            "Infinity",
            "-Infinity",
        ] {
            assert_eq!(round_trip(text), text);
        }
    }

    #[test]
    fn other_spellings_become_plain_text() {
        for (text, plain) in [
            ("1E+5", "100000"),
            ("1e5", "100000"),
            ("1.5E+1", "15"),
            ("1.50E+1", "15.0"),
            ("12E-1", "1.2"),
            ("1E-7", "0.0000001"),
            ("0E-10", "0.0000000000"),
            ("0E+10", "0"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            ("+7", "7"),
            ("007.50", "7.50"),
            (".5", "0.5"),
            ("5.", "5"),
            ("nan", "NaN"),
            ("-NaN", "NaN"),
            ("inf", "Infinity"),
            ("+Infinity", "Infinity"),
            ("-INF", "-Infinity"),
        ] {
            assert_eq!(round_trip(text), plain, "{text}");
        }
    }

    #[test]
    fn as_long_as_the_wire_can_hold() {
        let whole = "9".repeat(131_072);
        assert_eq!(round_trip(&whole), whole);
        let scale = format!("0.{}1", "0".repeat(16_382));
        assert_eq!(round_trip(&scale), scale);
        assert_eq!(round_trip("1e131071").len(), 131_072);
    }
}
