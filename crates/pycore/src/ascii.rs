//! Short ASCII strings: checked and copied inline, without a call.

use pyo3::ffi;
use pyo3::prelude::*;

/// Longer ones gain nothing, and are left to CPython, which raises MemoryError where there is no room.
const SHORT: usize = 4096;

const HIGH: u64 = 0x8080_8080_8080_8080;

/// A `str` of these bytes if they are fewer than `SHORT`, and ASCII.
#[inline(always)]
pub fn short<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Option<Bound<'py, PyAny>>> {
    if bytes.len() >= SHORT || !is_ascii(bytes) {
        return Ok(None);
    }
    let length = bytes.len() as ffi::Py_ssize_t;
    // SAFETY: a new string that nobody else refers to, with room for `length` ASCII characters behind its header (PEP 393). The
    // empty string is a shared one, to which nothing is written.
    unsafe {
        let text = ffi::PyUnicode_New(length, 127);
        if text.is_null() {
            return Err(PyErr::fetch(py));
        }
        copy(bytes, text.cast::<ffi::PyASCIIObject>().add(1).cast());
        Ok(Some(Bound::from_owned_ptr(py, text)))
    }
}

#[inline(always)]
fn is_ascii(bytes: &[u8]) -> bool {
    match bytes.len() {
        8..=16 => (first(bytes) | last(bytes)) & HIGH == 0,
        17..=32 => {
            let (start, end) = bytes.split_at(8);
            let middle = first(end) | last(&bytes[..bytes.len() - 8]);
            (first(start) | middle | last(bytes)) & HIGH == 0
        }
        _ => bytes.is_ascii(),
    }
}

#[inline(always)]
fn first(bytes: &[u8]) -> u64 {
    bytes
        .first_chunk()
        .map_or(HIGH, |chunk| u64::from_ne_bytes(*chunk))
}

#[inline(always)]
fn last(bytes: &[u8]) -> u64 {
    bytes
        .last_chunk()
        .map_or(HIGH, |chunk| u64::from_ne_bytes(*chunk))
}

/// # Safety
/// `to` has room for `bytes.len()` bytes.
#[inline(always)]
unsafe fn copy(bytes: &[u8], to: *mut u8) {
    let length = bytes.len();
    // SAFETY: by contract; the two halves overlap unless the string is exactly as long as both.
    unsafe {
        if (8..=16).contains(&length) {
            to.cast::<u64>().write_unaligned(first(bytes));
            to.add(length - 8)
                .cast::<u64>()
                .write_unaligned(last(bytes));
        } else if (17..=32).contains(&length) {
            type Half = [u64; 2];
            let from = bytes.as_ptr();
            to.cast::<Half>()
                .write_unaligned(from.cast::<Half>().read_unaligned());
            let end = length - 16;
            to.add(end)
                .cast::<Half>()
                .write_unaligned(from.add(end).cast::<Half>().read_unaligned());
        } else {
            to.copy_from_nonoverlapping(bytes.as_ptr(), length);
        }
    }
}
