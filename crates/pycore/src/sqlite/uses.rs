//! Decides what becomes of each parameter of a statement, by all the places where it is used: who writes it, and who refuses it.

use super::codecs::Codecs;
use super::custom_writing::{Torn, Writer};
use super::resolved::Comparisons;
use super::statement::Statement;
use super::target::Target;
use super::tokens::{Token, Tokens};
use super::written::Written;

/// One parameter.
#[derive(Clone, Default)]
struct Use {
    /// How often it is used, but for where it is only asked whether it is NULL.
    times: usize,
    /// Where it is written to, as far as that matters.
    target: Option<Target>,
    /// What writes it in the places of which the column is known.
    writers: Vec<Option<Writer>>,
    /// Whether one of them is a column that it goes into.
    goes_in: bool,
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

    /// SQLite has no more parameters than this unless it is compiled otherwise, and refuses a statement with such a number.
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

    pub fn written(&mut self, found: &Written<'_>, answer: &Statement) {
        for place in &found.places {
            let declared = answer.declared_type(place.column);
            let writer = self.writer(declared.as_deref());
            // What a SELECT or a function gives is not held to the column otherwise.
            let target = Target::of(declared.as_deref(), self.codecs)
                .filter(|target| target.writer.is_some() || !(found.selects || place.passed));
            if let Some(used) = self.of(place.parameter) {
                used.goes_in |= writer.is_some();
                used.writers.push(writer);
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

    /// A value that a codec writes for one column must not go anywhere else as well, where it would not be what was given.
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
