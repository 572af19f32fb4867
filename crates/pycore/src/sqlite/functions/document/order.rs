//! Bytes that sort as the values do: texts, then numbers, then false and true, then arrays, then objects.

use super::tree::Tree;
use crate::sqlite::functions::number::Parts;

pub fn key(tree: &Tree) -> Vec<u8> {
    match tree {
        Tree::Null => vec![0],
        Tree::Text(text) => [&[1], text.as_bytes()].concat(),
        Tree::Number(digits) => number(digits),
        Tree::Bool(value) => vec![3, u8::from(*value)],
        Tree::Array(_) => vec![4],
        Tree::Object(_) => vec![5],
    }
}

/// The sign, where the first digit stands, the digits; of a negative number all of it upside down.
fn number(text: &str) -> Vec<u8> {
    let mut key = vec![2];
    let Some(parts) = Parts::of(text) else {
        return key;
    };
    let zeros = parts.digits().take_while(|digit| *digit == b'0').count();
    let mut digits: Vec<u8> = parts.digits().skip(zeros).collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() {
        key.push(1);
        return key;
    }
    let place = i64::try_from(parts.whole.len())
        .unwrap_or(i64::MAX)
        .saturating_sub(i64::try_from(zeros).unwrap_or(i64::MAX))
        .saturating_add(parts.exponent);
    // Shifted, so that the bytes of negative places come before those of the others.
    let mut magnitude = (place as u64 ^ (1 << 63)).to_be_bytes().to_vec();
    magnitude.extend(digits);
    magnitude.push(0);
    if parts.negative {
        key.push(0);
        key.extend(magnitude.iter().map(|byte| !byte));
    } else {
        key.push(2);
        key.extend(magnitude);
    }
    key
}
