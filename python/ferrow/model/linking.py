"""Which columns hold the two sides of a relation together: found by foreign keys, never guessed from names.

A collection is found by a foreign key of the target (has-many), a single object by one of the owner (belongs-to) or else of the
target (one-to-one). Of several, `foreign_keys` or `remote_side` choose, of this relation or of its other side (`back_populates`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import ModelError, nearest
from ferrow.model.binding import table_of
from ferrow.model.link import Link
from ferrow.model.references import Reference, references

if TYPE_CHECKING:
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table


class Way:
    """One foreign key that a relation could follow: the owner's (`belongs`), or the target's."""

    __slots__ = ("belongs", "reference")

    def __init__(self, reference: Reference, *, belongs: bool) -> None:
        self.reference: Reference = reference
        self.belongs: bool = belongs


def link(relation: Relation) -> Link:
    """Find the columns. Raises ModelError naming relation and fix if there are none, or more than one choice."""
    model = relation.target
    owner, target = table_of(relation.owner), table_of(model)
    other_side(relation)
    if relation.secondary is not None:
        from ferrow.model.junction import through

        return through(relation, owner, model, target)
    ways = _ways(relation, owner, target)
    if len(ways) > 1:
        ways = _mirrored(relation, ways, owner, target)
    if len(ways) != 1:
        raise _absent(relation, owner, target) if not ways else _ambiguous(relation, ways, owner, target)
    way = ways[0]
    if way.belongs:
        return Link(relation, owner, model, target, way.reference.pairs(target), belongs=True)
    return Link(relation, owner, model, target, tuple([(b, a) for a, b in way.reference.pairs(owner)]))


def other_side(relation: Relation) -> Relation | None:
    """The relation that `back_populates` names. Raises ModelError if the target has none of that name, or one to another model."""
    if relation.back_populates is None:
        return None
    target = table_of(relation.target)
    found = target.relations.get(relation.back_populates)
    if found is None:
        raise ModelError(
            f"{relation.label}: back_populates={relation.back_populates!r}, and {target.label} has no such relation. "
            f"{nearest(relation.back_populates, target.relations)}"
        )
    if not (issubclass(relation.owner, found.target) or issubclass(found.target, relation.owner)):
        raise ModelError(
            f"{relation.label}: back_populates={relation.back_populates!r}, and {found.label} is a relation to "
            f"{found.target.__qualname__}, not to {relation.owner.__qualname__}."
        )
    return found


def _ways(relation: Relation, owner: Table, target: Table) -> list[Way]:
    """The foreign keys that fit what the relation itself says."""
    ways = [] if relation.many else [Way(one, belongs=True) for one in references(owner, target)]
    ways += [Way(one, belongs=False) for one in references(target, owner)]
    if relation.foreign_keys is not None:
        wanted = named(relation, "foreign_keys", relation.foreign_keys, owner, target)
        ways = [way for way in ways if wanted & _names(way.reference.table, [c.key for c in way.reference.columns])]
    if relation.remote_side is not None:
        wanted = named(relation, "remote_side", relation.remote_side, owner, target)
        ways = [way for way in ways if wanted & _remote(way, target)]
    elif owner is target and not relation.many and not _opposite(relation):
        # Each foreign key leads both ways here; without a word a single object is the one that is referred to.
        ways = [way for way in ways if way.belongs]
    return ways


def named(relation: Relation, option: str, given: tuple[str, ...], owner: Table, target: Table) -> set[str]:
    """The columns an option names, as `author_id` and `Post.author_id` alike. Raises ModelError for one neither side has."""
    for name in given:
        label, dot, key = name.rpartition(".")
        tables = [t for t in (owner, target) if not dot or label in (t.label, t.label.rpartition(".")[2], t.name)]
        if not any(key in table.by_key for table in tables):
            known = [f"{table.label}.{each}" for table in dict.fromkeys((owner, target)) for each in table.by_key]
            raise ModelError(
                f"{relation.label}: {option}={name!r} is not a column of either side. {nearest(name, known)}"
            )
    return set(given)


def _names(table: Table, keys: list[str]) -> set[str]:
    return {f"{prefix}{key}" for key in keys for prefix in ("", f"{table.label}.", f"{table.name}.")}


def _remote(way: Way, target: Table) -> set[str]:
    """The names of the columns at the other end."""
    if way.belongs:
        return _names(target, [column.key for _, column in way.reference.pairs(target)])
    return _names(target, [column.key for column in way.reference.columns])


def _opposite(relation: Relation) -> Relation | None:
    """The other side of a relation of a model with itself, where that is a single object too."""
    other = other_side(relation)
    return other if other is not None and other is not relation and not other.many else None


def _mirrored(relation: Relation, ways: list[Way], owner: Table, target: Table) -> list[Way]:
    """The one of several ways that the other side goes, if that can tell."""
    other = other_side(relation)
    if other is None or other.secondary is not None:
        return ways
    theirs = _ways(other, target, owner)
    if len(theirs) != 1:
        return ways
    only = theirs[0]
    return [
        way for way in ways if way.reference.columns == only.reference.columns and way.belongs is not only.belongs
    ] or ways


def _absent(relation: Relation, owner: Table, target: Table) -> ModelError:
    label = relation.label
    if relation.foreign_keys is not None or relation.remote_side is not None:
        option, given = (
            ("foreign_keys", relation.foreign_keys)
            if relation.foreign_keys is not None
            else ("remote_side", relation.remote_side)
        )
        there = [*references(owner, target), *(references(target, owner) if owner is not target else ())]
        known = ", ".join(f"{one.table.label}.{one.shown}" for one in there) or "none"
        return ModelError(
            f"{label}: {option}={given!r} chooses no foreign key between {owner.name} and {target.name}"
            f"{' that makes a collection' if relation.many else ''}. Foreign keys between them: {known}."
        )
    if relation.many:
        if references(owner, target) and owner is not target:
            return ModelError(
                f"{label} is a collection, and {owner.label} itself refers to {target.name}, so there is one of them: "
                f"annotate it as {target.label} without list, or give {target.label} a foreign key to {owner.name}."
            )
        return ModelError(
            f"{label}: {target.name} has no foreign key to {owner.name}, so nothing says which rows belong to which {owner.label}. "
            f'Declare one in {target.label}, ForeignKey("{key_of(owner)}"), or name a junction table: relationship(secondary=...).'
        )
    return ModelError(
        f"{label}: there is no foreign key between {owner.name} and {target.name}. "
        f'Declare one in {owner.label}, ForeignKey("{key_of(target)}"), or in {target.label}, ForeignKey("{key_of(owner)}").'
    )


def key_of(table: Table) -> str:
    """What a foreign key to the table would name, for messages: `users.id`."""
    return f"{table.name}.{table.primary_key[0].name if table.primary_key else 'id'}"


def _ambiguous(relation: Relation, ways: list[Way], owner: Table, target: Table) -> ModelError:
    shown = ", ".join(dict.fromkeys(f"{way.reference.table.label}.{way.reference.shown}" for way in ways))
    first = ways[0].reference
    if owner is target and len({way.reference.columns for way in ways}) == 1:
        return ModelError(
            f"{relation.label}: {owner.label} refers to itself by {first.shown}, which can be followed both ways. Say which "
            f"columns are the other row's: remote_side={first.pairs(target)[0][1].key!r} for the one referred to, "
            f"remote_side={first.key!r} for the one that refers here."
        )
    return ModelError(
        f"{relation.label}: several foreign keys join {owner.name} and {target.name}: {shown}. Say which one is meant: "
        f"relationship(foreign_keys={f'{first.table.label}.{first.key}'!r})."
    )
