//! `decimal_round(x, places)`, `decimal_ceil`, `decimal_floor`, `decimal_abs` and `decimal_sign`, exact; `ferrow_round(x, places)`
//! of floats. All of them round as PostgreSQL does.

use num_bigint::{BigInt, Sign};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

use super::arithmetic::number;
use super::number::{Exact, Number, power_of_ten};
use super::{FLAGS, failed};

type Operation = fn(&Exact) -> Exact;

/// PostgreSQL's numeric rounds to no more places either.
const MOST_PLACES: i64 = 2_000;

pub fn register(connection: &Connection) -> Result<()> {
    let operations: [(&str, Operation); 3] = [
        ("decimal_ceil", |value| whole(value, true)),
        ("decimal_floor", |value| whole(value, false)),
        ("decimal_abs", |value| match value.unscaled.sign() {
            Sign::Minus => value.negate(),
            _ => value.clone(),
        }),
    ];
    for (name, operation) in operations {
        connection.create_scalar_function(name, 1, FLAGS, move |context| {
            let value = number(context, 0)?;
            Ok(value.map(|value| match value {
                Number::Finite(exact) => operation(&exact).text(),
                special if name == "decimal_abs" && special.sign() == Some(-1) => {
                    special.negate().text()
                }
                special => special.text(),
            }))
        })?;
    }
    connection.create_scalar_function("decimal_sign", 1, FLAGS, |context| {
        let value = number(context, 0)?;
        Ok(value.map(|value| {
            value
                .sign()
                .map_or_else(|| "NaN".to_owned(), |sign| sign.to_string())
        }))
    })?;
    connection.create_scalar_function("decimal_round", 2, FLAGS, |context| {
        let Some(places) = context.get::<Option<i64>>(1)? else {
            return Ok(None);
        };
        let value = number(context, 0)?;
        Ok(value.map(|value| match value {
            Number::Finite(exact) => round(&exact, places).text(),
            special => special.text(),
        }))
    })?;
    connection.create_scalar_function("ferrow_round", 2, FLAGS, |context| {
        let Some(places) = context.get::<Option<i64>>(1)? else {
            return Ok(None);
        };
        match context.get_raw(0) {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(float(value as f64, places))),
            ValueRef::Real(value) => Ok(Some(float(value, places))),
            _ => Err(failed(
                "ferrow_round() rounds floats; decimal_round() rounds decimals",
            )),
        }
    })
}

/// By the 15 significant digits that PostgreSQL casts a double precision to, so that 2.675 becomes 2.68.
fn float(value: f64, places: i64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    match Number::of(&format!("{value:.14e}")) {
        Some(Number::Finite(exact)) => round(&exact, places).text().parse().unwrap_or(value),
        _ => value,
    }
}

/// Half away from zero; a negative number of places rounds to tens, hundreds, ...
fn round(value: &Exact, places: i64) -> Exact {
    let places = places.clamp(-MOST_PLACES, MOST_PLACES);
    let scale = u32::try_from(places).unwrap_or(0);
    let drop = i64::from(value.scale).saturating_sub(places);
    let Some(drop) = u32::try_from(drop).ok().filter(|drop| *drop > 0) else {
        return Exact {
            unscaled: value.at_scale(scale),
            scale,
        };
    };
    let unit = power_of_ten(drop);
    let half = if value.unscaled.sign() == Sign::Minus {
        -&unit
    } else {
        unit.clone()
    };
    let mut unscaled: BigInt = (&value.unscaled * 2 + half) / (unit * 2);
    if let Ok(zeros) = u32::try_from(-places) {
        unscaled *= power_of_ten(zeros);
    }
    Exact { unscaled, scale }
}

/// The next whole number above or below.
fn whole(value: &Exact, up: bool) -> Exact {
    let unit = power_of_ten(value.scale);
    let mut unscaled: BigInt = &value.unscaled / &unit;
    let rest = (&value.unscaled % &unit).sign();
    match (rest, up) {
        (Sign::Plus, true) => unscaled += 1,
        (Sign::Minus, false) => unscaled -= 1,
        _ => {}
    }
    Exact { unscaled, scale: 0 }
}
