"""Many-to-many: the junction table, and which of its columns refer to which side.

Where the junction is a model its foreign keys say it. Where only a table's name is known, its columns are taken to be called after the
two classes, in lower case with `_id`: `category_id` for `Category`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError, nearest
from ferrow.model.link import Junction, Link
from ferrow.model.linking import key_of, other_side
from ferrow.model.references import Reference, references
from ferrow.model.secondary import check, junction_table

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table
    from ferrow.sql import ColumnRef


def through(relation: Relation, owner: Table, model: type, target: Table) -> Link:
    """The link by a junction. Raises ModelError naming relation and fix if its columns cannot be told."""
    if relation.remote_side is not None:
        raise ModelError(
            f"{relation.label}: remote_side has no meaning with secondary; foreign_keys names the junction's columns."
        )
    table = junction_table(relation)
    junction = _by_name(relation, owner, target) if table is None else _by_keys(relation, table, owner, target)
    return Link(relation, owner, model, target, (), junction=junction)


def _by_keys(relation: Relation, table: Table, owner: Table, target: Table) -> Junction:
    to_owner, to_target = references(table, owner), references(table, target)
    for side, found in ((owner, to_owner), (target, to_target)):
        if not found:
            raise ModelError(
                f"{relation.label}: the junction {table.label} has no foreign key to {side.name}. "
                f'Declare one: ForeignKey("{key_of(side)}").'
            )
    chosen = _chosen(relation, table)
    if owner is target:
        near, far = _both(relation, table, to_owner, chosen)
    else:
        near = _one(relation, table, to_owner, chosen)
        far = _one(relation, table, to_target, chosen)
    return Junction(table.ref, _pairs(near, owner), _pairs(far, target))


def _chosen(relation: Relation, table: Table) -> tuple[str, ...]:
    """The junction's columns that `foreign_keys` names, this side's first; () if nothing is said here or by the other side."""
    given, own = relation.foreign_keys, True
    if given is None:
        other = other_side(relation)
        if other is None or other.secondary is None or other.foreign_keys is None or junction_table(other) is not table:
            return ()
        given, own = other.foreign_keys, False
    keys = tuple([name.rpartition(".")[2] for name in given])
    for key in keys:
        if key not in table.by_key:
            raise ModelError(
                f"{relation.label}: foreign_keys={key!r} is not a column of the junction {table.label}. {nearest(key, table.by_key)}"
            )
    if own:
        return keys
    rest = [column.key for column in table.foreign_keys if column.key not in keys]
    return (*keys[1:], *keys[:1]) if len(keys) > 1 else (*rest, *keys)


def _both(
    relation: Relation, table: Table, found: tuple[Reference, ...], chosen: tuple[str, ...]
) -> tuple[Reference, Reference]:
    """The two foreign keys of a junction between rows of one table: this side's, the other's."""
    if chosen and len(found) > 1:
        near = next((one for one in found if chosen[0] in [column.key for column in one.columns]), None)
        rest = [one for one in found if one is not near]
        if len(rest) > 1 and len(chosen) > 1:
            rest = [one for one in rest if any(column.key in chosen for column in one.columns)]
        if near is not None and len(rest) == 1:
            return near, rest[0]
    keys = ", ".join(one.shown for one in found)
    if len(found) < 2:
        raise ModelError(
            f"{relation.label}: a junction between {table.label} rows of one table needs two foreign keys to it, and there is {keys}."
        )
    raise ModelError(
        f"{relation.label}: the junction {table.label} refers to {found[0].target} by {keys}. Say which column refers to this side, "
        f"first, and which to the other: relationship(foreign_keys=[{found[0].key!r}, {found[-1].key!r}])."
    )


def _one(relation: Relation, table: Table, found: tuple[Reference, ...], chosen: tuple[str, ...]) -> Reference:
    if len(found) > 1 and chosen:
        found = tuple([one for one in found if any(column.key in chosen for column in one.columns)]) or found
    choices = list(found)
    first = choices.pop(0)
    if not choices:
        return first
    keys = ", ".join(one.shown for one in found)
    raise ModelError(
        f"{relation.label}: the junction {table.label} refers to {first.target} by several columns: {keys}. "
        f"Say which are meant: relationship(foreign_keys=[{first.key!r}, ...])."
    )


def _pairs(reference: Reference, side: Table) -> tuple[tuple[Column, ColumnRef[Any]], ...]:
    return tuple([(theirs, column.ref) for column, theirs in reference.pairs(side)])


def _by_name(relation: Relation, owner: Table, target: Table) -> Junction:
    """A junction of which only the name is known."""
    from ferrow.sql import ColumnRef, TableRef

    assert isinstance(relation.secondary, str)
    check(relation)
    if owner is target:
        raise ModelError(
            f"{relation.label}: nothing is known of the junction table {relation.secondary!r}, and both its columns refer to "
            f"{owner.name}. Declare it as a model with two foreign keys, and say relationship(secondary=..., foreign_keys=[...])."
        )
    schema, _, name = relation.secondary.rpartition(".")
    ref = TableRef(name, schema or owner.schema)

    def side(model: type, table: Table) -> tuple[tuple[Column, ColumnRef[Any]], ...]:
        if len(table.primary_key) != 1:
            raise ModelError(
                f"{relation.label}: nothing is known of the junction table {relation.secondary!r}, and the key of {table.label} has "
                f"{len(table.primary_key)} columns. Declare the junction as a model with foreign keys."
            )
        key = table.primary_key[0]
        return ((key, ColumnRef(ref, f"{model.__name__.lower()}_id", key.type)),)

    return Junction(ref, side(relation.owner, owner), side(relation.target, target))
