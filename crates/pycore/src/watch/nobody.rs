//! Whether an instance that only its unit of work holds can still be reached, or is missed: then it must stay.

use pyo3::exceptions::PyAttributeError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::kept::is_alone;
use super::read::{Attribute, Relation, is_slot, read_slot};
use super::side::is_held;

/// What nobody but a unit of work may have of the instances of one class.
pub struct Nobody {
    /// Whether reference counts tell who holds an instance: not without a GIL, nor if a finalizer may bring it back, nor if what is
    /// read off it may be something else than what it holds.
    counted: bool,
    /// Attributes of columns and relations, in the dictionary of an instance or not.
    names: Vec<Py<PyString>>,
    /// Slots that are neither.
    slots: Vec<Py<PyAny>>,
}

impl Nobody {
    pub fn new(
        class: &Bound<'_, PyType>,
        columns: &[(Attribute, bool)],
        relations: &[Relation],
    ) -> PyResult<Nobody> {
        let py = class.py();
        let version: String = py.import("sys")?.getattr("version")?.extract()?;
        let names: Vec<_> = columns
            .iter()
            .map(|(column, _)| column.name(py))
            .chain(relations.iter().map(|relation| relation.name(py)))
            .map(|name| name.clone().unbind())
            .collect();
        let mut slots = Vec::new();
        for base in class.mro() {
            let own = base.getattr(intern!(py, "__dict__"))?;
            for item in own.call_method0(intern!(py, "items"))?.try_iter()? {
                let (name, found): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
                // Which fields of a Pydantic model were set is told again by the next one that is read.
                let known = name.eq("__pydantic_fields_set__")?
                    || names.iter().any(|other| name.eq(other).unwrap_or(false));
                if is_slot(&found) && !known {
                    slots.push(found.unbind());
                }
            }
        }
        Ok(Nobody {
            counted: !version.contains("free-threading")
                && !class.hasattr(intern!(py, "__del__"))?
                && !columns.iter().any(|(column, _)| column.is_own()),
            names,
            slots,
        })
    }

    /// Whether nobody can reach an instance that is in one dict and in `instance`, nor what it holds, nor would miss anything.
    pub fn has(
        &self,
        instance: &Bound<'_, PyAny>,
        columns: &[(Attribute, bool)],
    ) -> PyResult<bool> {
        if !self.counted || is_held(instance) || has_weak_references(instance) {
            return Ok(false);
        }
        for (attribute, kept) in columns {
            if *kept && !is_alone(&attribute.of(instance)?, 0) {
                return Ok(false);
            }
        }
        for slot in &self.slots {
            match read_slot(slot.bind(instance.py()), instance) {
                Ok(value) if says_something(&value) => return Ok(false),
                Err(error) if !error.is_instance_of::<PyAttributeError>(instance.py()) => {
                    return Err(error);
                }
                _ => {}
            }
        }
        self.has_dictionary(instance)
    }

    /// Whether the dictionary of an instance is its own, with nothing in it but columns and relations.
    fn has_dictionary(&self, instance: &Bound<'_, PyAny>) -> PyResult<bool> {
        // SAFETY: a live object and its class.
        let found = unsafe {
            if (*instance.get_type_ptr()).tp_dictoffset == 0 {
                return Ok(true);
            }
            Bound::from_owned_ptr_or_err(
                instance.py(),
                ffi::PyObject_GenericGetDict(instance.as_ptr(), std::ptr::null_mut()),
            )
        }?;
        if is_held(&found) {
            return Ok(false);
        }
        let attributes = found.cast::<PyDict>()?;
        let mut known = 0;
        for name in &self.names {
            known += usize::from(attributes.contains(name)?);
        }
        Ok(attributes.len() == known)
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.slots.iter().try_for_each(|slot| visit.call(slot))
    }
}

/// Whether somebody may come back for an object that he does not hold.
fn has_weak_references(instance: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object; where its class says that there is a list, there is a pointer to it, as `PyObject_GET_WEAKREFS_LISTPTR`
    // of CPython finds it.
    unsafe {
        let offset = (*instance.get_type_ptr()).tp_weaklistoffset;
        offset != 0
            && !instance
                .as_ptr()
                .byte_offset(offset)
                .cast::<*mut ffi::PyObject>()
                .read()
                .is_null()
    }
}

/// None and an empty dictionary are what a Pydantic model has for private and extra attributes, if there are none.
fn says_something(value: &Bound<'_, PyAny>) -> bool {
    !value.is_none()
        && !value
            .cast_exact::<PyDict>()
            .is_ok_and(|value| value.is_empty())
}
