//! Datetimes of moments that are known to exist.
//!
//! CPython looks at each part and at the zone again before it allocates, through functions of many arguments: an eighth of the
//! instructions of a row of five usual columns, freeing it included, went there.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTzInfo;

use crate::values::Moment;

/// A datetime, naive or aware in UTC, of a moment in the years 1 to 9999 that the calendar has.
#[inline(always)]
pub fn datetime<'py>(py: Python<'py>, at: &Moment, utc: bool) -> PyResult<Bound<'py, PyAny>> {
    let [_, _, year @ ..] = at.year.to_be_bytes();
    let [_, microsecond @ ..] = at.microsecond.to_be_bytes();
    // SAFETY: `tp_alloc` of the class itself gives an object whose fields are free to be set, with room for a zone if it is
    // asked for: that is how the datetime module makes them. The layout is that of `datetime.h`, which is public.
    unsafe {
        let mut api = ffi::PyDateTimeAPI();
        if api.is_null() {
            PyTzInfo::utc(py)?; // has it imported
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
