//! Exact decimal numbers, as PostgreSQL's numeric has them.

use num_bigint::{BigInt, Sign};

/// Far more than any real number needs; an exponent beyond it would only fill the memory.
const LONGEST: i64 = 200_000;

/// The parts of a decimal number's text.
pub struct Parts<'a> {
    pub negative: bool,
    pub whole: &'a [u8],
    pub fraction: &'a [u8],
    pub exponent: i64,
}

impl<'a> Parts<'a> {
    /// None when the text is no finite number.
    pub fn of(text: &'a str) -> Option<Parts<'a>> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (whole, rest) = digits(rest);
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => digits(rest),
            rest => (&[][..], rest),
        };
        let exponent = match rest {
            [] => 0,
            [b'e' | b'E', rest @ ..] => std::str::from_utf8(rest).ok()?.parse().ok()?,
            _ => return None,
        };
        (!whole.is_empty() || !fraction.is_empty()).then_some(Parts {
            negative,
            whole,
            fraction,
            exponent,
        })
    }

    pub fn digits(&self) -> impl Iterator<Item = u8> + '_ {
        self.whole.iter().chain(self.fraction).copied()
    }
}

fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// Values that are no finite numbers, by their lower case names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    NegativeInfinity,
    Infinity,
    NaN,
}

impl Special {
    pub fn of(text: &str) -> Option<Special> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if unsigned.eq_ignore_ascii_case("nan") {
            Some(Special::NaN)
        } else if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity")
        {
            Some(if text.starts_with('-') {
                Special::NegativeInfinity
            } else {
                Special::Infinity
            })
        } else {
            None
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Special::NegativeInfinity => "-Infinity",
            Special::Infinity => "Infinity",
            Special::NaN => "NaN",
        }
    }
}

#[derive(Clone, Debug)]
pub enum Number {
    Finite(Exact),
    Special(Special),
}

/// `unscaled` divided by ten to the power of `scale`.
#[derive(Clone, Debug, Default)]
pub struct Exact {
    pub unscaled: BigInt,
    pub scale: u32,
}

impl Number {
    /// None when the text is no number.
    pub fn of(text: &str) -> Option<Number> {
        match Parts::of(text) {
            Some(parts) => Exact::of(&parts).map(Number::Finite),
            None => Special::of(text).map(Number::Special),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Number::Finite(exact) => exact.text(),
            Number::Special(special) => special.text().to_owned(),
        }
    }

    pub fn add(&self, other: &Number) -> Number {
        use Special::{Infinity, NaN, NegativeInfinity};
        match (self, other) {
            (Number::Finite(left), Number::Finite(right)) => Number::Finite(left.add(right)),
            (Number::Special(NaN), _) | (_, Number::Special(NaN)) => Number::Special(NaN),
            (Number::Special(Infinity), Number::Special(NegativeInfinity))
            | (Number::Special(NegativeInfinity), Number::Special(Infinity)) => {
                Number::Special(NaN)
            }
            (Number::Special(special), _) | (_, Number::Special(special)) => {
                Number::Special(*special)
            }
        }
    }

    pub fn negate(&self) -> Number {
        match self {
            Number::Finite(exact) => Number::Finite(exact.negate()),
            Number::Special(Special::Infinity) => Number::Special(Special::NegativeInfinity),
            Number::Special(Special::NegativeInfinity) => Number::Special(Special::Infinity),
            nan => nan.clone(),
        }
    }

    pub fn multiply(&self, other: &Number) -> Number {
        match (self, other) {
            (Number::Finite(left), Number::Finite(right)) => Number::Finite(Exact {
                unscaled: &left.unscaled * &right.unscaled,
                scale: left.scale.saturating_add(right.scale),
            }),
            _ => match (self.sign(), other.sign()) {
                (Some(left), Some(right)) if left * right > 0 => Number::Special(Special::Infinity),
                (Some(left), Some(right)) if left * right < 0 => {
                    Number::Special(Special::NegativeInfinity)
                }
                // NaN, or infinity times zero.
                _ => Number::Special(Special::NaN),
            },
        }
    }

    /// -1, 0 or 1; None for NaN.
    pub fn sign(&self) -> Option<i8> {
        Some(match self {
            Number::Finite(exact) => match exact.unscaled.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            },
            Number::Special(Special::Infinity) => 1,
            Number::Special(Special::NegativeInfinity) => -1,
            Number::Special(Special::NaN) => return None,
        })
    }
}

impl Exact {
    fn of(parts: &Parts<'_>) -> Option<Exact> {
        let digits: Vec<u8> = parts.digits().collect();
        let mut unscaled = if let Some(short) = short(&digits) {
            BigInt::from(short)
        } else {
            BigInt::parse_bytes(&digits, 10)?
        };
        if parts.negative {
            unscaled = -unscaled;
        }
        let scale = i64::try_from(parts.fraction.len())
            .ok()?
            .checked_sub(parts.exponent)?;
        if scale.abs() > LONGEST {
            return None;
        }
        if scale < 0 {
            unscaled *= power_of_ten(u32::try_from(-scale).ok()?);
        }
        Some(Exact {
            unscaled,
            scale: u32::try_from(scale.max(0)).ok()?,
        })
    }

    pub fn add(&self, other: &Exact) -> Exact {
        let scale = self.scale.max(other.scale);
        Exact {
            unscaled: self.at_scale(scale) + other.at_scale(scale),
            scale,
        }
    }

    pub fn negate(&self) -> Exact {
        Exact {
            unscaled: -&self.unscaled,
            scale: self.scale,
        }
    }

    /// The same value with so many places, of which those that go must be zero.
    pub fn rescaled(self, scale: u32) -> Exact {
        match self.scale.saturating_sub(scale) {
            0 => self,
            fewer => Exact {
                unscaled: self.unscaled / power_of_ten(fewer),
                scale,
            },
        }
    }

    /// The unscaled value with at least as many places as it has.
    pub fn at_scale(&self, scale: u32) -> BigInt {
        match scale.saturating_sub(self.scale) {
            0 => self.unscaled.clone(),
            more => &self.unscaled * power_of_ten(more),
        }
    }

    pub fn text(&self) -> String {
        let digits = self.unscaled.magnitude().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale.saturating_add(1));
        let sign = if self.unscaled.sign() == Sign::Minus {
            "-"
        } else {
            ""
        };
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}

pub fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// Most numbers fit a machine word.
fn short(digits: &[u8]) -> Option<u64> {
    if digits.len() > 18 {
        return None;
    }
    let value = digits
        .iter()
        .fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
    Some(value)
}
