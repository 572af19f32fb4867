//! As PostgreSQL writes them, and back.

use super::*;
use crate::types::date::Date;
use crate::types::interval::Interval;
use crate::types::timestamp::Timestamp;
use crate::types::timetz::TimeTz;

const fn finite(months: i32, days: i32, micros: i64) -> Interval {
    Interval::Finite {
        months,
        days,
        micros,
    }
}

#[test]
fn moments_are_what_was_written() {
    let day = |year, month, day| Some(Date::Finite { year, month, day });
    assert_eq!(read_date("2026-01-31"), day(2026, 1, 31));
    assert_eq!(read_date("0044-03-15 BC"), day(-43, 3, 15));
    assert_eq!(read_date("5874897-12-31"), day(5_874_897, 12, 31));
    assert_eq!(read_date("-infinity"), Some(Date::NegInfinity));
    assert_eq!(read_time("23:59:59.999999"), Some(86_399_999_999));
    assert_eq!(read_time("24:00:00"), Some(86_400_000_000));
    let eastern = TimeTz {
        micros: 1_500_000,
        offset: 19_800,
    };
    assert_eq!(read_timetz("00:00:01.5+05:30"), Some(eastern));
    assert_eq!(
        read_timetz("00:00:01.5-15:59:59").map(|time| time.offset),
        Some(-57_599)
    );
    assert_eq!(
        read_timestamp("2000-01-01 00:00:01", false),
        Some(Timestamp::Finite(1_000_000))
    );
    assert_eq!(
        read_timestamp("2000-01-01 02:00:00+02", true),
        Some(Timestamp::Finite(0))
    );
    assert_eq!(read_timestamp("infinity", true), Some(Timestamp::Infinity));
}

#[test]
fn intervals_are_what_was_written() {
    for (text, value) in [
        ("00:00:00", finite(0, 0, 0)),
        (
            "1 year 2 mons -3 days +04:05:06.7",
            finite(14, -3, 14_706_700_000),
        ),
        (
            "-1 years -2 mons +3 days -04:00:00",
            finite(-14, 3, -14_400_000_000),
        ),
        ("1 day", finite(0, 1, 0)),
        ("2562047788:00:54.775807", finite(0, 0, i64::MAX)),
        ("-178956970 years -8 mons", finite(i32::MIN, 0, 0)),
    ] {
        assert_eq!(read_interval(text), Some(value), "{text}");
        let mut written = String::new();
        write_interval(value, &mut written);
        assert_eq!(read_interval(&written), Some(value), "{written}");
    }
}

#[test]
fn other_styles_are_refused() {
    for text in [
        "01-02-2026",
        "01/02/2026",
        "02.01.2026",
        "2026-1-2",
        "2026-001-02",
        "26-01-02",
        "2026-02-30",
        "2026-01-02 AD",
        "",
    ] {
        assert_eq!(read_date(text), None, "{text}");
    }
    for text in [
        "Fri Jan 02 00:00:00 2026",
        "2026-01-02",
        "2026-01-02T00:00:00",
        "2026-01-02 00:00",
        "2026-01-02 00:00:00+00",
    ] {
        assert_eq!(read_timestamp(text, false), None, "{text}");
    }
    assert_eq!(read_timestamp("2026-01-02 00:00:00", true), None);
    assert_eq!(read_timestamp("2026-01-02 00:00:00 CET", true), None);
    for text in [
        "",
        "0",
        "1-2",
        "1 2:03:04",
        "P1Y",
        "@ 1 year",
        "@ 0",
        "1 day ago",
        "1 day 2 years",
        "1 day 2 days",
        "1:02:03",
        "3",
    ] {
        assert_eq!(read_interval(text), None, "{text}");
    }
    assert_eq!(read_time("12:00"), None);
    assert_eq!(read_time("25:00:00"), None);
}

#[test]
fn what_is_written_is_read_again() {
    for micros in [
        0,
        1,
        -1,
        i64::MAX - 1,
        -211_813_488_000_000_000,
        86_399_999_999,
    ] {
        for has_zone in [false, true] {
            let mut text = String::new();
            write_timestamp(Timestamp::Finite(micros), has_zone, &mut text);
            assert_eq!(
                read_timestamp(&text, has_zone),
                Some(Timestamp::Finite(micros)),
                "{text}"
            );
        }
    }
    for (year, month, day) in [(0, 12, 31), (1, 1, 1), (-4712, 1, 1), (9999, 12, 31)] {
        let mut text = String::new();
        write_date(Date::Finite { year, month, day }, &mut text);
        assert_eq!(
            read_date(&text),
            Some(Date::Finite { year, month, day }),
            "{text}"
        );
    }
    for offset in [0, -1, 57_599, -57_599, 19_800] {
        let mut text = String::new();
        write_timetz(TimeTz { micros: 7, offset }, &mut text);
        assert_eq!(
            read_timetz(&text),
            Some(TimeTz { micros: 7, offset }),
            "{text}"
        );
    }
}
