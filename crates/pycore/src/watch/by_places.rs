//! What rows are to hold, by the places where they differ from what they hold.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// A dict of dicts: by places, by key, a row.
pub struct ByPlaces<'py> {
    found: Bound<'py, PyDict>,
    known: HashMap<Vec<usize>, Bound<'py, PyDict>>,
    /// Most often many instances in a row differ at the same places.
    latest: Option<(Vec<usize>, Bound<'py, PyDict>)>,
}

impl<'py> ByPlaces<'py> {
    pub fn new(py: Python<'py>) -> ByPlaces<'py> {
        ByPlaces {
            found: PyDict::new(py),
            known: HashMap::new(),
            latest: None,
        }
    }

    pub fn add(
        &mut self,
        places: &[usize],
        key: Bound<'py, PyAny>,
        row: Bound<'py, PyTuple>,
    ) -> PyResult<()> {
        if let Some((there, rows)) = &self.latest
            && there == places
        {
            return rows.set_item(key, row);
        }
        let rows = if let Some(rows) = self.known.get(places) {
            rows.clone()
        } else {
            let rows = PyDict::new(self.found.py());
            self.found
                .set_item(PyTuple::new(self.found.py(), places)?, &rows)?;
            self.known.insert(places.to_vec(), rows.clone());
            rows
        };
        rows.set_item(key, row)?;
        self.latest = Some((places.to_vec(), rows));
        Ok(())
    }

    pub fn done(self) -> Bound<'py, PyDict> {
        self.found
    }
}
