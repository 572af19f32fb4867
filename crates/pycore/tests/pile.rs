//! Pieces of bytes whose hashes are those of others, as they are once in a lifetime.

#[allow(dead_code)]
#[path = "../src/pg/types/pile.rs"]
mod pile;

use std::hash::{BuildHasher, Hasher};

use pile::Distinct;

/// The same hash for everything: the last there is, behind which comes the first.
#[derive(Default)]
struct Alike;

impl BuildHasher for Alike {
    type Hasher = Alike;

    fn build_hasher(&self) -> Alike {
        Alike
    }
}

impl Hasher for Alike {
    fn finish(&self) -> u64 {
        u64::MAX
    }

    fn write(&mut self, _: &[u8]) {}
}

fn each_once<S: BuildHasher + Default>() {
    let mut known = Distinct::<S>::default();
    for piece in ["a", "bc", "", "a", "cb", "bc"] {
        known.insert(piece.as_bytes());
    }
    let pieces: Vec<&[u8]> = known.pile.iter().collect();
    assert_eq!(pieces, [&b"a"[..], b"bc", b"", b"cb"]);
    for (place, piece) in pieces.iter().enumerate() {
        assert_eq!(known.place(piece), Some(place));
    }
    assert_eq!(known.place(b"b"), None);
}

#[test]
fn each_is_kept_once() {
    each_once::<ahash::RandomState>();
}

#[test]
fn pieces_of_one_hash_are_told_apart() {
    each_once::<Alike>();
}
