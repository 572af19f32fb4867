//! Types whose Python value is the text that the server writes: addresses, bits, positions, versioned texts.

use pgwire::types::{bit, inet, macaddr, pg_lsn, pg_snapshot, tid, versioned};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use super::unwrap::member;
use super::{Encoded, text};
use crate::lazy::{IP_V4_ADDRESS, IP_V4_NETWORK, IP_V6_ADDRESS, IP_V6_NETWORK};
use crate::pg::types::Scalar;

pub(super) fn encode(scalar: Scalar, value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Encoded {
    if let Ok(string) = value.cast::<PyString>() {
        return parse(scalar, string.to_str()?, out);
    }
    match scalar {
        Scalar::Inet | Scalar::Cidr => {
            if is_address(value)? {
                return parse(scalar, value.str()?.to_str()?, out);
            }
            member(scalar, value, "str or an object of ipaddress", out)
        }
        Scalar::PgLsn if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() => {
            match value.extract::<u64>() {
                Ok(number) => {
                    pg_lsn::encode(number, out);
                    Ok(())
                }
                Err(_) => member(scalar, value, "an int of 64 bits, or str", out),
            }
        }
        Scalar::Bit | Scalar::VarBit => member(scalar, value, "a str of 0 and 1", out),
        _ => member(scalar, value, "its text form as str", out),
    }
}

fn parse(scalar: Scalar, string: &str, out: &mut Vec<u8>) -> Encoded {
    match scalar {
        Scalar::Inet | Scalar::Cidr => {
            inet::encode(inet::parse(string, scalar == Scalar::Cidr)?, out)?;
        }
        Scalar::MacAddr => macaddr::encode(macaddr::parse(string)?, out),
        Scalar::MacAddr8 => macaddr::encode8(macaddr::parse8(string)?, out),
        Scalar::Bit | Scalar::VarBit => bit::encode(string, out)?,
        Scalar::PgLsn => pg_lsn::encode(pg_lsn::parse(string)?, out),
        Scalar::PgSnapshot => pg_snapshot::encode(string, out)?,
        Scalar::Tid => tid::encode(tid::parse(string)?, out),
        _ => {
            text::check(string)?;
            versioned::encode(string, out);
        }
    }
    Ok(())
}

fn is_address(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = value.py();
    for class in [
        &IP_V4_ADDRESS,
        &IP_V6_ADDRESS,
        &IP_V4_NETWORK,
        &IP_V6_NETWORK,
    ] {
        if value.is_instance(class.get(py)?)? {
            return Ok(true);
        }
    }
    Ok(false)
}
