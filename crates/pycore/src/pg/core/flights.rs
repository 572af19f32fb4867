//! All that was sent and is not answered yet, oldest first.

use std::collections::VecDeque;
use std::collections::vec_deque::{Iter, IterMut};

use super::flight::Flight;

#[derive(Default)]
pub struct Flights {
    queue: VecDeque<Flight>,
    before_begin: usize,
}

impl Flights {
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub fn front(&self) -> Option<&Flight> {
        self.queue.front()
    }

    pub fn front_mut(&mut self) -> Option<&mut Flight> {
        self.queue.front_mut()
    }

    pub fn back(&self) -> Option<&Flight> {
        self.queue.back()
    }

    pub fn back_mut(&mut self) -> Option<&mut Flight> {
        self.queue.back_mut()
    }

    pub fn iter(&self) -> Iter<'_, Flight> {
        self.queue.iter()
    }

    pub fn iter_mut(&mut self) -> IterMut<'_, Flight> {
        self.queue.iter_mut()
    }

    pub fn push_back(&mut self, flight: Flight) {
        self.queue.push_back(flight);
    }

    /// Nothing of what was sent is older.
    pub fn push_front(&mut self, flight: Flight) {
        self.before_begin = self.before_begin.saturating_add(1);
        self.queue.push_front(flight);
    }

    pub fn pop_front(&mut self) -> Option<Flight> {
        self.before_begin = self.before_begin.saturating_sub(1);
        self.queue.pop_front()
    }

    pub fn clear(&mut self) {
        self.before_begin = 0;
        self.queue.clear();
    }

    /// A transaction begins behind the oldest `sent`.
    pub fn begin_behind(&mut self, sent: usize) {
        self.before_begin = sent;
    }

    /// Those sent before the last BEGIN, which are no part of its transaction.
    pub fn before_begin(&self) -> impl Iterator<Item = &Flight> {
        self.queue.iter().take(self.before_begin)
    }
}
