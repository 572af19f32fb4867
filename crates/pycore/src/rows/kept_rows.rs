//! The memory of some rows that are gone, for the next ones, as CPython keeps that of tuples.
//!
//! It costs less than to ask for memory. And where results of thousands of rows come one after the other, it keeps CPython from
//! giving the memory of each back to the system, which would have to clear it again, page by page, for the next: up to a fifth of
//! the time that such a result took here.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::ptr;

use pyo3::ffi;

use super::row_memory::Memory;

/// Wider rows are not kept.
const WIDEST: usize = 20;

/// Rows of each width that are kept: some 25 KiB of narrow ones.
const MOST: usize = 256;

/// Rows of one width. Each holds the address of the next where its first value was.
#[derive(Clone, Copy)]
struct Pile {
    top: *mut Memory,
    height: usize,
}

/// Whoever has the GIL may use it. `free` is not installed where there is none, so nothing is ever here.
struct Piles(UnsafeCell<[Pile; WIDEST + 1]>);

// SAFETY: all that is done with it is done with the GIL.
unsafe impl Sync for Piles {}

const EMPTY: Pile = Pile {
    top: ptr::null_mut(),
    height: 0,
};
static PILES: Piles = Piles(UnsafeCell::new([EMPTY; WIDEST + 1]));

/// Memory for a row of so many values, if some is kept: it still has to be initialized.
///
/// # Safety
/// The GIL is held.
#[inline]
pub unsafe fn take(width: usize) -> Option<*mut Memory> {
    // SAFETY: by contract; what lies on a pile was put there by `free`.
    unsafe {
        let pile = (*PILES.0.get()).get_mut(width)?;
        if pile.top.is_null() {
            return None;
        }
        let memory = pile.top;
        pile.top = next(memory).read();
        pile.height -= 1;
        Some(memory)
    }
}

/// `tp_free` of rows.
///
/// # Safety
/// The caller is CPython, with the GIL and a row that is not used any more.
pub unsafe extern "C" fn free(object: *mut c_void) {
    let memory: *mut Memory = object.cast();
    // SAFETY: by contract. There is room for as many values as it counted, or for more if it was given up half full; and whatever
    // it held has been given up. A row without values may have no room for an address.
    unsafe {
        let width = usize::try_from((*memory).row.count).unwrap_or(0);
        let pile = (*PILES.0.get()).get_mut(width);
        match pile.filter(|pile| width > 0 && pile.height < MOST) {
            Some(pile) => {
                next(memory).write(pile.top);
                pile.top = memory;
                pile.height += 1;
            }
            None => ffi::PyObject_GC_Del(object),
        }
    }
}

/// Where the address of the next one lies.
unsafe fn next(memory: *mut Memory) -> *mut *mut Memory {
    // SAFETY: a row has at least one value.
    unsafe { memory.add(1).cast() }
}
