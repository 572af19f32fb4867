//! inet and cidr: the family, the prefix, which of the two types, the address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{exact, malformed, unfit};
use crate::error::{DecodeError, EncodeError};
use crate::reader::Reader;

const IPV4: u8 = 2;
const IPV6: u8 = 3;

/// An address in a network (inet), or a network (cidr). Displayed as the server writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inet {
    /// The address; of a network, its first one.
    pub address: IpAddr,
    /// How many bits of it are those of the network: up to 32 or 128.
    pub prefix: u8,
    /// Whether it is a network.
    pub is_cidr: bool,
}

/// Reads an inet or cidr.
pub fn decode(bytes: &[u8]) -> Result<Inet, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (family, prefix) = (reader.u8()?, reader.u8()?);
    let is_cidr = match reader.u8()? {
        0 => false,
        1 => true,
        _ => return Err(malformed("inet", "it is neither inet nor cidr")),
    };
    let length = usize::from(reader.u8()?);
    if length != reader.remaining() {
        return Err(malformed("inet", "its length is wrong"));
    }
    let address = match family {
        IPV4 => IpAddr::from(exact::<4>("inet", reader.rest())?),
        IPV6 => IpAddr::from(exact::<16>("inet", reader.rest())?),
        _ => return Err(malformed("inet", "its family is neither IPv4 nor IPv6")),
    };
    if prefix > full(address) {
        return Err(malformed("inet", "its prefix is longer than its address"));
    }
    Ok(Inet {
        address,
        prefix,
        is_cidr,
    })
}

/// Appends an inet or cidr.
///
/// # Errors
///
/// [`EncodeError`] for a prefix longer than the address, and for a network whose address has bits
/// set after the prefix.
pub fn encode(value: Inet, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    check(value)?;
    let kind = u8::from(value.is_cidr);
    match value.address {
        IpAddr::V4(address) => {
            out.extend_from_slice(&[IPV4, value.prefix, kind, 4]);
            out.extend_from_slice(&address.octets());
        }
        IpAddr::V6(address) => {
            out.extend_from_slice(&[IPV6, value.prefix, kind, 16]);
            out.extend_from_slice(&address.octets());
        }
    }
    Ok(())
}

/// Parses an address in full, with or without a prefix: `10.1.2.3`, `10.0.0.0/8`, `2001:db8::/32`.
///
/// The server also takes some abbreviations, such as `10/8`; they are refused here.
///
/// # Errors
///
/// [`EncodeError`] for other text, and as [`encode`].
pub fn parse(text: &str, is_cidr: bool) -> Result<Inet, EncodeError> {
    let wrong = || {
        unfit(
            if is_cidr { "cidr" } else { "inet" },
            format_args!("{text:?}"),
            "is not an address in full, with or without a prefix",
        )
    };
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let prefix = match prefix {
        None => full(address),
        Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            digits.parse().map_err(|_| wrong())?
        }
        Some(_) => return Err(wrong()),
    };
    let value = Inet {
        address,
        prefix,
        is_cidr,
    };
    check(value)?;
    Ok(value)
}

fn check(value: Inet) -> Result<(), EncodeError> {
    if value.prefix > full(value.address) {
        return Err(unfit(
            if value.is_cidr { "cidr" } else { "inet" },
            format_args!("{}/{}", value.address, value.prefix),
            "has a prefix that is longer than its address",
        ));
    }
    if value.is_cidr && host(value) != 0 {
        return Err(unfit(
            "cidr",
            value,
            "has bits set after its prefix: clear them, or use inet",
        ));
    }
    Ok(())
}

const fn full(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The bits after the prefix, which are moved to the left end of the number.
fn host(value: Inet) -> u128 {
    let left = match value.address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    };
    left.checked_shl(u32::from(value.prefix)).unwrap_or(0)
}

impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            IpAddr::V6(address) if let Some(last) = compatible(address) => write!(f, "::{last}")?,
            address => write!(f, "{address}")?,
        }
        if self.is_cidr || self.prefix != full(self.address) {
            write!(f, "/{}", self.prefix)?;
        }
        Ok(())
    }
}

/// What the server writes with dots although Rust does not: twelve zeros, and more than a small
/// number after them.
fn compatible(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = u32::try_from(address.to_bits()).ok()?;
    (bits > 0xffff).then(|| Ipv4Addr::from_bits(bits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    #[test]
    fn addresses_as_postgresql_writes_them() {
        for (bytes, text) in [
            ("02200004 c0a80001", "192.168.0.1"),
            ("02180004 c0a80001", "192.168.0.1/24"),
            ("02000004 00000000", "0.0.0.0/0"),
            ("03800010 00000000000000000000000000000001", "::1"),
            ("03400010 fe800000000000000000000000000001", "fe80::1/64"),
            (
                "03800010 00000000000000000000ffff01020304",
                "::ffff:1.2.3.4",
            ),
            (
                "03800010 00000000000000000000ffff00000000",
                "::ffff:0.0.0.0",
            ),
            ("03800010 00000000000000000000000001020304", "::1.2.3.4"),
            ("03800010 00000000000000000000000000010002", "::0.1.0.2"),
            ("03800010 20010db8000000000000000000000000", "2001:db8::"),
            ("03800010 00010000000000020000000000000003", "1:0:0:2::3"),
            ("03800010 00010000000000020002000000000003", "1::2:2:0:0:3"),
            (
                "03800010 00010002000300040005000600000008",
                "1:2:3:4:5:6:0:8",
            ),
            (
                "03800010 0000000000000000ffff000001020304",
                "::ffff:0:102:304",
            ),
            ("03800010 00000000000000000000000501020304", "::5:102:304"),
            (
                "03800010 00000002000300040005000600070008",
                "0:2:3:4:5:6:7:8",
            ),
            ("03000010 00000000000000000000000000000000", "::/0"),
            ("02180104 c0a80000", "192.168.0.0/24"),
            ("02200104 0a000001", "10.0.0.1/32"),
            ("03200110 20010db8000000000000000000000000", "2001:db8::/32"),
            ("03800110 00000000000000000000000000000001", "::1/128"),
            (
                "03780110 00000000000000000000ffff01020300",
                "::ffff:1.2.3.0/120",
            ),
            ("03000110 00000000000000000000000000000000", "::/0"),
        ] {
            let bytes = hex(bytes);
            let value = decode(&bytes).unwrap();
            assert_eq!(value.to_string(), text);
            assert_eq!(parse(text, bytes[2] == 1), Ok(value));
            let mut out = Vec::new();
            encode(value, &mut out).unwrap();
            assert_eq!(out, bytes);
            prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        }
    }

    #[test]
    fn what_is_no_address() {
        for bytes in [
            "01200004 c0a80001",
            "02210004 c0a80001",
            "02200204 c0a80001",
            "02200005 c0a80001",
            "03200004 c0a80001",
            "02200004 c0a8000100",
            "03810010 00000000000000000000000000000001",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
        for text in [
            "",
            "1.2.3",
            "1.2.3.4/",
            "1.2.3.4/33",
            "1.2.3.4/+8",
            "1.2.3.4/256",
            " 1.2.3.4",
            "1.2.3.4 ",
            "1.2.3.256",
            "::1/129",
            "fe80::1%eth0",
            "1.2.3.4/255.0.0.0",
        ] {
            assert!(parse(text, false).is_err(), "{text}");
            assert!(parse(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn a_network_has_no_bits_of_a_host() {
        for text in ["10.0.0.1/8", "0.0.0.1/0", "10.0.0.1/31", "::1/127", "::1/0"] {
            assert!(parse(text, false).is_ok(), "{text}");
            let error = parse(text, true).unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
        let value = Inet {
            address: IpAddr::from([1, 2, 3, 4]),
            prefix: 33,
            is_cidr: false,
        };
        assert!(encode(value, &mut Vec::new()).is_err());
    }
}
