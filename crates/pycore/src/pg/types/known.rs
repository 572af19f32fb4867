//! What one session knows of types: definitions, and the trees that have been made of them.

use std::collections::HashMap;
use std::sync::Arc;

use pgwire::Oid;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::codec::Codec;
use super::text_digits::TextDigits;
use super::{
    Array, Composite, Custom, Definition, Entry, Field, Plain, Range, Sent, Type, builtin,
};
use crate::rows::{Header, column_names};

#[derive(Clone)]
pub struct Types {
    /// Without those that every server has.
    found: HashMap<Oid, Entry, ahash::RandomState>,
    trees: HashMap<Oid, Type, ahash::RandomState>,
    /// The later one wins.
    codecs: Vec<Arc<Codec>>,
    pub digits: TextDigits,
}

impl Types {
    pub fn new(codecs: Vec<Codec>) -> Types {
        let mut types = Types {
            found: HashMap::default(),
            trees: HashMap::default(),
            codecs: Vec::new(),
            digits: TextDigits::default(),
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

    /// Whether a value may be read by code of users.
    pub fn has_codecs(&self) -> bool {
        !self.codecs.is_empty()
    }

    /// The type's tree; None while it, or a part of it, has to be looked up.
    pub fn get(&mut self, py: Python<'_>, oid: Oid) -> PyResult<Option<Type>> {
        if let Some(known) = self.trees.get(&oid) {
            return Ok(Some(known.clone()));
        }
        self.build(py, oid, &mut Vec::new())
    }

    /// The same where nothing more can be asked: text, if it is gone meanwhile.
    pub fn get_or_text(&mut self, py: Python<'_>, oid: Oid) -> PyResult<Type> {
        let known = self.get(py, oid)?;
        Ok(known.unwrap_or_else(|| plain(oid, &format!("the type with oid {oid}"), Sent::Opaque)))
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

    /// Those that were looked up and have fields of their own.
    pub fn composites(&self) -> impl Iterator<Item = Oid> {
        let found = self.found.iter();
        let composites =
            found.filter(|(_, entry)| matches!(entry.definition, Definition::Composite(_)));
        composites.map(|(oid, _)| *oid)
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

    /// Builds the tree of a type; `path` is what it is a part of. None where a part has to be looked up first.
    fn build(&mut self, py: Python<'_>, oid: Oid, path: &mut Vec<Oid>) -> PyResult<Option<Type>> {
        if let Some(known) = self.trees.get(&oid) {
            return Ok(Some(known.clone()));
        }
        let Some(entry) = self.entry(oid) else {
            return Ok(None);
        };
        // No server lets one declare a type that is a part of itself, but one might say so.
        if path.contains(&oid) {
            return Ok(Some(plain(oid, &entry.name, Sent::Opaque)));
        }
        let name: Arc<str> = Arc::from(&*entry.name);
        let codec = self.codec_of(&entry.schema, &entry.name);
        let definition = entry.definition.clone();
        path.push(oid);
        let tree = match definition {
            Definition::Scalar(scalar) => Some(Type::Scalar(scalar)),
            Definition::Text(sent) => Some(plain(oid, &name, sent)),
            Definition::Void => Some(Type::Void),
            Definition::Record => Some(Type::Record),
            Definition::Enum => Some(Type::Enum(name)),
            Definition::Domain(base) => self.build(py, base, path)?,
            Definition::Array { element, delimiter } => {
                self.array(py, oid, element, delimiter, path)?
            }
            Definition::Composite(fields) => self.composite(py, oid, &name, fields, path)?,
            Definition::Range(subtype) => self.range(py, &name, subtype, path)?.map(Type::Range),
            Definition::Multirange(subtype) => {
                self.range(py, &name, subtype, path)?.map(Type::Multirange)
            }
        };
        let Some(inner) = tree else {
            return Ok(None);
        };
        let tree = customized(codec, inner);
        path.pop();
        self.trees.insert(oid, tree.clone());
        Ok(Some(tree))
    }

    /// What `inner` is in a column of this domain, of which descriptions of columns say nothing.
    pub fn in_domain(&self, schema: &str, name: &str, inner: Type) -> Type {
        customized(self.codec_of(schema, name), inner)
    }

    /// The types that are written by codecs, unless every server has them.
    pub fn written_own(&self) -> impl Iterator<Item = &str> {
        let written = self.codecs.iter().filter(|codec| codec.encode.is_some());
        let own = written.filter(|codec| !codec.is_of_every_server());
        own.map(|codec| &*codec.name)
    }

    fn codec_of(&self, schema: &str, name: &str) -> Option<Arc<Codec>> {
        self.codecs
            .iter()
            .rev()
            .find(|codec| codec.is_for(schema, name))
            .map(Arc::clone)
    }

    fn array(
        &mut self,
        py: Python<'_>,
        oid: Oid,
        element_oid: Oid,
        delimiter: u8,
        path: &mut Vec<Oid>,
    ) -> PyResult<Option<Type>> {
        let Some(element) = self.build(py, element_oid, path)? else {
            return Ok(None);
        };
        Ok(Some(Type::Array(Arc::new(Array {
            name: format!("{}[]", element.name()).into_boxed_str(),
            binary: element.is_binary(),
            element,
            element_oid,
            delimiter,
            lower_bound: builtin::lower_bound(oid),
        }))))
    }

    fn composite(
        &mut self,
        py: Python<'_>,
        oid: Oid,
        name: &str,
        fields: Vec<(Box<str>, Oid)>,
        path: &mut Vec<Oid>,
    ) -> PyResult<Option<Type>> {
        let mut built = Vec::with_capacity(fields.len());
        for (name, oid) in fields {
            let Some(ty) = self.build(py, oid, path)? else {
                return Ok(None);
            };
            built.push(Field { name, oid, ty });
        }
        let binary = built.iter().all(|field| field.ty.is_binary());
        self.digits.matter |= !binary && built.iter().any(|field| field.ty.holds_floats());
        let names = column_names(py, built.iter().map(|field| &*field.name))?;
        Ok(Some(Type::Composite(Arc::new(Composite {
            oid,
            name: Box::from(name),
            binary,
            fields: built,
            header: Header::new(py, &names)?,
        }))))
    }

    fn range(
        &mut self,
        py: Python<'_>,
        name: &str,
        subtype: Oid,
        path: &mut Vec<Oid>,
    ) -> PyResult<Option<Arc<Range>>> {
        let Some(subtype) = self.build(py, subtype, path)? else {
            return Ok(None);
        };
        Ok(Some(Arc::new(Range {
            name: Box::from(name),
            binary: subtype.is_binary(),
            subtype,
        })))
    }
}

fn customized(codec: Option<Arc<Codec>>, inner: Type) -> Type {
    match codec {
        Some(codec) if !codec.is_empty() => Type::Custom(Arc::new(Custom { codec, inner })),
        _ => inner,
    }
}

fn plain(oid: Oid, name: &str, sent: Sent) -> Type {
    Type::Text(Arc::new(Plain {
        name: Box::from(name),
        oid,
        sent,
    }))
}
