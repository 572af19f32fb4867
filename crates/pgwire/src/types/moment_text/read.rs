//! Text to moments.

use crate::types::date::Date;
use crate::types::interval::Interval;
use crate::types::timestamp::{self, DateTime, Timestamp};
use crate::types::timetz::TimeTz;
use crate::types::{civil, time};

struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn take(&mut self, word: &str) -> bool {
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// All digits that are next, of which there must be at least so many.
    fn digits(&mut self, least: usize) -> Option<&'a str> {
        let end = self.0.find(|character: char| !character.is_ascii_digit());
        let (digits, rest) = self.0.split_at_checked(end.unwrap_or(self.0.len()))?;
        self.0 = rest;
        (digits.len() >= least).then_some(digits)
    }

    /// A number of exactly two digits.
    fn two<T: std::str::FromStr>(&mut self) -> Option<T> {
        let digits = self.digits(2)?;
        if digits.len() == 2 {
            digits.parse().ok()
        } else {
            None
        }
    }

    /// True for a minus, False for a plus.
    fn sign(&mut self) -> Option<bool> {
        let minus = self.take("-");
        (minus || self.take("+")).then_some(minus)
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    /// `2026-01-31`, of a year that still has to be counted from the end of the text.
    fn day(&mut self) -> Option<(i32, u8, u8)> {
        let year = self.digits(4)?.parse().ok()?;
        let month = self.take("-").then(|| self.two())??;
        let day = self.take("-").then(|| self.two())??;
        Some((year, month, day))
    }

    fn microseconds(&mut self) -> Option<u32> {
        if !self.take(".") {
            return Some(0);
        }
        let digits = self.digits(1)?;
        (digits.len() <= 6).then(|| format!("{digits:0<6}").parse().ok())?
    }

    fn clock(&mut self) -> Option<(u8, u8, u8, u32)> {
        let hour = self.two()?;
        let minute = self.take(":").then(|| self.two())??;
        let second = self.take(":").then(|| self.two())??;
        Some((hour, minute, second, self.microseconds()?))
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i32> {
        let minus = self.sign()?;
        let hours: i32 = self.two()?;
        let minutes: i32 = if self.take(":") { self.two()? } else { 0 };
        let seconds: i32 = if self.take(":") { self.two()? } else { 0 };
        let all = hours
            .checked_mul(3_600)?
            .checked_add(minutes.checked_mul(60)?)?
            .checked_add(seconds)?;
        if minus { all.checked_neg() } else { Some(all) }
    }

    /// The year as everybody but people count it: 0 is 1 BC. It is all that is left.
    fn era(&mut self, year: i32) -> Option<i32> {
        let year = if self.take(" BC") {
            1_i32.checked_sub(year)?
        } else {
            year
        };
        self.end()?;
        Some(year)
    }
}

/// Reads a date.
pub fn read_date(text: &str) -> Option<Date> {
    match text {
        "infinity" => return Some(Date::Infinity),
        "-infinity" => return Some(Date::NegInfinity),
        _ => {}
    }
    let mut cursor = Cursor(text);
    let (year, month, day) = cursor.day()?;
    let year = cursor.era(year)?;
    civil::to_days(year, month, day).map(|_| Date::Finite { year, month, day })
}

/// Reads a time: microseconds since midnight.
pub fn read_time(text: &str) -> Option<i64> {
    let mut cursor = Cursor(text);
    let (hour, minute, second, microsecond) = cursor.clock()?;
    cursor.end()?;
    time::join(hour, minute, second, microsecond)
}

/// Reads a time with its offset.
pub fn read_timetz(text: &str) -> Option<TimeTz> {
    let mut cursor = Cursor(text);
    let (hour, minute, second, microsecond) = cursor.clock()?;
    let offset = cursor.offset()?;
    cursor.end()?;
    let micros = time::join(hour, minute, second, microsecond)?;
    Some(TimeTz { micros, offset })
}

/// Reads a timestamp; with an offset if it has a zone.
pub fn read_timestamp(text: &str, has_zone: bool) -> Option<Timestamp> {
    match text {
        "infinity" => return Some(Timestamp::Infinity),
        "-infinity" => return Some(Timestamp::NegInfinity),
        _ => {}
    }
    let mut cursor = Cursor(text);
    let (year, month, day) = cursor.day()?;
    let (hour, minute, second, microsecond) = cursor.take(" ").then(|| cursor.clock())??;
    let offset = if has_zone { cursor.offset()? } else { 0 };
    let year = cursor.era(year)?;
    let moment = DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
        microsecond,
    };
    let micros = timestamp::join(moment)?.checked_sub(i64::from(offset).checked_mul(1_000_000)?)?;
    Some(Timestamp::Finite(micros))
}

/// Reads an interval.
pub fn read_interval(text: &str) -> Option<Interval> {
    match text {
        "infinity" => return Some(Interval::Infinity),
        "-infinity" => return Some(Interval::NegInfinity),
        "" => return None,
        _ => {}
    }
    let (mut months, mut days, mut micros) = (0_i64, 0_i32, 0_i64);
    let mut words = text.split(' ').peekable();
    // Each unit once, in the order in which they are written.
    let mut last = 0;
    while let Some(word) = words.next() {
        let unit =
            words.next_if(|next| next.starts_with(|first: char| first.is_ascii_alphabetic()));
        let number = || word.strip_prefix('+').unwrap_or(word).parse::<i64>().ok();
        let rank = match unit {
            Some("year" | "years") => {
                months = number()?.checked_mul(12)?;
                1
            }
            Some("mon" | "mons") => {
                months = months.checked_add(number()?)?;
                2
            }
            Some("day" | "days") => {
                days = number()?.try_into().ok()?;
                3
            }
            Some(_) => return None,
            None => {
                micros = span(word)?;
                4
            }
        };
        if rank <= last {
            return None;
        }
        last = rank;
    }
    Some(Interval::Finite {
        months: months.try_into().ok()?,
        days,
        micros,
    })
}

/// `-12:30:00.5`, of any number of hours.
fn span(word: &str) -> Option<i64> {
    let mut cursor = Cursor(word);
    let minus = cursor.sign().unwrap_or(false);
    let hours: i128 = cursor.digits(2)?.parse().ok()?;
    let minutes: i128 = cursor.take(":").then(|| cursor.two())??;
    let seconds: i128 = cursor.take(":").then(|| cursor.two())??;
    let micros = i128::from(cursor.microseconds()?);
    cursor.end()?;
    let all = hours
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(60)?
        .checked_add(seconds)?
        .checked_mul(1_000_000)?
        .checked_add(micros)?;
    if minus {
        all.checked_neg()?.try_into().ok()
    } else {
        all.try_into().ok()
    }
}
