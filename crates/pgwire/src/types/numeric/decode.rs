//! From the wire to text, exactly as PostgreSQL itself prints it.

use super::{GROUP, INFINITY, MAX_SCALE, NAN, NEG_INFINITY, NEGATIVE, POSITIVE};
use crate::error::DecodeError;
use crate::reader::Reader;
use crate::types::malformed;

/// Reads a numeric into `text`, replacing what it held: `-1.10`, `0.00`, `NaN`, `-Infinity`.
pub fn decode(bytes: &[u8], text: &mut String) -> Result<(), DecodeError> {
    text.clear();
    let mut reader = Reader::new(bytes);
    let count = reader.u16()?;
    let weight = reader.i16()?;
    let sign = reader.u16()?;
    let scale = reader.u16()?;
    let (groups, rest) = reader.rest().as_chunks::<2>();
    if groups.len() != usize::from(count) || !rest.is_empty() {
        return Err(malformed(
            "numeric",
            "it has another number of digits than it says",
        ));
    }
    match sign {
        POSITIVE => {}
        NEGATIVE => text.push('-'),
        NAN => text.push_str("NaN"),
        INFINITY => text.push_str("Infinity"),
        NEG_INFINITY => text.push_str("-Infinity"),
        _ => return Err(malformed("numeric", "its sign is unknown")),
    }
    if matches!(sign, NAN | INFINITY | NEG_INFINITY) {
        return Ok(());
    }
    if scale > MAX_SCALE {
        return Err(malformed("numeric", "its scale is too large"));
    }
    let groups = Groups {
        groups,
        weight: i32::from(weight),
    };
    whole(&groups, text)?;
    fraction(&groups, usize::from(scale), text)
}

/// The groups by the power of 10,000 they count.
struct Groups<'a> {
    groups: &'a [[u8; 2]],
    weight: i32,
}

impl Groups<'_> {
    /// The four digits of a group, as text; those that are not sent are zeros.
    #[inline]
    fn at(&self, power: i32) -> Result<[u8; GROUP], DecodeError> {
        let index = usize::try_from(self.weight.saturating_sub(power)).ok();
        let group = index
            .and_then(|index| self.groups.get(index))
            .copied()
            .unwrap_or_default();
        let mut number = u16::from_be_bytes(group);
        if number > 9_999 {
            return Err(malformed("numeric", "a group of digits is above 9999"));
        }
        let mut digits = [b'0'; GROUP];
        for digit in digits.iter_mut().rev() {
            *digit = u8::try_from(number % 10)
                .unwrap_or_default()
                .saturating_add(b'0');
            number /= 10;
        }
        Ok(digits)
    }
}

fn whole(groups: &Groups<'_>, text: &mut String) -> Result<(), DecodeError> {
    let mut leading = true;
    for power in (0..=groups.weight).rev() {
        for digit in groups.at(power)? {
            leading &= digit == b'0';
            if !leading {
                text.push(char::from(digit));
            }
        }
    }
    if leading {
        text.push('0');
    }
    Ok(())
}

fn fraction(groups: &Groups<'_>, scale: usize, text: &mut String) -> Result<(), DecodeError> {
    if scale == 0 {
        return Ok(());
    }
    text.push('.');
    let mut left = scale;
    let mut power = -1_i32;
    while left > 0 {
        let digits = groups.at(power)?;
        text.extend(digits.into_iter().take(left).map(char::from));
        left = left.saturating_sub(GROUP);
        power = power.saturating_sub(1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[u16]) -> Result<String, DecodeError> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut text = String::new();
        decode(&bytes, &mut text).map(|()| text)
    }

    #[test]
    fn values_as_postgresql_sends_them() {
        const MINUS_1: u16 = 0xffff;
        for (words, expected) in [
            (&[0, 0, 0, 0][..], "0"),
            (&[0, 0, 0, 2], "0.00"),
            (&[1, 0, 0, 0, 1], "1"),
            (&[2, 0, 0, 2, 1, 1000], "1.10"),
            (&[2, 0, 0x4000, 4, 12, 3400], "-12.3400"),
            (&[1, 1, 0, 0, 1], "10000"),
            (&[2, 1, 0, 0, 12, 3], "120003"),
            (&[1, MINUS_1, 0, 4, 1], "0.0001"),
            (&[1, 0xfffe, 0, 8, 1], "0.00000001"),
            (&[1, MINUS_1, 0, 3, 1230], "0.123"),
            (&[0, 0, 0xc000, 0], "NaN"),
            (&[0, 0, 0xd000, 0], "Infinity"),
            (&[0, 0, 0xf000, 0], "-Infinity"),
        ] {
            assert_eq!(text(words).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_numeric() {
        for words in [
            &[][..],
            &[0, 0, 0],
            &[1, 0, 0, 0],
            &[0, 0, 0, 0, 1],
            &[1, 0, 0, 0, 10_000],
            &[0, 0, 1, 0],
            &[0, 0, 0, 0x4000],
        ] {
            assert!(text(words).is_err(), "{words:?}");
        }
        assert!(decode(&[0; 9], &mut String::new()).is_err());
    }
}
