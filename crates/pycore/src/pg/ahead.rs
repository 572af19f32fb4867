//! Has the processor fetch what will be read a little later.
//!
//! The objects of ten thousand rows are more than its caches keep while the server works, and one miss costs as much as
//! encoding two values.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyList;

/// Rows between the one that is read and the one whose values are fetched.
const VALUES: usize = 6;
/// The same for the row itself, without which it is not known where its values are.
const ROW: usize = 12;
/// Values of a row that are fetched at most.
const WIDTH: usize = 16;

/// Fetches rows that come after this one, and what tuples among them hold.
#[inline]
pub fn prefetch(rows: &Bound<'_, PyList>, at: usize) {
    let list = rows.as_ptr();
    // SAFETY: it is a list, and nothing else runs that could change it or its rows before this ends.
    unsafe {
        let Ok(length) = usize::try_from(ffi::PyList_GET_SIZE(list)) else {
            return;
        };
        let item = |index: usize| ffi::PyList_GET_ITEM(list, index.cast_signed());
        if at + ROW < length {
            let row = item(at + ROW).cast_const().cast::<u8>();
            fetch(row);
            fetch(row.wrapping_add(LINE));
        }
        if at + VALUES < length {
            let row = item(at + VALUES);
            if ffi::PyTuple_CheckExact(row) != 0 {
                let width = ffi::PyTuple_GET_SIZE(row).cast_unsigned().min(WIDTH);
                for index in 0..width {
                    let value = ffi::PyTuple_GET_ITEM(row, index.cast_signed());
                    fetch(value.cast_const().cast::<u8>());
                }
            }
        }
    }
}

const LINE: usize = 64;

#[inline]
fn fetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: it is a hint, which does nothing where the address is none.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast::<i8>());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
