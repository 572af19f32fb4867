//! PostgreSQL's `@>`.

use super::tree::Tree;

/// Whether what is in `inner` is in `outer`; an array also contains a scalar that is one of its items.
pub fn contains(outer: &Tree, inner: &Tree) -> bool {
    match (outer, inner) {
        (Tree::Array(items), inner) if !is_container(inner) => items.contains(inner),
        _ => deeply(outer, inner),
    }
}

fn deeply(outer: &Tree, inner: &Tree) -> bool {
    match (outer, inner) {
        (Tree::Object(outer), Tree::Object(inner)) => inner
            .iter()
            .all(|(key, value)| outer.get(key).is_some_and(|found| deeply(found, value))),
        // Neither order nor number counts.
        (Tree::Array(outer), Tree::Array(inner)) => inner
            .iter()
            .all(|wanted| outer.iter().any(|item| deeply(item, wanted))),
        _ => outer == inner,
    }
}

fn is_container(tree: &Tree) -> bool {
    matches!(tree, Tree::Array(_) | Tree::Object(_))
}
