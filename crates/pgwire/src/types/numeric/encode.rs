//! From text in any decimal spelling to the wire, digit for digit.

use super::{GROUP, INFINITY, MAX_SCALE, NAN, NEG_INFINITY, NEGATIVE, POSITIVE};
use crate::error::EncodeError;
use crate::types::unfit;

/// Appends a numeric given as text: `-1.10`, `1E+5`, `NaN`, `Infinity`. The digits after the point
/// are kept, zeros too; the sign of a zero or a NaN does not exist in PostgreSQL.
///
/// # Errors
///
/// [`EncodeError`] for what is not a number (a signalling NaN, a NaN with digits), and for more
/// than 131,072 digits before or 16,383 after the point. Nothing is appended then.
pub fn encode(text: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let (negative, unsigned) = match text.as_bytes().split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text.as_bytes()),
    };
    if let Some(sign) = special(unsigned, negative) {
        header(out, 0, 0, sign, 0);
        return Ok(());
    }
    let Some(number) = Number::parse(unsigned) else {
        return Err(unfit("numeric", shown(text), "is not a decimal number"));
    };
    let too_long = || {
        unfit(
            "numeric",
            shown(text),
            "has more digits than the type can hold",
        )
    };
    let scale = number.scale().ok_or_else(too_long)?;
    let Some(digits) = number.significant() else {
        header(out, 0, 0, POSITIVE, scale);
        return Ok(());
    };
    let (weight, first) = number.weight(&digits).ok_or_else(too_long)?;
    let groups = digits
        .len
        .saturating_add(GROUP)
        .saturating_sub(first)
        .div_ceil(GROUP);
    let count = u16::try_from(groups).map_err(|_| too_long())?;
    header(
        out,
        count,
        weight,
        if negative { NEGATIVE } else { POSITIVE },
        scale,
    );
    write_groups(
        number.digits().skip(digits.start).take(digits.len),
        first,
        out,
    );
    Ok(())
}

fn special(text: &[u8], negative: bool) -> Option<u16> {
    let is = |name: &str| text.eq_ignore_ascii_case(name.as_bytes());
    if is("nan") {
        return Some(NAN);
    }
    (is("infinity") || is("inf")).then_some(if negative { NEG_INFINITY } else { INFINITY })
}

fn header(out: &mut Vec<u8>, count: u16, weight: i16, sign: u16, scale: u16) {
    for word in [count, weight.cast_unsigned(), sign, scale] {
        out.extend_from_slice(&word.to_be_bytes());
    }
}

/// Groups of four; the first has `first` digits, the last is filled with zeros.
fn write_groups(digits: impl Iterator<Item = u8>, first: usize, out: &mut Vec<u8>) {
    let mut room = first;
    let mut group = 0_u16;
    for digit in digits {
        if room == 0 {
            out.extend_from_slice(&group.to_be_bytes());
            (room, group) = (GROUP, 0);
        }
        group = group.saturating_mul(10).saturating_add(u16::from(digit));
        room = room.saturating_sub(1);
    }
    for _ in 0..room {
        group = group.saturating_mul(10);
    }
    out.extend_from_slice(&group.to_be_bytes());
}

/// Digits, a point, digits, and a power of ten.
struct Number<'a> {
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

/// Where the digits that count lie among all digits: from the first to the last that is not 0.
struct Significant {
    start: usize,
    len: usize,
}

impl<'a> Number<'a> {
    fn parse(text: &'a [u8]) -> Option<Self> {
        let mut parts = text.splitn(2, |byte| matches!(byte, b'e' | b'E'));
        let mantissa = parts.next()?;
        let exponent = match parts.next() {
            Some(exponent) => std::str::from_utf8(exponent).ok()?.parse().ok()?,
            None => 0,
        };
        let mut parts = mantissa.splitn(2, |byte| *byte == b'.');
        let whole = parts.next()?;
        let fraction = parts.next().unwrap_or_default();
        let number = Self {
            whole,
            fraction,
            exponent,
        };
        let mut digits = whole.iter().chain(fraction).peekable();
        (digits.peek().is_some() && digits.all(u8::is_ascii_digit)).then_some(number)
    }

    /// All digits, as numbers.
    fn digits(&self) -> impl DoubleEndedIterator<Item = u8> {
        self.whole
            .iter()
            .chain(self.fraction)
            .map(|digit| digit.saturating_sub(b'0'))
    }

    /// Digits after the point, None for too many.
    fn scale(&self) -> Option<u16> {
        let digits = i64::try_from(self.fraction.len()).ok()?;
        let scale = u16::try_from(digits.checked_sub(self.exponent)?.max(0)).ok()?;
        (scale <= MAX_SCALE).then_some(scale)
    }

    /// None for zero.
    fn significant(&self) -> Option<Significant> {
        let start = self.digits().position(|digit| digit != 0)?;
        let after = self.digits().rev().position(|digit| digit != 0)?;
        let total = self.whole.len().saturating_add(self.fraction.len());
        Some(Significant {
            start,
            len: total.saturating_sub(start).saturating_sub(after),
        })
    }

    /// The power of 10,000 of the first group, and how many digits are in it.
    fn weight(&self, digits: &Significant) -> Option<(i16, usize)> {
        let group = i64::try_from(GROUP).ok()?;
        let whole = i64::try_from(self.whole.len()).ok()?;
        let start = i64::try_from(digits.start).ok()?;
        // The power of ten of the first digit.
        let power = whole
            .checked_add(self.exponent)?
            .checked_sub(start)?
            .checked_sub(1)?;
        let weight = i16::try_from(power.div_euclid(group)).ok()?;
        let first = usize::try_from(power.rem_euclid(group))
            .ok()?
            .checked_add(1)?;
        Some((weight, first))
    }
}

/// Enough of a value to recognise it.
fn shown(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_the_wire() {
        for (text, expected) in [
            ("0.00", &[0, 0, 0, 2][..]),
            ("1.10", &[2, 0, 0, 2, 1, 1000]),
            ("-12.3400", &[2, 0, 0x4000, 4, 12, 3400]),
            ("10000", &[1, 1, 0, 0, 1]),
            ("100000000", &[1, 2, 0, 0, 1]),
            ("0.0001", &[1, 0xffff, 0, 4, 1]),
            ("0.00001", &[1, 0xfffe, 0, 5, 1000]),
            ("1E-5", &[1, 0xfffe, 0, 5, 1000]),
        ] {
            let mut out = Vec::new();
            encode(text, &mut out).unwrap();
            let words: Vec<u16> = out
                .chunks(2)
                .map(|word| u16::from_be_bytes([word[0], word[1]]))
                .collect();
            assert_eq!(words, expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number() {
        for text in [
            "",
            "-",
            ".",
            "+-1",
            "1..2",
            "1.2.3",
            "1e",
            "1e+",
            "1e1.5",
            "1e99999999999999999999",
            "sNaN",
            "NaN123",
            "infinit",
            "1_000",
            " 1",
            "1 ",
            "0x10",
            "１",
            "e5",
            "--1",
        ] {
            let mut out = Vec::new();
            assert!(encode(text, &mut out).is_err(), "{text}");
            assert_eq!(out, [], "{text}");
        }
    }

    #[test]
    fn more_than_the_wire_can_hold() {
        let digits = "9".repeat(131_073);
        for text in [
            "1e131072",
            "1e9223372036854775807",
            "1e-16384",
            "0e-16384",
            "1e-9223372036854775808",
            &digits,
        ] {
            let error = encode(text, &mut Vec::new()).unwrap_err().to_string();
            assert!(
                error.ends_with("has more digits than the type can hold"),
                "{error}"
            );
            assert!(error.len() < 200);
        }
    }
}
