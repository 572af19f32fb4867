//! The collation `decimal`: texts of decimal numbers in the order of their values.

use std::cmp::Ordering;

use super::number::{Parts, Special};

/// As PostgreSQL orders numeric: NaN equals itself and is greater than infinity. What is no number comes last, by its bytes.
pub fn compare(left: &str, right: &str) -> Ordering {
    match (Parts::of(left), Parts::of(right)) {
        (Some(left), Some(right)) => finite(&left, &right),
        (left_parts, right_parts) => rank(left, left_parts.is_some())
            .cmp(&rank(right, right_parts.is_some()))
            .then_with(|| match Special::of(left) {
                Some(_) => Ordering::Equal,
                None => left.cmp(right),
            }),
    }
}

fn rank(text: &str, finite: bool) -> u8 {
    if finite {
        return 1;
    }
    match Special::of(text) {
        Some(Special::NegativeInfinity) => 0,
        Some(Special::Infinity) => 2,
        Some(Special::NaN) => 3,
        None => 4,
    }
}

fn finite(left: &Parts<'_>, right: &Parts<'_>) -> Ordering {
    match (sign(left), sign(right)) {
        (0, 0) => Ordering::Equal,
        (1, 1) => magnitude(left, right),
        (-1, -1) => magnitude(right, left),
        (left, right) => left.cmp(&right),
    }
}

fn sign(parts: &Parts<'_>) -> i8 {
    if parts.digits().all(|digit| digit == b'0') {
        0
    } else if parts.negative {
        -1
    } else {
        1
    }
}

/// Compares two numbers that are not zero by where their first digit stands, then digit by digit.
fn magnitude(left: &Parts<'_>, right: &Parts<'_>) -> Ordering {
    first_place(left).cmp(&first_place(right)).then_with(|| {
        let mut left = left.digits().skip_while(|digit| *digit == b'0');
        let mut right = right.digits().skip_while(|digit| *digit == b'0');
        loop {
            let (one, other) = (left.next(), right.next());
            if one.is_none() && other.is_none() {
                return Ordering::Equal;
            }
            match one.unwrap_or(b'0').cmp(&other.unwrap_or(b'0')) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
    })
}

/// The power of ten of the first digit that is not zero.
fn first_place(parts: &Parts<'_>) -> i64 {
    let zeros = parts.digits().take_while(|digit| *digit == b'0').count();
    let whole = i64::try_from(parts.whole.len()).unwrap_or(i64::MAX);
    let zeros = i64::try_from(zeros).unwrap_or(i64::MAX);
    whole.saturating_sub(zeros).saturating_add(parts.exponent)
}
