//! Texts that only the server can write: one question for all of them, and the answers by type and bytes.

use std::convert::Infallible;

use pgwire::types::array;
use pgwire::{DataRow, Format, Oid, Params, PushError, Refused};

use super::pile::{Distinct, Pile};
use super::{Plain, Sent};

#[derive(Default)]
pub struct Texts(Vec<OfType>);

struct OfType {
    element: Oid,
    array: Oid,
    values: Distinct,
    /// In the order of the values.
    texts: Pile,
}

impl Texts {
    /// Has the text of a value asked for, if the server takes such values back.
    pub fn want(&mut self, ty: &Plain, bytes: &[u8]) {
        let Sent::Bytes(array) = ty.sent else {
            return;
        };
        let index = self.0.iter().position(|one| one.element == ty.oid);
        let index = index.unwrap_or_else(|| {
            self.0.push(OfType {
                element: ty.oid,
                array,
                values: Distinct::default(),
                texts: Pile::default(),
            });
            self.0.len().saturating_sub(1)
        });
        if let Some(one) = self.0.get_mut(index) {
            one.values.insert(bytes);
        }
    }

    pub fn get(&self, ty: Oid, bytes: &[u8]) -> Option<&str> {
        let one = self.0.iter().find(|one| one.element == ty)?;
        let text = one.texts.get(one.values.place(bytes)?)?;
        std::str::from_utf8(text).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every question has its answer.
    pub fn are_all(&self) -> bool {
        self.0
            .iter()
            .all(|one| one.texts.len() == one.values.pile.len())
    }

    /// The statement, whose columns are wanted as text, and the types of its parameters. A cast might be somebody's function:
    /// only a result is sure to be written as a column of its own would be.
    pub fn question(&self, params: &mut Params) -> Result<(String, Vec<Oid>), Refused> {
        params.clear();
        let mut calls = Vec::with_capacity(self.0.len());
        for (index, one) in self.0.iter().enumerate() {
            params
                .push_with(Format::Binary, |out| one.write(out))
                .map_err(|error| match error {
                    PushError::Refused(refused) | PushError::Encode(refused) => refused,
                })?;
            calls.push(format!("pg_catalog.unnest(${})", index.saturating_add(1)));
        }
        let sql = format!("SELECT * FROM ROWS FROM ({})", calls.join(", "));
        Ok((sql, self.0.iter().map(|one| one.array).collect()))
    }

    /// Takes in one row of the answer; None if it is not one.
    pub fn learn_row(&mut self, row: DataRow<'_>) -> Option<()> {
        if row.len() != self.0.len() {
            return None;
        }
        for (one, text) in self.0.iter_mut().zip(row.iter()) {
            let Some(text) = text else {
                continue; // there are more values of another type
            };
            if one.texts.len() == one.values.pile.len() {
                return None;
            }
            std::str::from_utf8(text).ok()?;
            one.texts.push(text);
        }
        Some(())
    }
}

impl OfType {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Refused> {
        let mut writer = array::Writer::new(self.element, out);
        for bytes in self.values.pile.iter() {
            writer
                .push_with(|out| {
                    out.extend_from_slice(bytes);
                    Ok::<(), Infallible>(())
                })
                .map_err(|PushError::Refused(refused)| refused)?;
        }
        writer.finish()
    }
}
