//! How a row becomes a model instance.

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::collector::Values;
use super::instance::{new_instance, set_attribute, set_by_descriptor, set_dict};
use super::pydantic::PydanticBuild;
use crate::place;

enum Build {
    /// Attributes straight into the instance.
    Dict,
    /// Attributes through the descriptors of `__slots__`.
    Slots(Vec<Py<PyAny>>),
    /// A Pydantic model as `model_construct` makes it, all fields set.
    Pydantic(Box<PydanticBuild>),
    /// A callable with keyword arguments.
    Call(Py<PyAny>, Py<PyTuple>),
}

/// Built once per model and result shape, run row by row.
pub struct Plan {
    class: Py<PyType>,
    names: Vec<Py<PyString>>,
    convert: Vec<Option<Py<PyAny>>>,
    build: Build,
    quiet: bool,
}

impl Plan {
    pub fn new(
        class: &Bound<'_, PyType>,
        names: Vec<String>,
        build: &str,
        convert: Option<Vec<Option<Py<PyAny>>>>,
        factory: Option<Py<PyAny>>,
    ) -> PyResult<Plan> {
        let py = class.py();
        let convert = convert.unwrap_or_default();
        if !convert.is_empty() && convert.len() != names.len() {
            return Err(PyValueError::new_err(format!(
                "convert has {} entries for {} names",
                convert.len(),
                names.len()
            )));
        }
        let build = match build {
            "dict" => Build::Dict,
            "slots" => Build::Slots(
                names
                    .iter()
                    .map(|name| Ok(class.getattr(name.as_str())?.unbind()))
                    .collect::<PyResult<_>>()?,
            ),
            "pydantic" => Build::Pydantic(Box::new(PydanticBuild::new(class, &names)?)),
            "call" => Build::Call(
                factory.unwrap_or_else(|| class.clone().into_any().unbind()),
                PyTuple::new(py, &names)?.unbind(),
            ),
            other => {
                return Err(PyValueError::new_err(format!(
                    "unknown build {other:?}; known: dict, slots, pydantic, call"
                )));
            }
        };
        let quiet = match build {
            Build::Call(..) => false,
            Build::Slots(_) => true,
            Build::Dict | Build::Pydantic(_) => !has_setters(class, &names)?,
        };
        Ok(Plan {
            quiet: quiet && convert.iter().all(Option::is_none),
            class: class.clone().unbind(),
            names: names
                .iter()
                .map(|name| PyString::intern(py, name).unbind())
                .collect(),
            convert,
            build,
        })
    }

    /// What the garbage collector must know: a class holds its plans and a plan its class.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.class)?;
        for convert in self.convert.iter().flatten() {
            visit.call(convert)?;
        }
        match &self.build {
            Build::Dict => Ok(()),
            Build::Slots(descriptors) => descriptors.iter().try_for_each(|slot| visit.call(slot)),
            Build::Pydantic(build) => build.traverse(visit),
            Build::Call(callable, keywords) => {
                visit.call(callable)?;
                visit.call(keywords)
            }
        }
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Whether an instance is built without running the model's code or a converter.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    pub fn class<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.class.bind(py)
    }

    fn value<'py>(
        &self,
        py: Python<'py>,
        index: usize,
        values: &mut impl Values<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let value = values.next(index)?;
        match self.convert.get(index) {
            Some(Some(convert)) if !value.is_none() => convert
                .bind(py)
                .call1((value,))
                .map_err(|error| self.unfit(py, index, error)),
            _ => Ok(value),
        }
    }

    #[cold]
    fn unfit(&self, py: Python<'_>, index: usize, error: PyErr) -> PyErr {
        let class = self.class.bind(py).name();
        let class = class.map_or_else(|_| String::new(), |name| name.to_string());
        let name = self.names.get(index);
        let name = name.map_or_else(String::new, |name| name.bind(py).to_string());
        place::of_attribute(py, error, &class, &name)
    }

    pub fn instance<'py>(
        &self,
        py: Python<'py>,
        values: &mut impl Values<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match &self.build {
            Build::Dict => {
                let instance = new_instance(self.class.bind(py))?;
                for (index, name) in self.names.iter().enumerate() {
                    let value = self.value(py, index, values)?;
                    set_attribute(&instance, name.bind(py), &value)?;
                }
                Ok(instance)
            }
            Build::Slots(descriptors) => {
                let instance = new_instance(self.class.bind(py))?;
                for (index, descriptor) in descriptors.iter().enumerate() {
                    let value = self.value(py, index, values)?;
                    set_by_descriptor(descriptor.bind(py), &instance, &value)?;
                }
                Ok(instance)
            }
            Build::Pydantic(build) => {
                let instance = new_instance(self.class.bind(py))?;
                if build.plain {
                    for (index, name) in self.names.iter().enumerate() {
                        let value = self.value(py, index, values)?;
                        set_attribute(&instance, name.bind(py), &value)?;
                    }
                } else {
                    let dict = PyDict::new(py);
                    for (index, name) in self.names.iter().enumerate() {
                        dict.set_item(name.bind(py), self.value(py, index, values)?)?;
                    }
                    set_dict(&instance, &dict)?;
                }
                build.finish(&instance)?;
                Ok(instance)
            }
            Build::Call(callable, keywords) => {
                let mut arguments = Vec::with_capacity(self.names.len());
                for index in 0..self.names.len() {
                    arguments.push(self.value(py, index, values)?);
                }
                call_with_keywords(callable.bind(py), &arguments, keywords.bind(py))
            }
        }
    }
}

/// Whether storing one of these attributes would call a descriptor of the class.
fn has_setters(class: &Bound<'_, PyType>, names: &[String]) -> PyResult<bool> {
    for name in names {
        for base in class.mro() {
            let own = base.getattr(intern!(class.py(), "__dict__"))?;
            if own.contains(name)? {
                let found = own.get_item(name)?;
                // SAFETY: the type of a live object.
                if unsafe { (*found.get_type_ptr()).tp_descr_set.is_some() } {
                    return Ok(true);
                }
                break;
            }
        }
    }
    Ok(false)
}

fn call_with_keywords<'py>(
    callable: &Bound<'py, PyAny>,
    arguments: &[Bound<'py, PyAny>],
    keywords: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: `Bound` is a transparent pointer; as many arguments as keyword names are given; the result is a new
    // reference or NULL with an error set.
    unsafe {
        Bound::from_owned_ptr_or_err(
            callable.py(),
            ffi::PyObject_Vectorcall(
                callable.as_ptr(),
                arguments.as_ptr().cast(),
                0,
                keywords.as_ptr(),
            ),
        )
    }
}
