//! `ferrow_date_moved(x, microseconds)`, `ferrow_date_apart(x, y)` and their siblings for timestamps, exact: SQLite's own functions round to milliseconds.

use rusqlite::functions::Context;
use rusqlite::{Connection, Result};

use super::{FLAGS, failed, text};
use crate::sqlite::values::civil::{self, Offset};

const DAY: i64 = 86_400_000_000;
/// Days from the first of March of the year 0 to 1970.
const EPOCH: i64 = 719_468;

/// What the texts are, by the type of their column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Day,
    Naive,
    Utc,
}

pub fn register(connection: &Connection) -> Result<()> {
    for (form, moved, apart) in [
        (Form::Day, "ferrow_date_moved", "ferrow_date_apart"),
        (
            Form::Naive,
            "ferrow_timestamp_moved",
            "ferrow_timestamp_apart",
        ),
        (
            Form::Utc,
            "ferrow_timestamptz_moved",
            "ferrow_timestamptz_apart",
        ),
    ] {
        connection.create_scalar_function(moved, 2, FLAGS, move |context| {
            let (Some(from), Some(by)) =
                (moment(context, 0, form)?, context.get::<Option<i64>>(1)?)
            else {
                return Ok(None);
            };
            match from.checked_add(by).and_then(|sum| write(sum, form)) {
                Some(text) => Ok(Some(text)),
                None => Err(failed("a date leaves the years 1 to 9999")),
            }
        })?;
        connection.create_scalar_function(apart, 2, FLAGS, move |context| {
            match (moment(context, 0, form)?, moment(context, 1, form)?) {
                (Some(end), Some(start)) => Ok(Some(end - start)),
                _ => Ok(None),
            }
        })?;
    }
    Ok(())
}

/// Microseconds since 1970.
fn moment(context: &Context<'_>, index: usize, form: Form) -> Result<Option<i64>> {
    let mut buffer = String::new();
    let Some(text) = text(context, index, &mut buffer)? else {
        return Ok(None);
    };
    match read(text.as_bytes(), form) {
        Some(found) => Ok(Some(found)),
        None => {
            let shown: String = text.chars().take(40).collect();
            let wanted = match form {
                Form::Day => "date",
                Form::Naive => "timestamp without a zone",
                Form::Utc => "timestamp",
            };
            Err(failed(format!("{shown:?} is no {wanted}")))
        }
    }
}

fn read(text: &[u8], form: Form) -> Option<i64> {
    if form == Form::Day {
        let (year, month, day) = civil::date(text)?;
        return Some(days(year, month, day)? * DAY);
    }
    let (at, offset) = civil::timestamp(text)?;
    // What SQLite's own functions give is UTC without saying so.
    let east = match offset {
        Offset::Missing => 0,
        Offset::Seconds(_) if form == Form::Naive => return None,
        Offset::Seconds(seconds) => i64::from(seconds),
    };
    if at.hour > 23 || at.minute > 59 || at.second > 59 {
        return None;
    }
    let clock = i64::from(at.hour) * 3600 + i64::from(at.minute) * 60 + i64::from(at.second) - east;
    let whole = days(at.year, at.month, at.day)? * DAY + clock * 1_000_000;
    Some(whole + i64::from(at.microsecond))
}

fn write(microseconds: i64, form: Form) -> Option<String> {
    let (year, month, day) = date(microseconds.div_euclid(DAY))?;
    let clock = microseconds.rem_euclid(DAY);
    let seconds = clock / 1_000_000;
    let mut out = Vec::with_capacity(32);
    civil::write_date(&mut out, year, month, day);
    if form != Form::Day {
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        out.push(b' ');
        civil::write_clock(
            &mut out,
            hour as u8,
            minute as u8,
            second as u8,
            (clock % 1_000_000) as u32,
        );
    }
    if form == Form::Utc {
        out.extend_from_slice(b"+00:00");
    }
    String::from_utf8(out).ok()
}

/// Days since 1970, by years that begin in March: what a leap year has more is then their last day.
fn days(year: i32, month: u8, day: u8) -> Option<i64> {
    let known = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=civil::days_in(year, month)).contains(&day);
    if !known {
        return None;
    }
    let (year, month) = (i64::from(year) - i64::from(month < 3), i64::from(month));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + of_year - EPOCH)
}

/// The same backwards; None outside the years 1 to 9999.
fn date(days: i64) -> Option<(i32, u8, u8)> {
    let days = days.checked_add(EPOCH)?;
    if !(0..=3_652_500).contains(&days) {
        return None;
    }
    let century = (4 * days + 3) / 146_097;
    let rest = days - 146_097 * century / 4;
    let year = (4 * rest + 3) / 1461;
    let of_year = rest - 1461 * year / 4;
    let place = (5 * of_year + 2) / 153;
    let month = (place + 2) % 12 + 1;
    let year = i32::try_from(century * 100 + year + i64::from(month < 3)).ok()?;
    let day = of_year - (153 * place + 2) / 5 + 1;
    (1..=9999)
        .contains(&year)
        .then_some((year, month as u8, day as u8))
}
