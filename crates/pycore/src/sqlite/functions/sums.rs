//! The aggregates `decimal_sum` and `decimal_avg`.

use num_bigint::{BigInt, Sign};
use rusqlite::functions::{Aggregate, Context};
use rusqlite::{Connection, Result};

use super::FLAGS;
use super::arithmetic::number;
use super::number::{Exact, Number, power_of_ten};

pub fn register(connection: &Connection) -> Result<()> {
    connection.create_aggregate_function("decimal_sum", 1, FLAGS, Sum)?;
    connection.create_aggregate_function("decimal_avg", 1, FLAGS, Mean)
}

/// Sum and number of the values that are not NULL.
struct Running {
    sum: Number,
    count: u64,
}

impl Running {
    fn new() -> Running {
        Running {
            sum: Number::Finite(Exact::default()),
            count: 0,
        }
    }

    fn take(&mut self, context: &Context<'_>) -> Result<()> {
        if let Some(value) = number(context, 0)? {
            self.sum = self.sum.add(&value);
            self.count = self.count.saturating_add(1);
        }
        Ok(())
    }
}

struct Sum;

impl Aggregate<Running, Option<String>> for Sum {
    fn init(&self, _: &mut Context<'_>) -> Result<Running> {
        Ok(Running::new())
    }

    fn step(&self, context: &mut Context<'_>, running: &mut Running) -> Result<()> {
        running.take(context)
    }

    /// NULL when there was no value, as SQL has it.
    fn finalize(&self, _: &mut Context<'_>, running: Option<Running>) -> Result<Option<String>> {
        let running = running.filter(|running| running.count > 0);
        Ok(running.map(|running| running.sum.text()))
    }
}

struct Mean;

impl Aggregate<Running, Option<String>> for Mean {
    fn init(&self, _: &mut Context<'_>) -> Result<Running> {
        Ok(Running::new())
    }

    fn step(&self, context: &mut Context<'_>, running: &mut Running) -> Result<()> {
        running.take(context)
    }

    fn finalize(&self, _: &mut Context<'_>, running: Option<Running>) -> Result<Option<String>> {
        let running = running.filter(|running| running.count > 0);
        Ok(running.map(|running| match running.sum {
            Number::Finite(sum) => divide(&sum, running.count).text(),
            Number::Special(special) => special.text().to_owned(),
        }))
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
