//! The garbage collector stands still while many objects are built of which none can be garbage.

use std::marker::PhantomData;
use std::sync::LazyLock;

use pyo3::ffi;
use pyo3::prelude::*;

static GIL: LazyLock<bool> = LazyLock::new(|| {
    // SAFETY: a static text that ends with a zero byte.
    let version = unsafe { std::ffi::CStr::from_ptr(ffi::Py_GetVersion()) };
    !version.to_string_lossy().contains("free-threading")
});

/// Whether this interpreter was built with a GIL.
pub fn has_gil() -> bool {
    *GIL
}

/// Until it is dropped the collector does not start by itself. Nobody may see that: whoever holds a pause must keep the GIL
/// and run no Python code but that of values.
pub struct Pause<'py> {
    was_on: bool,
    gil: PhantomData<Python<'py>>,
}

impl<'py> Pause<'py> {
    pub fn begin(_: Python<'py>) -> Pause<'py> {
        Pause {
            // Without a GIL the switch would belong to other threads as well, which build results of their own.
            // SAFETY: the GIL is held.
            was_on: has_gil() && unsafe { ffi::PyGC_Disable() } != 0,
            gil: PhantomData,
        }
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        if self.was_on {
            // SAFETY: the GIL is held, as the lifetime says.
            unsafe {
                ffi::PyGC_Enable();
            }
        }
    }
}
