//! The leaves: what has neither parts nor coordinates.

use std::fmt::Write;
use std::str::FromStr;

use pgwire::types::{
    bit, bool, char, date, float, inet, int, interval, json as pg_json, macaddr, moment_text,
    numeric, oid, pg_lsn, pg_snapshot, text, tid, time, timestamp, timetz, uuid, versioned, xid8,
};

use super::{Unwritten, Written, figures};
use crate::pg::types::Scalar;

pub(super) fn read(scalar: Scalar, text: &str, out: &mut Vec<u8>) -> Written {
    let wrong = || Unwritten::text(scalar.name(), text);
    match scalar {
        Scalar::Bool => match text {
            "t" => bool::encode(true, out),
            "f" => bool::encode(false, out),
            _ => return Err(wrong()),
        },
        Scalar::Int2 => int::encode2(number(scalar, text)?, out),
        Scalar::Int4 => int::encode4(number(scalar, text)?, out),
        Scalar::Int8 => int::encode8(number(scalar, text)?, out),
        Scalar::Oid | Scalar::Xid => oid::encode(number(scalar, text)?, out),
        Scalar::Xid8 => xid8::encode(number(scalar, text)?, out),
        Scalar::Float4 => float::encode4(number(scalar, text)?, out),
        Scalar::Float8 => float::encode8(number(scalar, text)?, out),
        Scalar::Numeric => numeric::encode(text, out)?,
        Scalar::Text | Scalar::Json => out.extend_from_slice(text.as_bytes()),
        Scalar::Jsonb => pg_json::encode_b(text.as_bytes(), out),
        Scalar::Char => char::encode(char::parse(text).ok_or_else(wrong)?, out),
        Scalar::Bytea => octets(text, out).ok_or_else(wrong)?,
        Scalar::Date => date::encode(moment_text::read_date(text).ok_or_else(wrong)?, out)?,
        Scalar::Time => time::encode(moment_text::read_time(text).ok_or_else(wrong)?, out)?,
        Scalar::TimeTz => timetz::encode(moment_text::read_timetz(text).ok_or_else(wrong)?, out)?,
        Scalar::Timestamp | Scalar::TimestampTz => {
            let has_zone = scalar == Scalar::TimestampTz;
            let moment = moment_text::read_timestamp(text, has_zone).ok_or_else(wrong)?;
            timestamp::encode(moment, out)?;
        }
        Scalar::Interval => {
            interval::encode(moment_text::read_interval(text).ok_or_else(wrong)?, out)?;
        }
        Scalar::Uuid => {
            let digits: String = text.split('-').collect();
            let number = u128::from_str_radix(&digits, 16).map_err(|_| wrong())?;
            uuid::encode(number.to_be_bytes(), out);
        }
        Scalar::Inet | Scalar::Cidr => {
            inet::encode(inet::parse(text, scalar == Scalar::Cidr)?, out)?;
        }
        Scalar::MacAddr => macaddr::encode(macaddr::parse(text)?, out),
        Scalar::MacAddr8 => macaddr::encode8(macaddr::parse8(text)?, out),
        Scalar::Bit | Scalar::VarBit => bit::encode(text, out)?,
        Scalar::PgLsn => pg_lsn::encode(pg_lsn::parse(text)?, out),
        Scalar::PgSnapshot => pg_snapshot::encode(text, out)?,
        Scalar::Tid => tid::encode(tid::parse(text)?, out),
        Scalar::JsonPath | Scalar::Ltree | Scalar::Lquery | Scalar::Ltxtquery => {
            versioned::encode(text, out);
        }
        _ => figures::read(scalar, text, out)?,
    }
    Ok(())
}

fn number<T: FromStr>(scalar: Scalar, text: &str) -> Result<T, Unwritten> {
    text.parse()
        .map_err(|_| Unwritten::text(scalar.name(), text))
}

/// A `bytea` in either of its styles, each of which shows which it is.
fn octets(text: &str, out: &mut Vec<u8>) -> Option<()> {
    if let Some(hex) = text.strip_prefix("\\x") {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        for pair in pairs {
            out.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
        }
        return rest.is_empty().then_some(());
    }
    let mut left = text.as_bytes();
    loop {
        left = match left {
            [] => return Some(()),
            [b'\\', b'\\', rest @ ..] => {
                out.push(b'\\');
                rest
            }
            [b'\\', rest @ ..] => {
                let (digits, rest) = rest.split_at_checked(3)?;
                out.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?);
                rest
            }
            [byte, rest @ ..] => {
                out.push(*byte);
                rest
            }
        }
    }
}

pub(super) fn write(scalar: Scalar, bytes: &[u8], out: &mut String) -> Written {
    match scalar {
        Scalar::Bool => out.push(if bool::decode(bytes)? { 't' } else { 'f' }),
        Scalar::Int2 => write!(out, "{}", int::decode2(bytes)?)?,
        Scalar::Int4 => write!(out, "{}", int::decode4(bytes)?)?,
        Scalar::Int8 => write!(out, "{}", int::decode8(bytes)?)?,
        Scalar::Oid | Scalar::Xid => write!(out, "{}", oid::decode(bytes)?)?,
        Scalar::Xid8 => write!(out, "{}", xid8::decode(bytes)?)?,
        Scalar::Float4 => figures::single(float::decode4(bytes)?, out)?,
        Scalar::Float8 => figures::double(float::decode8(bytes)?, out)?,
        Scalar::Numeric => {
            let mut digits = String::new();
            numeric::decode(bytes, &mut digits)?;
            out.push_str(&digits);
        }
        Scalar::Text | Scalar::Json => out.push_str(text::decode(bytes)?),
        Scalar::Jsonb => out.push_str(text::decode(pg_json::decode_b(bytes)?)?),
        Scalar::Char => match char::decode(bytes)? {
            0 => {}
            code if code.is_ascii() => out.push(code.into()),
            // Only new servers read it as `\ooo`; others would take the backslash for it.
            code => {
                return Err(Unwritten(format!(
                    "the \"char\" {code} is no ASCII character, and has no text that all servers read"
                )));
            }
        },
        Scalar::Bytea => {
            out.push_str("\\x");
            bytes
                .iter()
                .try_for_each(|byte| write!(out, "{byte:02x}"))?;
        }
        Scalar::Date => moment_text::write_date(date::decode(bytes)?, out),
        Scalar::Time => moment_text::write_time(time::decode(bytes)?, out),
        Scalar::TimeTz => moment_text::write_timetz(timetz::decode(bytes)?, out),
        Scalar::Timestamp | Scalar::TimestampTz => {
            let has_zone = scalar == Scalar::TimestampTz;
            moment_text::write_timestamp(timestamp::decode(bytes)?, has_zone, out);
        }
        Scalar::Interval => moment_text::write_interval(interval::decode(bytes)?, out),
        Scalar::Uuid => {
            let number = u128::from_be_bytes(uuid::decode(bytes)?);
            write!(out, "{number:032x}")?;
        }
        Scalar::Inet | Scalar::Cidr => write!(out, "{}", inet::decode(bytes)?)?,
        Scalar::MacAddr => out.push_str(&macaddr::text(&macaddr::decode(bytes)?)),
        Scalar::MacAddr8 => out.push_str(&macaddr::text(&macaddr::decode8(bytes)?)),
        Scalar::Bit | Scalar::VarBit => out.push_str(&bit::decode(bytes)?),
        Scalar::PgLsn => out.push_str(&pg_lsn::text(pg_lsn::decode(bytes)?)),
        Scalar::PgSnapshot => out.push_str(&pg_snapshot::decode(bytes)?),
        Scalar::Tid => write!(out, "{}", tid::decode(bytes)?)?,
        Scalar::JsonPath | Scalar::Ltree | Scalar::Lquery | Scalar::Ltxtquery => {
            out.push_str(versioned::decode(scalar.name(), bytes)?);
        }
        _ => figures::write(scalar, bytes, out)?,
    }
    Ok(())
}
