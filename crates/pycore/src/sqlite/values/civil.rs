//! Dates and times as text: written one way, read in the forms SQLite's own functions and ISO 8601 give.

use crate::values::Moment;

/// What stands behind a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    Missing,
    /// Seconds east of Greenwich.
    Seconds(i32),
}

pub fn write_date(out: &mut Vec<u8>, year: i32, month: u8, day: u8) {
    let year = u16::try_from(year).unwrap_or(0);
    let [a, b] = two((year / 100) as u8);
    let [c, d] = two((year % 100) as u8);
    let [e, f] = two(month);
    let [g, h] = two(day);
    out.extend_from_slice(&[a, b, c, d, b'-', e, f, b'-', g, h]);
}

pub fn write_clock(out: &mut Vec<u8>, hour: u8, minute: u8, second: u8, microsecond: u32) {
    let [a, b] = two(hour);
    let [c, d] = two(minute);
    let [e, f] = two(second);
    let [g, h] = two((microsecond / 10_000 % 100) as u8);
    let [i, j] = two((microsecond / 100 % 100) as u8);
    let [k, l] = two((microsecond % 100) as u8);
    out.extend_from_slice(&[a, b, b':', c, d, b':', e, f, b'.', g, h, i, j, k, l]);
}

fn two(value: u8) -> [u8; 2] {
    [b'0' + value / 10 % 10, b'0' + value % 10]
}

/// `YYYY-MM-DD`. Ranges are checked by whoever builds the date.
pub fn date(text: &[u8]) -> Option<(i32, u8, u8)> {
    match text {
        [a, b, c, d, b'-', e, f, b'-', g, h] => {
            let year = pair(*a, *b)? as i32 * 100 + pair(*c, *d)? as i32;
            Some((year, pair(*e, *f)?, pair(*g, *h)?))
        }
        _ => None,
    }
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.f` with up to six digits that matter, and what follows.
fn clock(text: &[u8]) -> Option<(u8, u8, u8, u32, &[u8])> {
    let [a, b, b':', c, d, rest @ ..] = text else {
        return None;
    };
    let (hour, minute) = (pair(*a, *b)?, pair(*c, *d)?);
    let [b':', e, f, rest @ ..] = rest else {
        return Some((hour, minute, 0, 0, rest));
    };
    let second = pair(*e, *f)?;
    let [b'.', rest @ ..] = rest else {
        return Some((hour, minute, second, 0, rest));
    };
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at(length);
    if digits.is_empty() {
        return None;
    }
    let mut microsecond = 0_u32;
    for place in 0..6 {
        let digit = digits.get(place).map_or(0, |digit| digit - b'0');
        microsecond = microsecond * 10 + u32::from(digit);
    }
    // More than microseconds is more than Python can hold.
    if digits.iter().skip(6).any(|digit| *digit != b'0') {
        return None;
    }
    Some((hour, minute, second, microsecond, rest))
}

/// A time of day without an offset.
pub fn time(text: &[u8]) -> Option<(u8, u8, u8, u32)> {
    match clock(text)? {
        (hour, minute, second, microsecond, []) => Some((hour, minute, second, microsecond)),
        _ => None,
    }
}

/// A date, a space or `T`, a time of day, and perhaps an offset.
pub fn timestamp(text: &[u8]) -> Option<(Moment, Offset)> {
    let (day, rest) = text.split_at_checked(10)?;
    let (year, month, day) = date(day)?;
    let [b' ' | b'T', rest @ ..] = rest else {
        return None;
    };
    let (hour, minute, second, microsecond, rest) = clock(rest)?;
    let moment = Moment {
        year,
        month,
        day,
        hour,
        minute,
        second,
        microsecond,
    };
    Some((moment, offset(rest)?))
}

/// Nothing, `Z`, `+HH`, `+HHMM`, `+HH:MM` or `+HH:MM:SS`.
fn offset(text: &[u8]) -> Option<Offset> {
    let (sign, rest) = match text {
        [] => return Some(Offset::Missing),
        [b'Z'] => return Some(Offset::Seconds(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes, seconds) = match rest {
        [a, b] => (pair(*a, *b)?, 0, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (pair(*a, *b)?, pair(*c, *d)?, 0),
        [a, b, b':', c, d, b':', e, f] => (pair(*a, *b)?, pair(*c, *d)?, pair(*e, *f)?),
        _ => return None,
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let total = i32::from(hours) * 3600 + i32::from(minutes) * 60 + i32::from(seconds);
    Some(Offset::Seconds(sign * total))
}

fn pair(high: u8, low: u8) -> Option<u8> {
    (high.is_ascii_digit() && low.is_ascii_digit()).then(|| (high - b'0') * 10 + (low - b'0'))
}

/// The same instant in UTC. None when the text is no moment or the result leaves the years 1 to 9999.
pub fn to_utc(at: Moment, offset: i32) -> Option<Moment> {
    if offset == 0 {
        return Some(at);
    }
    let valid = (1..=9999).contains(&at.year)
        && (1..=12).contains(&at.month)
        && (1..=days_in(at.year, at.month)).contains(&at.day)
        && at.hour < 24
        && at.minute < 60
        && at.second < 60;
    if !valid {
        return None;
    }
    let clock = i32::from(at.hour) * 3600 + i32::from(at.minute) * 60 + i32::from(at.second);
    let shifted = clock - offset;
    let (days, clock) = (shifted.div_euclid(86_400), shifted.rem_euclid(86_400));
    let (mut year, mut month, mut day) = (at.year, at.month, i32::from(at.day) + days);
    // An offset is less than a day, so at most one month is passed.
    if day < 1 {
        (year, month) = if month == 1 {
            (year - 1, 12)
        } else {
            (year, month - 1)
        };
        day += i32::from(days_in(year, month));
    } else if day > i32::from(days_in(year, month)) {
        day -= i32::from(days_in(year, month));
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    (1..=9999).contains(&year).then_some(Moment {
        year,
        month,
        day: day as u8,
        hour: (clock / 3600) as u8,
        minute: (clock / 60 % 60) as u8,
        second: (clock % 60) as u8,
        microsecond: at.microsecond,
    })
}

pub fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
