//! The aggregates `decimal_sum` and `decimal_avg`, also over windows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use num_bigint::{BigInt, Sign};
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::{Connection, Result};

use super::FLAGS;
use super::arithmetic::number;
use super::number::{Exact, Number, Special, power_of_ten};

pub fn register(connection: &Connection) -> Result<()> {
    connection.create_window_function("decimal_sum", 1, FLAGS, Total(Running::sum))?;
    connection.create_window_function("decimal_avg", 1, FLAGS, Total(Running::mean))
}

/// The values that are not NULL, added up such that each can be taken out again when a window moves on.
#[derive(Default)]
struct Running {
    sum: Exact,
    count: u64,
    /// How many values have so many places: the result has as many as the one with the most.
    scales: BTreeMap<u32, u64>,
    /// How many are NaN, infinity and minus infinity.
    specials: [u64; 3],
}

impl Running {
    fn take(&mut self, context: &Context<'_>) -> Result<()> {
        match number(context, 0)? {
            None => return Ok(()),
            Some(Number::Finite(value)) => {
                self.sum = self.sum.add(&value);
                *self.scales.entry(value.scale).or_default() += 1;
            }
            Some(Number::Special(special)) => {
                let seen = self.special(special);
                *seen = seen.saturating_add(1);
            }
        }
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    fn give_back(&mut self, context: &Context<'_>) -> Result<()> {
        match number(context, 0)? {
            None => return Ok(()),
            Some(Number::Finite(value)) => {
                if let Entry::Occupied(mut seen) = self.scales.entry(value.scale) {
                    *seen.get_mut() = seen.get().saturating_sub(1);
                    if *seen.get() == 0 {
                        seen.remove();
                    }
                }
                self.sum = self.sum.add(&value.negate()).rescaled(self.scale());
            }
            Some(Number::Special(special)) => {
                let seen = self.special(special);
                *seen = seen.saturating_sub(1);
            }
        }
        self.count = self.count.saturating_sub(1);
        Ok(())
    }

    fn special(&mut self, special: Special) -> &mut u64 {
        let [nan, infinity, negative] = &mut self.specials;
        match special {
            Special::NaN => nan,
            Special::Infinity => infinity,
            Special::NegativeInfinity => negative,
        }
    }

    fn scale(&self) -> u32 {
        self.scales.last_key_value().map_or(0, |(scale, _)| *scale)
    }

    /// None when there was no value: SQL's NULL.
    fn total(&self) -> Option<std::result::Result<&Exact, Special>> {
        if self.count == 0 {
            return None;
        }
        Some(match self.specials {
            [0, 0, 0] => Ok(&self.sum),
            [0, _, 0] => Err(Special::Infinity),
            [0, 0, _] => Err(Special::NegativeInfinity),
            _ => Err(Special::NaN),
        })
    }

    fn sum(&self) -> Option<String> {
        self.total().map(|total| match total {
            Ok(sum) => sum.text(),
            Err(special) => special.text().to_owned(),
        })
    }

    fn mean(&self) -> Option<String> {
        self.total().map(|total| match total {
            Ok(sum) => divide(sum, self.count).text(),
            Err(special) => special.text().to_owned(),
        })
    }
}

/// What is made of the values in the end.
struct Total(fn(&Running) -> Option<String>);

impl Aggregate<Running, Option<String>> for Total {
    fn init(&self, _: &mut Context<'_>) -> Result<Running> {
        Ok(Running::default())
    }

    fn step(&self, context: &mut Context<'_>, running: &mut Running) -> Result<()> {
        running.take(context)
    }

    fn finalize(&self, _: &mut Context<'_>, running: Option<Running>) -> Result<Option<String>> {
        Ok(running.and_then(|running| (self.0)(&running)))
    }
}

impl WindowAggregate<Running, Option<String>> for Total {
    fn value(&self, running: Option<&mut Running>) -> Result<Option<String>> {
        Ok(running.and_then(|running| (self.0)(running)))
    }

    fn inverse(&self, context: &mut Context<'_>, running: &mut Running) -> Result<()> {
        running.give_back(context)
    }
}

/// The quotient with as many places as PostgreSQL's avg(numeric) gives (`select_div_scale` in its numeric.c): at least 16
/// significant digits and no fewer places than the sum has, the last one rounded half away from zero.
fn divide(sum: &Exact, count: u64) -> Exact {
    let (weight, first) = leading(sum);
    let (count_weight, count_first) = leading(&Exact {
        unscaled: BigInt::from(count),
        scale: 0,
    });
    let mut quotient_weight = weight.saturating_sub(count_weight);
    if first <= count_first {
        quotient_weight = quotient_weight.saturating_sub(1);
    }
    let places = 16_i64.saturating_sub(quotient_weight.saturating_mul(4));
    let scale = u32::try_from(places.clamp(0, 1000))
        .unwrap_or(0)
        .max(sum.scale.min(1000));
    let numerator: BigInt = if scale >= sum.scale {
        sum.at_scale(scale) * 2
    } else {
        // Only for sums of more than 1,000 places: those beyond do not reach the last place kept.
        &sum.unscaled / power_of_ten(sum.scale.saturating_sub(scale)) * 2
    };
    let count = BigInt::from(count);
    let half = if numerator.sign() == Sign::Minus {
        -&count
    } else {
        count.clone()
    };
    Exact {
        unscaled: (numerator + half) / (count * 2),
        scale,
    }
}

/// Weight and value of the first non-zero digit in base 10,000, as PostgreSQL stores numbers.
fn leading(number: &Exact) -> (i64, u32) {
    let digits = number.unscaled.magnitude().to_string();
    if number.unscaled.sign() == Sign::NoSign {
        return (0, 0);
    }
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    // Decimal place of the first digit: 0 for units.
    let place = length
        .saturating_sub(1)
        .saturating_sub(i64::from(number.scale));
    let weight = place.div_euclid(4);
    let taken = usize::try_from(place.rem_euclid(4))
        .unwrap_or(0)
        .saturating_add(1);
    let mut first: String = digits.chars().take(taken).collect();
    while first.len() < taken {
        first.push('0');
    }
    (weight, first.parse().unwrap_or(0))
}
