//! What becomes of a thread that is in our code when the interpreter ends: it stays there until the process is gone.
//!
//! Up to Python 3.13 a daemon thread that wants the GIL back at that time is unwound (`pthread_exit`), which aborts the program where frames
//! of Rust are on its stack. That may happen in every call of Python: code of users runs in models, codecs and iterators, but also where an
//! attribute is read, an object goes or the garbage collector starts. Hence not the calls are guarded, but the thread, once: with glibc it
//! stops before the first of its frames is left. Python 3.14 stops such threads itself; musl ends threads without unwinding them.

use std::cell::Cell;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

thread_local! {
    static STAYS: Cell<bool> = const { Cell::new(false) };
}

/// To be called wherever a thread comes in from Python and may go back into it.
#[inline]
pub fn stay(_py: Python<'_>) {
    if !STAYS.replace(true) {
        system::stay();
    }
}

pub use system::interpreter_ends;

/// Of a connection that such a thread has. RuntimeError, as Python says of threads at that time: our own classes may be gone.
#[cold]
pub fn stopped() -> PyErr {
    PyRuntimeError::new_err(
        "the interpreter ends, and a daemon thread that it has stopped was using the connection; \
         join the thread before the program ends, or give the last use a connection of its own",
    )
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod system {
    use std::cell::RefCell;
    use std::ffi::{CStr, c_int, c_void};
    use std::ptr;
    use std::sync::OnceLock;

    /// `struct _pthread_cleanup_buffer` of <pthread.h>.
    #[repr(C)]
    struct Buffer {
        routine: Option<unsafe extern "C" fn(*mut c_void)>,
        argument: *mut c_void,
        kind: c_int,
        before: *mut Buffer,
    }

    type Push = unsafe extern "C" fn(*mut Buffer, unsafe extern "C" fn(*mut c_void), *mut c_void);
    type Pop = unsafe extern "C" fn(*mut Buffer, c_int);
    type Ask = unsafe extern "C" fn() -> c_int;

    /// glibc's handlers of programs from before 2003, and what Python calls its question: without the underscore from 3.13 on.
    struct Functions {
        push: Push,
        pop: Pop,
        is_finalizing: Ask,
    }

    /// The handler of this thread.
    struct Registered(*mut Buffer);

    thread_local! {
        static REGISTERED: RefCell<Option<Registered>> = const { RefCell::new(None) };
    }

    fn functions() -> Option<&'static Functions> {
        static FUNCTIONS: OnceLock<Option<Functions>> = OnceLock::new();
        let found = FUNCTIONS.get_or_init(|| {
            let is_finalizing =
                symbol(c"Py_IsFinalizing").or_else(|| symbol(c"_Py_IsFinalizing"))?;
            // SAFETY: functions of these signatures, as their headers say.
            unsafe {
                Some(Functions {
                    push: std::mem::transmute::<*mut c_void, Push>(symbol(
                        c"_pthread_cleanup_push",
                    )?),
                    pop: std::mem::transmute::<*mut c_void, Pop>(symbol(c"_pthread_cleanup_pop")?),
                    is_finalizing: std::mem::transmute::<*mut c_void, Ask>(is_finalizing),
                })
            }
        });
        found.as_ref()
    }

    /// Looked up: the version by which it would be linked is that of the machine that builds, and may be newer than what there is.
    fn symbol(name: &CStr) -> Option<*mut c_void> {
        // SAFETY: a C string; whatever is loaded is looked through.
        let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
        (!found.is_null()).then_some(found)
    }

    #[cold]
    pub fn stay() {
        // The main thread is the one that ends the interpreter, which does not unwind it.
        // SAFETY: neither can fail.
        if unsafe { libc::getpid() == libc::gettid() } {
            return;
        }
        let Some(functions) = functions() else { return };
        // Not on the stack: glibc calls a handler before it leaves the frame below which its buffer lies, and by the way in which it compares
        // addresses one that lies elsewhere comes before the first frame.
        let buffer = Box::into_raw(Box::new(Buffer {
            routine: None,
            argument: ptr::null_mut(),
            kind: 0,
            before: ptr::null_mut(),
        }));
        // SAFETY: the buffer lives until it is popped, where this thread ends.
        unsafe { (functions.push)(buffer, end, ptr::null_mut()) };
        REGISTERED.with(|registered| registered.replace(Some(Registered(buffer))));
    }

    /// Is called in a thread that is about to be unwound; without the GIL, if by the end of the interpreter.
    unsafe extern "C" fn end(_argument: *mut c_void) {
        while interpreter_ends() {
            std::thread::park();
        }
    }

    /// Whether the interpreter ends, or has ended.
    pub fn interpreter_ends() -> bool {
        // SAFETY: both may be asked at any time, in any thread.
        functions().is_some_and(|functions| unsafe {
            (functions.is_finalizing)() != 0 || pyo3::ffi::Py_IsInitialized() == 0
        })
    }

    impl Drop for Registered {
        fn drop(&mut self) {
            if let Some(functions) = functions() {
                // SAFETY: pushed by this thread, which ends; what was pushed later has been popped by those who did. Owned by this.
                unsafe {
                    (functions.pop)(self.0, 0);
                    drop(Box::from_raw(self.0));
                }
            }
        }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod system {
    pub fn stay() {}

    pub fn interpreter_ends() -> bool {
        false
    }
}
