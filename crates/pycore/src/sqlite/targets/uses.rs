//! Collects where each parameter of a statement is used, and decides how it is checked and encoded.

use super::Target;
use super::resolved::Comparisons;
use super::tokens::{Token, Tokens};
use super::written::{Column, Written};
use crate::sqlite::execution::statement::Statement;
use crate::sqlite::values::codecs::Codecs;
use crate::sqlite::values::custom_writing::{Torn, Writer};
use crate::sqlite::values::fit::Fit;

#[derive(Clone, Default)]
struct Use {
    /// How often it is used, `? IS NULL` not counted.
    times: usize,
    /// What it is checked against.
    target: Option<Target>,
    /// What the columns can hold that it goes into.
    fits: Vec<Option<Fit>>,
    /// For each place whose column is known: its codec.
    writers: Vec<Option<Writer>>,
    /// Whether one of them is written to, not compared with.
    goes_in: bool,
    weighed: bool,
}

pub struct Uses<'a> {
    codecs: Option<&'a Codecs>,
    uses: Vec<Use>,
}

impl<'a> Uses<'a> {
    pub fn new(tokens: &Tokens<'_>, codecs: Option<&'a Codecs>) -> Uses<'a> {
        let mut found = Uses {
            codecs,
            uses: Vec::new(),
        };
        for (token, _, _) in tokens {
            if let Token::Parameter(number) = token
                && let Some(used) = found.of(*number)
            {
                used.times += 1;
            }
        }
        found
    }

    /// None beyond SQLite's limit of parameters: such a statement is refused anyway.
    fn of(&mut self, number: usize) -> Option<&mut Use> {
        let index = number.checked_sub(1).filter(|index| *index < 1 << 16)?;
        if self.uses.len() <= index {
            self.uses.resize(number, Use::default());
        }
        self.uses.get_mut(index)
    }

    fn writer(&self, declared: Option<&str>) -> Option<Writer> {
        Writer::of(self.codecs?, declared?)
    }

    /// `positions`: which column of the answer each value of an INSERT's row goes to.
    pub fn written(&mut self, found: &Written<'_>, answer: &Statement, positions: &[usize]) {
        for place in &found.places {
            let column = match place.column {
                Column::Assigned(index) => Some(index),
                Column::At(position) => positions.get(position).copied(),
                Column::FromEnd(position) => positions.iter().rev().nth(position).copied(),
            };
            let Some(column) = column else { continue };
            let declared = answer.declared_type(column);
            let writer = self.writer(declared.as_deref());
            let target = Target::of(declared.as_deref(), self.codecs);
            if let Some(used) = self.of(place.parameter) {
                used.goes_in |= writer.is_some();
                used.weighed |= place.weighed;
                used.writers.push(writer);
                let fit = target.as_ref().and_then(|target| target.fit);
                if !used.fits.contains(&fit) {
                    used.fits.push(fit);
                }
                used.target = target.or(used.target.take());
            }
        }
    }

    pub fn compared(&mut self, found: &Comparisons<'_>, connection: &rusqlite::Connection) {
        for (number, declared) in found.declared(connection) {
            let writer = self.writer(declared.as_deref());
            let target = Target::of(declared.as_deref(), self.codecs);
            if let Some(used) = self.of(number) {
                if writer.is_some() {
                    used.target = used.target.take().or(target);
                }
                used.writers.push(writer);
            }
        }
        for (index, used) in self.uses.iter_mut().enumerate() {
            used.times = used.times.saturating_sub(found.asked(index + 1));
        }
    }

    /// By the index of the parameter. One that is also used where its codec does not apply is marked as torn, and refused.
    pub fn targets(self) -> Vec<Option<Target>> {
        let mut targets: Vec<Option<Target>> =
            self.uses.into_iter().map(Use::into_target).collect();
        let end = targets.iter().rposition(Option::is_some);
        targets.truncate(end.map_or(0, |last| last + 1));
        targets
    }
}

impl Use {
    fn into_target(self) -> Option<Target> {
        let mut target = self.target?;
        target.weighed = self.weighed;
        target.others = self.fits;
        target.others.retain(|fit| *fit != target.fit);
        let Some(mut writer) = self.writers.iter().flatten().next().cloned() else {
            return Some(target);
        };
        let is_other =
            |other: &Option<Writer>| other.as_ref().is_none_or(|it| !it.is_same(&writer));
        if self.times > self.writers.len() || self.writers.iter().any(is_other) {
            writer.torn = Some(if self.goes_in { Torn::In } else { Torn::Beside });
        }
        target.writer = Some(writer);
        Some(target)
    }
}
