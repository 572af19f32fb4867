//! What a Pydantic model needs besides its fields.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PySet, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::fill::untrack;
use super::instance::set_by_descriptor;

pub struct PydanticBuild {
    /// Whether fields can be set as attributes, which keeps CPython's compact values; a field that hides a data
    /// descriptor (a property of a parent class) has to go into a `__dict__` of its own.
    pub plain: bool,
    fields: Py<PySet>,
    fields_set: Py<PyAny>,
    extra: Py<PyAny>,
    private: Py<PyAny>,
}

impl PydanticBuild {
    pub fn new(class: &Bound<'_, PyType>, names: &[String]) -> PyResult<PydanticBuild> {
        let mut plain = true;
        for name in names {
            if let Ok(attribute) = class.getattr(name.as_str()) {
                plain &= !attribute.get_type().hasattr("__set__")?;
            }
        }
        Ok(PydanticBuild {
            plain,
            fields: PySet::new(class.py(), names)?.unbind(),
            fields_set: class.getattr("__pydantic_fields_set__")?.unbind(),
            extra: class.getattr("__pydantic_extra__")?.unbind(),
            private: class.getattr("__pydantic_private__")?.unbind(),
        })
    }

    /// The state beside the fields, as `model_construct` leaves it: every field was given, nothing else was.
    pub fn finish(&self, instance: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = instance.py();
        // SAFETY: copying a live set; a new reference or NULL with an error set.
        let fields =
            unsafe { Bound::from_owned_ptr_or_err(py, ffi::PySet_New(self.fields.as_ptr()))? };
        // Names hold nothing: the garbage collector would go through a table of 32 places for each instance.
        untrack(&fields);
        let none = py.None().into_bound(py);
        set_by_descriptor(self.fields_set.bind(py), instance, &fields)?;
        set_by_descriptor(self.extra.bind(py), instance, &none)?;
        set_by_descriptor(self.private.bind(py), instance, &none)
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        for object in [&self.fields_set, &self.extra, &self.private] {
            visit.call(object)?;
        }
        visit.call(&self.fields)
    }
}
