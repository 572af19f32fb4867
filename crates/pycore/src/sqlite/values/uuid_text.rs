//! UUIDs as text.

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Writes the canonical 36 characters.
pub fn write(out: &mut Vec<u8>, bytes: [u8; 16]) {
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        write_hex(out, byte);
    }
}

pub fn write_hex(out: &mut Vec<u8>, byte: u8) {
    for digit in [byte >> 4, byte & 15] {
        out.push(HEX.get(usize::from(digit)).copied().unwrap_or(b'0'));
    }
}

/// Reads 36 characters with hyphens in their places, or 32 hexadecimal digits.
pub fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let mut digits = [0_u8; 32];
    match text.len() {
        32 => digits.copy_from_slice(text),
        36 => {
            let mut places = digits.iter_mut();
            for (index, byte) in text.iter().enumerate() {
                if matches!(index, 8 | 13 | 18 | 23) {
                    if *byte != b'-' {
                        return None;
                    }
                } else {
                    *places.next()? = *byte;
                }
            }
        }
        _ => return None,
    }
    let mut bytes = [0_u8; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        let [high, low] = *pair;
        *byte = hex(high)? << 4 | hex(low)?;
    }
    Some(bytes)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
