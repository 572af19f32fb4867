//! The proleptic Gregorian calendar: day numbers and years, months, days. Day 0 is 2000-01-01, as
//! in PostgreSQL; the year before 1 is 0.
//!
//! Years begin in March, so that the leap day is the last one, and 400 years are always 146,097 days. To a day it is Howard
//! Hinnant's method (`chrono`-compatible low-level date algorithms); from a day, which every row of a result may ask for, that
//! of Cassio Neri and Lorenz Schneider (Euclidean affine functions and their application to calendar algorithms, 2022): a
//! division by a constant and its remainder come out of one multiplication.

const DAYS_IN_ERA: i64 = 146_097;
/// From 0000-03-01 to 2000-01-01.
const EPOCH: i64 = 730_425;
/// Added so that no day and no year is negative.
const ERAS: i64 = 14_700;

/// Year, month (1 to 12) and day of the month of a day number.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "64-bit sums of 32-bit numbers"
)]
#[inline]
pub fn from_days(days: i32) -> (i32, u8, u8) {
    let quarters = (i64::from(days) + EPOCH + ERAS * DAYS_IN_ERA) * 4 + 3;
    let century = quarters / DAYS_IN_ERA;
    let day_of_century = quarters % DAYS_IN_ERA / 4;
    // The numerator times 2^32 / 1461, rounded up: year above the 32nd bit, the day below it.
    let year_and_day = 2_939_745 * (day_of_century * 4 + 3);
    let day_of_year = (year_and_day & 0xffff_ffff) / (2_939_745 * 4);
    // The same for months: 2^16 / 30.6.
    let month_and_day = 2_141 * day_of_year + 197_913;
    let next_year = i64::from(day_of_year >= 306);
    let year = 100 * century + (year_and_day >> 32) - 400 * ERAS + next_year;
    let month = (month_and_day >> 16) - 12 * next_year;
    let day = (month_and_day & 0xffff) / 2_141 + 1;
    (small(year), small(month), small(day))
}

/// The day number, None for a date that does not exist or is too far away for 32 bits.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "64-bit sums of 32-bit numbers"
)]
#[inline]
pub fn to_days(year: i32, month: u8, day: u8) -> Option<i32> {
    if !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let month = i64::from(month);
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * DAYS_IN_ERA + day_of_era - EPOCH).ok()
}

const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// For results that are known to fit.
#[inline]
fn small<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        for (days, date) in [
            (0, (2000, 1, 1)),
            (-1, (1999, 12, 31)),
            (59, (2000, 2, 29)),
            (60, (2000, 3, 1)),
            (-10_957, (1970, 1, 1)),
            (-730_119, (1, 1, 1)),
            (-730_120, (0, 12, 31)),
            (2_921_939, (9999, 12, 31)),
            (-2_451_545, (-4713, 11, 24)),
            (2_145_031_948, (5_874_897, 12, 31)),
        ] {
            assert_eq!(from_days(days), date);
            assert_eq!(to_days(date.0, date.1, date.2), Some(days), "{date:?}");
        }
    }

    #[test]
    fn eight_hundred_years_day_by_day() {
        let mut previous = from_days(-146_098);
        for days in -146_097..=146_097 {
            let (year, month, day) = from_days(days);
            assert_eq!(to_days(year, month, day), Some(days));
            let is_next = previous == (year, month, day - 1)
                || day == 1 && (previous.0, previous.1 + 1) == (year, month)
                || (month, day) == (1, 1) && previous == (year - 1, 12, 31);
            assert!(is_next, "{previous:?} {:?}", (year, month, day));
            previous = (year, month, day);
        }
    }

    #[test]
    fn dates_that_do_not_exist() {
        for (year, month, day) in [
            (2023, 2, 29),
            (1900, 2, 29),
            (2024, 4, 31),
            (2024, 0, 1),
            (2024, 13, 1),
            (2024, 1, 0),
            (2024, 1, 32),
            (i32::MAX, 1, 1),
            (i32::MIN, 1, 1),
        ] {
            assert_eq!(to_days(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn the_ends_do_not_overflow() {
        for days in [i32::MIN, i32::MAX] {
            let (year, month, day) = from_days(days);
            assert_eq!(to_days(year, month, day), Some(days));
        }
    }
}
