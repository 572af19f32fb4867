//! How deep and how long the lists are that are to become an array.

use pgwire::types::array::{Dimension, MAX_DIMENSIONS};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::unwrap::refused;
use crate::lazy::ARRAY;
use crate::pg::types::{Array, Type};
use crate::raise::Unfit;

/// The dimensions of an array, outermost first; none for one without elements.
pub(super) struct Shape {
    pub dimensions: Vec<Dimension>,
}

/// What a list or tuple inside of a list is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    /// Another dimension.
    Both,
    /// A list is another dimension, a tuple an element.
    Lists,
    /// An element, whatever it is.
    Nothing,
}

fn nesting(element: &Type) -> Nesting {
    match element {
        Type::Scalar(scalar) if scalar.holds_lists() => Nesting::Nothing,
        // What is read of a domain over an array is a list.
        Type::Multirange(_) | Type::Array(_) => Nesting::Nothing,
        Type::Custom(custom) => match nesting(&custom.inner) {
            Nesting::Nothing => Nesting::Nothing,
            _ => Nesting::Lists,
        },
        // Points are tuples, and so may be rows.
        Type::Composite(_) => Nesting::Lists,
        Type::Scalar(scalar) if scalar.is_figure() => Nesting::Lists,
        _ => Nesting::Both,
    }
}

/// Whether lists inside of a list are its elements, and not dimensions, unless an `Array` says so.
pub fn may_be_lists(element: &Type) -> bool {
    nesting(element) == Nesting::Nothing
}

impl Shape {
    pub fn of(ty: &Array, value: &Bound<'_, PyAny>) -> Result<Shape, Unfit> {
        if !is_list(value, Nesting::Both) {
            let expected = if value.hasattr(intern!(value.py(), "tolist"))? {
                "a list or tuple (such as value.tolist())"
            } else {
                "a list or tuple"
            };
            return Err(refused(&ty.name, value, expected));
        }
        let nesting = nesting(&ty.element);
        let bounds = lower_bounds(value)?;
        let mut lengths = Vec::new();
        measure(value, nesting, bounds.as_ref().map(Vec::len), &mut lengths)?;
        if lengths == [0] {
            return Ok(Shape {
                dimensions: Vec::new(),
            });
        }
        if lengths.contains(&0) {
            return Err(Unfit::Because(format!(
                "{}: PostgreSQL has no lists without elements inside of an array; an empty array is []",
                ty.name
            )));
        }
        if let Some(bounds) = &bounds
            && bounds.len() != lengths.len()
        {
            return Err(Unfit::Because(format!(
                "{}: the array has {} dimensions and {} lower bounds",
                ty.name,
                lengths.len(),
                bounds.len()
            )));
        }
        // With lower bounds it is said which lists are elements.
        let elements = if bounds.is_some() {
            Nesting::Nothing
        } else {
            nesting
        };
        check(value, &lengths, elements, &ty.name)?;
        let dimensions = lengths.iter().enumerate().map(|(at, length)| Dimension {
            length: *length,
            lower_bound: bounds
                .as_ref()
                .and_then(|bounds| bounds.get(at).copied())
                .unwrap_or(ty.lower_bound),
        });
        Ok(Shape {
            dimensions: dimensions.collect(),
        })
    }
}

fn is_list(value: &Bound<'_, PyAny>, nesting: Nesting) -> bool {
    match nesting {
        Nesting::Both => value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>(),
        Nesting::Lists => value.is_instance_of::<PyList>(),
        Nesting::Nothing => false,
    }
}

fn lower_bounds(value: &Bound<'_, PyAny>) -> Result<Option<Vec<i32>>, Unfit> {
    let py = value.py();
    if value.is_exact_instance_of::<PyList>() || !value.is_instance(ARRAY.get(py)?)? {
        return Ok(None);
    }
    let bounds = value.getattr(intern!(py, "lower_bounds"))?;
    match bounds.extract::<Vec<i32>>() {
        Ok(bounds) => Ok(Some(bounds)),
        Err(_) => Err(Unfit::Because(format!(
            "the lower bounds {bounds} are not all 32-bit numbers"
        ))),
    }
}

/// The lengths along the first elements. Lower bounds say how deep it goes; without them, where any list may be an element,
/// there is one dimension.
fn measure(
    value: &Bound<'_, PyAny>,
    nesting: Nesting,
    depth: Option<usize>,
    lengths: &mut Vec<usize>,
) -> Result<(), Unfit> {
    lengths.push(value.len()?);
    if lengths.len() > MAX_DIMENSIONS {
        return Err(Unfit::Because(format!(
            "the lists are nested deeper than {MAX_DIMENSIONS}, which is what PostgreSQL's arrays have"
        )));
    }
    if value.len()? == 0 || depth.is_some_and(|depth| lengths.len() >= depth) {
        return Ok(());
    }
    let first = value.get_item(0)?;
    let deeper = match depth {
        Some(_) => is_list(&first, Nesting::Both),
        None => is_list(&first, nesting),
    };
    if deeper {
        measure(&first, nesting, depth, lengths)
    } else {
        Ok(())
    }
}

/// Whether all lists of a dimension have its length, and no element is a list.
fn check(
    value: &Bound<'_, PyAny>,
    lengths: &[usize],
    nesting: Nesting,
    name: &str,
) -> Result<(), Unfit> {
    let Some((length, inner)) = lengths.split_first() else {
        return Ok(());
    };
    let found = value.len()?;
    if found != *length {
        return Err(Unfit::Because(format!(
            "{name}: lists of one dimension are equally long in PostgreSQL; one has {length} elements, another {found}"
        )));
    }
    if inner.is_empty() && nesting == Nesting::Nothing {
        return Ok(());
    }
    for item in value.try_iter()? {
        let item = item?;
        let expected = if nesting == Nesting::Nothing {
            is_list(&item, Nesting::Both)
        } else {
            is_list(&item, nesting)
        };
        match (inner.is_empty(), expected) {
            (true, false) => {}
            (false, true) => check(&item, inner, nesting, name)?,
            _ => {
                return Err(Unfit::Because(format!(
                    "{name}: some elements are lists and some are not; all are equally deep in PostgreSQL"
                )));
            }
        }
    }
    Ok(())
}
