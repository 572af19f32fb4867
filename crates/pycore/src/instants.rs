//! `datetime` objects without CPython's checks, for values that are known to be valid.
//!
//! The checks of `PyDateTime_FromDateAndTime` took an eighth of the instructions of a row of five usual columns.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTzInfo;

use crate::values::Moment;

/// A datetime, naive or aware in UTC. `at` must be a valid date and time of the years 1 to 9999.
#[inline(always)]
pub fn datetime<'py>(py: Python<'py>, at: &Moment, utc: bool) -> PyResult<Bound<'py, PyAny>> {
    let [_, _, year @ ..] = at.year.to_be_bytes();
    let [_, microsecond @ ..] = at.microsecond.to_be_bytes();
    // SAFETY: `tp_alloc` of the class gives an object to fill in, with room for a time zone if its second argument is not 0, as
    // the datetime module itself uses it. The layout is public, in `datetime.h`.
    unsafe {
        let mut api = ffi::PyDateTimeAPI();
        if api.is_null() {
            PyTzInfo::utc(py)?; // imports it
            api = ffi::PyDateTimeAPI();
        }
        let class = (*api).DateTimeType;
        let Some(allocate) = (*class).tp_alloc else {
            return Err(PyErr::fetch(py));
        };
        let object = allocate(class, utc.into()).cast::<ffi::PyDateTime_DateTime>();
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        (*object).hashcode = -1;
        (*object).hastzinfo = utc.into();
        (*object).data = [
            year[0],
            year[1],
            at.month,
            at.day,
            at.hour,
            at.minute,
            at.second,
            microsecond[0],
            microsecond[1],
            microsecond[2],
        ];
        (*object).fold = 0;
        if utc {
            let zone = (*api).TimeZone_UTC;
            ffi::Py_INCREF(zone);
            (*object).tzinfo = zone;
        }
        Ok(Bound::from_owned_ptr(py, object.cast()))
    }
}
