//! Many short pieces of bytes in one: by the hundred thousand, each by itself would take longer to free than an event loop may be kept.

use std::collections::HashMap;
use std::hash::BuildHasher;

#[derive(Default)]
pub struct Pile {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Pile {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
    }

    pub fn get(&self, place: usize) -> Option<&[u8]> {
        let start = match place.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.bytes.get(start..*self.ends.get(place)?)
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|place| self.get(place))
    }
}

/// Each once.
#[derive(Default)]
pub struct Distinct<S = ahash::RandomState> {
    pub pile: Pile,
    /// By their hashes; where another one has that of a piece, it goes by the next that is free.
    places: HashMap<u64, usize, S>,
}

impl<S: BuildHasher> Distinct<S> {
    pub fn insert(&mut self, bytes: &[u8]) {
        if let Err(free) = self.find(bytes) {
            self.places.insert(free, self.pile.len());
            self.pile.push(bytes);
        }
    }

    /// The place of a piece that is there.
    pub fn place(&self, bytes: &[u8]) -> Option<usize> {
        self.find(bytes).ok()
    }

    fn find(&self, bytes: &[u8]) -> Result<usize, u64> {
        let mut hash = self.places.hasher().hash_one(bytes);
        while let Some(place) = self.places.get(&hash) {
            if self.pile.get(*place) == Some(bytes) {
                return Ok(*place);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }
}
