//! What one session knows of types: definitions, and the trees that have been made of them.

use std::collections::HashMap;
use std::sync::Arc;

use pgwire::Oid;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::codec::Codec;
use super::{Array, Composite, Custom, Definition, Entry, Field, Range, Type, builtin};
use crate::rows::{Header, column_names};

#[derive(Clone)]
pub struct Types {
    /// Without those that every server has.
    found: HashMap<Oid, Entry, ahash::RandomState>,
    trees: HashMap<Oid, Type, ahash::RandomState>,
    /// The later one wins.
    codecs: Vec<Arc<Codec>>,
}

impl Types {
    pub fn new(codecs: Vec<Codec>) -> Types {
        let mut types = Types {
            found: HashMap::default(),
            trees: HashMap::default(),
            codecs: Vec::new(),
        };
        for codec in codecs {
            types.set_codec(codec);
        }
        types
    }

    /// Puts it in the place of an earlier one for the same name. An empty one stands for what is built in.
    pub fn set_codec(&mut self, codec: Codec) {
        self.codecs.retain(|earlier| !codec.replaces(earlier));
        self.codecs.push(Arc::new(codec));
        self.trees.clear();
    }

    /// The type's tree; None while it, or a part of it, has to be looked up.
    pub fn get(&mut self, py: Python<'_>, oid: Oid) -> PyResult<Option<Type>> {
        if let Some(known) = self.trees.get(&oid) {
            return Ok(Some(known.clone()));
        }
        self.plant(py, oid, &mut Vec::new())
    }

    /// The same where nothing more can be asked: text, if it is gone meanwhile.
    pub fn get_or_text(&mut self, py: Python<'_>, oid: Oid) -> PyResult<Type> {
        let known = self.get(py, oid)?;
        Ok(known.unwrap_or_else(|| Type::Text(Arc::from(format!("the type with oid {oid}")))))
    }

    /// Whether nothing is to be asked about it. Parts come with the whole, so they are not looked at.
    pub fn knows(&self, oid: Oid) -> bool {
        self.entry(oid).is_some()
    }

    pub fn is_builtin(&self, oid: Oid) -> bool {
        builtin::entry(oid).is_some()
    }

    pub fn learn(&mut self, oid: Oid, entry: Entry) {
        self.found.insert(oid, entry);
        self.trees.clear();
    }

    /// Whether anything had to be looked up so far: only that can change under the session.
    pub fn has_found(&self) -> bool {
        !self.found.is_empty()
    }

    /// What was looked up may no longer be true.
    pub fn forget(&mut self) {
        self.found.clear();
        self.trees.clear();
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.codecs
            .iter()
            .try_for_each(|codec| codec.traverse(visit))
    }

    /// Gives up the functions of others.
    pub fn clear(&mut self) {
        self.codecs.clear();
        self.trees.clear();
    }

    fn entry(&self, oid: Oid) -> Option<&Entry> {
        builtin::entry(oid).or_else(|| self.found.get(&oid))
    }

    /// `path` is what the type is a part of.
    fn plant(&mut self, py: Python<'_>, oid: Oid, path: &mut Vec<Oid>) -> PyResult<Option<Type>> {
        if let Some(known) = self.trees.get(&oid) {
            return Ok(Some(known.clone()));
        }
        let Some(entry) = self.entry(oid) else {
            return Ok(None);
        };
        // No server lets one declare a type that is a part of itself, but one might say so.
        if path.contains(&oid) {
            return Ok(Some(Type::Text(Arc::from(&*entry.name))));
        }
        let name: Arc<str> = Arc::from(&*entry.name);
        let codec = self
            .codecs
            .iter()
            .rev()
            .find(|codec| codec.is_for(&entry.schema, &entry.name))
            .map(Arc::clone);
        path.push(oid);
        let tree = match &entry.definition {
            Definition::Scalar(scalar) => Type::Scalar(*scalar),
            Definition::Text => Type::Text(name),
            Definition::Void => Type::Void,
            Definition::Record => Type::Record,
            Definition::Enum => Type::Enum(name),
            Definition::Domain(base) => {
                let base = *base;
                match self.plant(py, base, path)? {
                    Some(base) => base,
                    None => return Ok(None),
                }
            }
            Definition::Array { element, delimiter } => {
                let (element_oid, delimiter) = (*element, *delimiter);
                let Some(element) = self.plant(py, element_oid, path)? else {
                    return Ok(None);
                };
                Type::Array(Arc::new(Array {
                    name: format!("{}[]", element.name()).into_boxed_str(),
                    binary: element.is_binary(),
                    element,
                    element_oid,
                    delimiter,
                    lower_bound: builtin::lower_bound(oid),
                }))
            }
            Definition::Composite(fields) => {
                let fields: Vec<(Box<str>, Oid)> = fields.clone();
                let mut planted = Vec::with_capacity(fields.len());
                for (name, oid) in fields {
                    let Some(ty) = self.plant(py, oid, path)? else {
                        return Ok(None);
                    };
                    planted.push(Field { name, oid, ty });
                }
                let names = column_names(py, planted.iter().map(|field| &*field.name))?;
                Type::Composite(Arc::new(Composite {
                    oid,
                    name: Box::from(&*name),
                    binary: planted.iter().all(|field| field.ty.is_binary()),
                    fields: planted,
                    header: Header::new(py, &names)?,
                }))
            }
            Definition::Range(subtype) | Definition::Multirange(subtype) => {
                let several = matches!(entry.definition, Definition::Multirange(_));
                let subtype = *subtype;
                let Some(subtype) = self.plant(py, subtype, path)? else {
                    return Ok(None);
                };
                let range = Arc::new(Range {
                    name: Box::from(&*name),
                    binary: subtype.is_binary(),
                    subtype,
                });
                if several {
                    Type::Multirange(range)
                } else {
                    Type::Range(range)
                }
            }
        };
        let tree = match codec {
            Some(codec) if !codec.is_empty() => {
                Type::Custom(Arc::new(Custom { codec, inner: tree }))
            }
            _ => tree,
        };
        path.pop();
        self.trees.insert(oid, tree.clone());
        Ok(Some(tree))
    }
}
