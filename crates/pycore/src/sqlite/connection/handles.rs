//! What a connection has open besides its cached statements, under numbers. It must be closed before the connection is.

use std::collections::BTreeMap;

pub struct Handles<T> {
    open: BTreeMap<u64, T>,
    last: u64,
}

impl<T> Handles<T> {
    pub const fn new() -> Handles<T> {
        Handles {
            open: BTreeMap::new(),
            last: 0,
        }
    }

    pub fn insert(&mut self, handle: T) -> u64 {
        self.last = self.last.wrapping_add(1);
        self.open.insert(self.last, handle);
        self.last
    }

    pub fn get(&mut self, id: u64) -> Option<&mut T> {
        self.open.get_mut(&id)
    }

    pub fn remove(&mut self, id: u64) -> Option<T> {
        self.open.remove(&id)
    }

    pub fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.open).into_values()
    }

    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}
