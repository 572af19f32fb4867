//! Moments to text.

use std::fmt::Write;

use crate::types::date::Date;
use crate::types::interval::Interval;
use crate::types::time;
use crate::types::timestamp::{self, Timestamp};
use crate::types::timetz::TimeTz;

/// Appends a date.
pub fn write_date(date: Date, out: &mut String) {
    match date {
        Date::Infinity => out.push_str("infinity"),
        Date::NegInfinity => out.push_str("-infinity"),
        Date::Finite { year, month, day } => {
            day_of(year, month, day, out);
            era(year, out);
        }
    }
}

/// Appends a time, given in microseconds since midnight.
pub fn write_time(micros: i64, out: &mut String) {
    clock(micros, out);
}

/// Appends a time with its offset.
pub fn write_timetz(time: TimeTz, out: &mut String) {
    clock(time.micros, out);
    let sign = if time.offset < 0 { '-' } else { '+' };
    let (minutes, seconds) = (
        time.offset.unsigned_abs() / 60,
        time.offset.unsigned_abs() % 60,
    );
    let (hours, minutes) = (minutes / 60, minutes % 60);
    put(
        out,
        format_args!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    );
}

/// Appends a timestamp; in UTC if it has a zone.
pub fn write_timestamp(moment: Timestamp, has_zone: bool, out: &mut String) {
    match moment {
        Timestamp::Infinity => out.push_str("infinity"),
        Timestamp::NegInfinity => out.push_str("-infinity"),
        Timestamp::Finite(micros) => {
            let at = timestamp::split(micros);
            day_of(at.year, at.month, at.day, out);
            out.push(' ');
            clock(micros.rem_euclid(time::DAY), out);
            if has_zone {
                out.push_str("+00");
            }
            era(at.year, out);
        }
    }
}

/// Appends an interval. Each part has its sign: without, another IntervalStyle would take the first one for all.
pub fn write_interval(interval: Interval, out: &mut String) {
    match interval {
        Interval::Infinity => out.push_str("infinity"),
        Interval::NegInfinity => out.push_str("-infinity"),
        Interval::Finite {
            months,
            days,
            micros,
        } => {
            let sign = if micros < 0 { '-' } else { '+' };
            let (seconds, fraction) = (
                micros.unsigned_abs() / 1_000_000,
                micros.unsigned_abs() % 1_000_000,
            );
            let (minutes, seconds) = (seconds / 60, seconds % 60);
            let (hours, minutes) = (minutes / 60, minutes % 60);
            put(
                out,
                format_args!(
                    "{months:+} mons {days:+} days {sign}{hours:02}:{minutes:02}:{seconds:02}.{fraction:06}"
                ),
            );
        }
    }
}

fn day_of(year: i32, month: u8, day: u8, out: &mut String) {
    // The year before 1 is 1 BC.
    let shown = if year > 0 {
        i64::from(year)
    } else {
        1_i64.saturating_sub(i64::from(year))
    };
    put(out, format_args!("{shown:04}-{month:02}-{day:02}"));
}

fn era(year: i32, out: &mut String) {
    if year <= 0 {
        out.push_str(" BC");
    }
}

fn clock(micros: i64, out: &mut String) {
    // None only beyond a day, which no caller has.
    let (hour, minute, second, microsecond) = time::split(micros).unwrap_or_default();
    put(
        out,
        format_args!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}"),
    );
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // A String takes everything.
    let _ = out.write_fmt(text);
}
