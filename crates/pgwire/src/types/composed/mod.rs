//! Records and ranges as text, for those that hold a type without a binary form: `(1,"a b",)`, `[a,"b c")`.
//!
//! Both quote alike: in quotes a quote is doubled, and what follows a backslash stands for itself.

mod range;
mod record;
mod scan;

pub use range::{Span, multirange, range};
pub use record::record;

/// Appends a field or a bound, in quotes whether it needs them or not.
pub fn quote(part: &str, out: &mut String) {
    out.push('"');
    for character in part.chars() {
        if matches!(character, '"' | '\\') {
            out.push(character);
        }
        out.push(character);
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
