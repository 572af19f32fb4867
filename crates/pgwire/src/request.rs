//! A request in flight: what must still come before it is over.

use crate::Oid;
use crate::copy::Direction;
use crate::data_row::DataRow;
use crate::error::ProtocolError;
use crate::expect::{Expect, Next};

/// What each kind of request expects, up to its end.
pub(crate) const PREPARE: &[Expect] = &[Expect::Parsed, Expect::Parameters, Expect::Description];
pub(crate) const EXECUTE: &[Expect] = &[Expect::Bound, Expect::Rows];
/// One statement of many texts.
pub(crate) const STATEMENTS: &[Expect] = &[Expect::Parsed, Expect::Bound, Expect::Rows];
pub(crate) const OPEN: &[Expect] = &[Expect::Bound];
/// The same for a statement that comes with its execution.
pub(crate) const RUN_UNNAMED: &[Expect] =
    &[Expect::Parsed, Expect::Bound, Expect::Columns, Expect::Rows];
pub(crate) const OPEN_UNNAMED: &[Expect] = &[Expect::Parsed, Expect::Bound, Expect::Columns];
pub(crate) const FETCH: &[Expect] = &[Expect::Portal];
pub(crate) const COPY: &[Expect] = &[Expect::Parsed, Expect::Bound, Expect::CopyAsked];
pub(crate) const CLOSE: &[Expect] = &[Expect::Closed];
pub(crate) const SIMPLE: &[Expect] = &[Expect::Statement];

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) at: Expect,
    /// Once failed, only its end is of interest.
    pub(crate) failed: bool,
    /// The parameter types, until the columns come too.
    pub(crate) parameters: Vec<Oid>,
    /// The number of values in each row, from the moment it is known.
    pub(crate) width: Option<usize>,
    /// Rows that may still come, where a limit was said.
    pub(crate) limit: Option<u32>,
    /// Which way the data of a COPY are to go.
    pub(crate) copy: Option<Direction>,
    /// The server has begun to execute it (of a group: the one whose turn it is): before, an error means that nothing has
    /// happened.
    pub(crate) begun: bool,
    /// Its Sync has yet to be sent: while a COPY takes data the server ignores one, and executions may be added to come before it.
    pub(crate) unsynced: bool,
    /// A COPY FROM STDIN that nobody asked for was turned down.
    pub(crate) declined: bool,
    /// The replies are those of the statement in front of it, which begins a transaction.
    pub(crate) beginning: bool,
    /// Executions that share a Sync, and are told one by one.
    pub(crate) group: bool,
    /// More of them may join: the Sync is not written.
    pub(crate) open: bool,
    plan: &'static [Expect],
    /// What comes before the first round of the plan.
    head: &'static [Expect],
    rest: &'static [Expect],
    rounds: u32,
}

impl Request {
    /// A request that goes through the plan `rounds` times.
    pub(crate) fn new(plan: &'static [Expect], rounds: u32) -> Self {
        Self::behind(plan, rounds, false)
    }

    /// The same, if need be behind a statement that begins a transaction.
    pub(crate) fn behind(plan: &'static [Expect], rounds: u32, begin: bool) -> Self {
        Self::headed(&[], plan, rounds, begin)
    }

    /// One with another round in front, which has a plan of its own.
    pub(crate) fn headed(
        head: &'static [Expect],
        plan: &'static [Expect],
        rounds: u32,
        begin: bool,
    ) -> Self {
        let mut request = Self {
            at: Expect::Ready,
            failed: false,
            parameters: Vec::new(),
            width: None,
            limit: None,
            copy: None,
            begun: false,
            unsynced: false,
            declined: false,
            beginning: begin,
            group: false,
            open: false,
            plan,
            head,
            rest: if begin { STATEMENTS } else { &[] },
            rounds,
        };
        request.advance();
        request
    }

    /// The first execution of a group of such executions.
    pub(crate) fn group(plan: &'static [Expect], begin: bool) -> Self {
        let mut request = Self::behind(plan, 1, begin);
        request.group = true;
        request.open = true;
        request
    }

    /// Whether one more execution of this plan may join.
    pub(crate) fn may_grow(&self, plan: &'static [Expect]) -> bool {
        self.open && !self.failed && self.plan == plan && self.rounds < u32::MAX
    }

    pub(crate) fn grow(&mut self) {
        self.rounds = self.rounds.saturating_add(1);
        if self.at == Expect::Ready {
            self.advance(); // all before it are answered
        }
    }

    pub(crate) fn copy(direction: Direction, described: bool, begin: bool) -> Self {
        let head: &[Expect] = if described { PREPARE } else { &[] };
        let mut request = Self::headed(head, COPY, 1, begin);
        request.copy = Some(direction);
        request.unsynced = true;
        request
    }

    /// Whether the server takes what we send for data of a COPY.
    pub(crate) fn takes_data(&self) -> bool {
        self.copy == Some(Direction::In) && self.at == Expect::CopyIn && self.unsynced
    }

    /// Whether nothing but the end can come, so that the Sync must not be missing.
    pub(crate) const fn lacks_sync(&self) -> bool {
        self.unsynced && matches!(self.at, Expect::Ready | Expect::Recovery)
    }

    /// Whether it is a simple query: those have no Sync, and several statements.
    pub(crate) fn is_simple(&self) -> bool {
        self.plan == SIMPLE
    }

    /// Whether more executions follow the one whose replies are coming.
    pub(crate) const fn has_more_rounds(&self) -> bool {
        self.rounds > 0 || !self.head.is_empty()
    }

    /// One row of the result.
    #[inline]
    pub(crate) fn row<'b>(&mut self, body: &'b [u8]) -> Result<DataRow<'b>, ProtocolError> {
        let Some(row) = DataRow::parse(body) else {
            return Err(ProtocolError::new(
                "DataRow is malformed: its lengths do not add up",
            ));
        };
        self.counts(row.len()).map(|()| row)
    }

    /// Counts a row of the result; an error if it has another number of values than those before it, or the limit is reached.
    #[inline]
    pub(crate) fn counts(&mut self, values: usize) -> Result<(), ProtocolError> {
        let width = *self.width.get_or_insert(values);
        if width != values {
            return Err(wrong_width(values, width));
        }
        if let Some(left) = &mut self.limit {
            *left = left.checked_sub(1).ok_or_else(too_many)?;
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn go(&mut self, next: Next) {
        match next {
            Next::Advance => self.advance(),
            Next::Goto(expect) => self.at = expect,
            Next::Stay | Next::Done | Next::End => {}
        }
    }

    /// Whether BindComplete is expected, and no Sync has to follow it.
    #[inline]
    pub(crate) fn is_binding(&self) -> bool {
        self.at == Expect::Bound && !self.failed && !self.unsynced
    }

    /// Whether CommandComplete and ReadyForQuery are all that may still come, after rows if there are any.
    #[inline]
    pub(crate) fn is_at_its_end(&self) -> bool {
        let plain = !(self.failed || self.unsynced || self.beginning || self.group || self.open);
        plain
            && self.at == Expect::Rows
            && self.copy.is_none()
            && self.rest.is_empty()
            && !self.has_more_rounds()
    }

    pub(crate) fn advance(&mut self) {
        if self.rest.is_empty() {
            // What began the transaction is none of the request's own statements, and those of a group are told apart.
            self.begun &= !(self.beginning || self.group);
            self.beginning = false;
            if !self.head.is_empty() {
                self.rest = std::mem::take(&mut self.head);
                self.width = None;
            } else if let Some(rounds) = self.rounds.checked_sub(1) {
                self.rounds = rounds;
                self.rest = self.plan;
                // The next one may be another statement.
                self.width = None;
            }
        }
        self.at = match self.rest.split_first() {
            Some((first, rest)) => {
                self.rest = rest;
                *first
            }
            None if self.is_simple() => Expect::MoreStatements,
            None => Expect::Ready,
        };
        self.begun |= !self.at.is_before_execution();
    }
}

#[cold]
fn too_many() -> ProtocolError {
    ProtocolError::new("more rows came than were asked for")
}

#[cold]
fn wrong_width(values: usize, columns: usize) -> ProtocolError {
    ProtocolError::new(format!(
        "a row has {values} values, the result has {columns} columns"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_counted() {
        let mut request = Request::new(EXECUTE, 2);
        let mut seen = Vec::new();
        for _ in 0..6 {
            seen.push((request.at, request.has_more_rounds()));
            request.go(Next::Advance);
        }
        use Expect::{Bound, Ready, Rows};
        assert_eq!(
            seen,
            [
                (Bound, true),
                (Rows, true),
                (Bound, false),
                (Rows, false),
                (Ready, false),
                (Ready, false)
            ]
        );
        assert_eq!(Request::new(EXECUTE, 0).at, Ready);
    }
}
