//! How attributes are read off instances of one class: as `getattr` would, without what it need not look for.

use pyo3::exceptions::PyAttributeError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};
use pyo3::{PyTraverseError, PyVisit};

enum Way {
    /// The descriptor of a slot.
    Slot(Py<PyAny>),
    /// As `object` does it: a `__getattr__` of the class comes after that anyway.
    Plain,
    /// The class has a way of its own.
    Own,
}

pub struct Attribute {
    name: Py<PyString>,
    way: Way,
}

impl Attribute {
    pub fn new(class: &Bound<'_, PyType>, name: &str) -> PyResult<Attribute> {
        let py = class.py();
        let found = own(class, name)?;
        let way = match found {
            Some(found) if is_slot(&found) => Way::Slot(found.unbind()),
            _ => {
                let theirs = class.getattr(intern!(py, "__getattribute__"))?;
                let usual = py
                    .get_type::<PyAny>()
                    .getattr(intern!(py, "__getattribute__"))?;
                if theirs.is(&usual) {
                    Way::Plain
                } else {
                    Way::Own
                }
            }
        };
        Ok(Attribute {
            name: PyString::intern(py, name).unbind(),
            way,
        })
    }

    pub fn name<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.name.bind(py)
    }

    /// Whether the class decides by itself what is read.
    pub fn is_own(&self) -> bool {
        matches!(self.way, Way::Own)
    }

    pub fn of<'py>(&self, instance: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = instance.py();
        match &self.way {
            Way::Slot(slot) => read_slot(slot.bind(py), instance),
            Way::Plain => {
                // SAFETY: two live objects; a new reference or NULL with an error set.
                let found = unsafe {
                    Bound::from_owned_ptr_or_err(
                        py,
                        ffi::PyObject_GenericGetAttr(instance.as_ptr(), self.name.as_ptr()),
                    )
                };
                match found {
                    Err(error) if error.is_instance_of::<PyAttributeError>(py) => {
                        instance.getattr(self.name.bind(py))
                    }
                    found => found,
                }
            }
            Way::Own => instance.getattr(self.name.bind(py)),
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.way {
            Way::Slot(slot) => visit.call(slot),
            Way::Plain | Way::Own => Ok(()),
        }
    }
}

/// Where the value of a relation is, if it was loaded or set.
pub struct Relation {
    name: Py<PyString>,
    slot: Option<Py<PyAny>>,
}

impl Relation {
    pub fn new(py: Python<'_>, name: &str, slot: Option<Py<PyAny>>) -> Relation {
        Relation {
            name: PyString::intern(py, name).unbind(),
            slot,
        }
    }

    pub fn name<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.name.bind(py)
    }

    pub fn of<'py>(&self, instance: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = instance.py();
        if let Some(slot) = &self.slot {
            return match read_slot(slot.bind(py), instance) {
                Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(None),
                found => found.map(Some),
            };
        }
        // SAFETY: a live object; a new reference or NULL with an error set.
        let attributes = unsafe {
            Bound::from_owned_ptr_or_err(
                py,
                ffi::PyObject_GenericGetDict(instance.as_ptr(), std::ptr::null_mut()),
            )
        }?;
        attributes.cast::<PyDict>()?.get_item(self.name.bind(py))
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.slot.iter().try_for_each(|slot| visit.call(slot))
    }
}

/// What a class or one of its bases has in its own dictionary.
fn own<'py>(class: &Bound<'py, PyType>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    for base in class.mro() {
        let own = base.getattr(intern!(class.py(), "__dict__"))?;
        if own.contains(name)? {
            return own.get_item(name).map(Some);
        }
    }
    Ok(None)
}

pub fn is_slot(found: &Bound<'_, PyAny>) -> bool {
    found.get_type_ptr() == &raw mut ffi::PyMemberDescr_Type
}

pub fn read_slot<'py>(
    slot: &Bound<'py, PyAny>,
    instance: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the slot function of a live descriptor is called with live objects; a new reference or NULL with an error set.
    unsafe {
        match (*slot.get_type_ptr()).tp_descr_get {
            Some(get) => Bound::from_owned_ptr_or_err(
                slot.py(),
                get(
                    slot.as_ptr(),
                    instance.as_ptr(),
                    instance.get_type_ptr().cast(),
                ),
            ),
            None => Err(PyAttributeError::new_err("not a slot")),
        }
    }
}
