"""What a statement is joined with, and on which condition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.errors import ProgrammingError
from ferrow.model.references import all_references
from ferrow.model.table_ref import ModelTableRef
from ferrow.orm.statements.elements import Entity, Outer, entity_of
from ferrow.orm.words import Words, words_of
from ferrow.sql import ColumnRef, Source, TableRef, and_
from ferrow.sql.operators import truth

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.sql import Condition
    from ferrow.sql.logic import Truth

Target: TypeAlias = "type[Any] | Source | ColumnRef[Any]"
"""What can be joined: a model, a relation of one, or a table, subquery or common table expression of `ferrow.sql`."""


class Side:
    """One source of a statement, and what a model says about it, if one does."""

    __slots__ = ("label", "model", "source", "table")

    def __init__(self, source: Source, entity: Entity | None = None) -> None:
        described = source.described if isinstance(source, ModelTableRef) else None
        self.source: Source = source
        self.model: type | None = None if entity is None else entity.model
        self.table: Table | None = described if entity is None else entity.table
        plain = described is not None and source.key.alias is None
        self.label: str = (
            entity.label if entity is not None else described.label if described and plain else source.key.called
        )
        """How messages call it."""

    @classmethod
    def of(cls, entity: Entity) -> Side:
        """The source that a model is."""
        return cls(entity.source, entity)

    def words(self) -> Words | None:
        """What can be said about it in names and keywords, if a model describes it and it goes by its own name."""
        if self.model is not None:
            return words_of(self.model)
        if self.table is None or self.table.ref.key is not self.source.key:
            return None
        return Words(self.table)

    def ref(self, column: Column) -> ColumnRef[Any]:
        """A column of the model, in this source."""
        return column.ref if column.ref.table.key is self.source.key else column.ref.of(self.source)


class Joined:
    """One join; `kind` is that of `ferrow.sql.Join`."""

    __slots__ = ("kind", "on", "side")

    def __init__(self, side: Side, on: Truth | None, kind: str) -> None:
        self.side: Side = side
        self.on: Truth | None = on
        self.kind: str = kind


def side_of(target: Any, purpose: str = "join()") -> Side:
    """The source that a model, a table or a subquery is. Raises ModelError or ProgrammingError for anything else."""
    if isinstance(target, Source):
        return Side(target)
    if isinstance(target, str):
        msg = f"{purpose} takes a model, or a table, not the name {target!r}; along a relation: columns(Model)[{target!r}]"
        raise ProgrammingError(msg)
    if isinstance(target, (Outer, ColumnRef)):
        msg = f"{purpose} takes a model, or a table, not {target!r}; optional() belongs into select()"
        raise ProgrammingError(msg)
    entity = entity_of(target)
    return Side.of(entity)


def sources_of(targets: Any, purpose: str) -> tuple[Source, ...]:
    """The sources of several, or of one that stands alone. Raises as `side_of`."""
    several = isinstance(targets, Iterable) and not isinstance(targets, (str, Source))
    return tuple([side_of(one, purpose).source for one in (targets if several else (targets,))])


def joined(sides: Sequence[Side], target: Any, on: Any, kind: str) -> Joined:
    """The join of `target` with what is there: on a condition, else along the one foreign key between them.

    Raises:
        ProgrammingError: there is no foreign key, or more than one; the same table twice without an alias.
        TypeError: `on` is not a condition.
    """
    side = side_of(target)
    if any(one.source.key is side.source.key for one in sides):
        raise already(side)
    if kind == "CROSS":
        return Joined(side, None, kind)
    return Joined(side, by_key(sides, side) if on is None else truth(on), kind)


def already(side: Side) -> ProgrammingError:
    """The error for a source that is joined a second time."""
    return ProgrammingError(
        f"{side.label} is in this statement already; to have it twice, join it under an alias: aliased({side.label}, name)"
    )


def by_key(sides: Sequence[Side], target: Side) -> Condition:
    """The condition of the only foreign key between `target` and one of `sides`. Raises ProgrammingError if there is not one."""
    found = [pair for side in sides for pair in (*_keys(side, target), *_keys(target, side))]
    if len(found) == 1:
        return found[0][1]
    names = " and ".join([side.label for side in sides])
    if not found:
        msg = f"no foreign key is declared between {names} and {target.label}: say on which condition to join, join({target.label}, on){_along(sides, target)}"
    else:
        keys = ", ".join([key for key, _ in found])
        msg = f"{len(found)} foreign keys are between {names} and {target.label} ({keys}): say which, join({target.label}, on)"
    raise ProgrammingError(msg)


def _along(sides: Sequence[Side], target: Side) -> str:
    """The relations that lead there over a junction, for the message that no foreign key does."""
    ways = [
        f"{side.label}.{relation.key}"
        for side in sides
        if side.table is not None
        for relation in side.table.relations.values()
        if target.table is not None and relation.link.target.ref.key is target.table.ref.key
    ]
    return f"; or along a relation: join({ways[0]})" if ways else ""


def _keys(side: Side, target: Side) -> list[tuple[str, Condition]]:
    """The foreign keys of `side` that refer to `target`."""
    if side.table is None or not isinstance(target.source, TableRef):
        return []
    found = []
    for one in all_references(side.table):
        if (one.schema, one.target) != (target.source.schema, target.source.name):
            continue
        refs = [side.ref(column) for column in one.columns]
        equal = [ref == _other(target, name, ref) for ref, name in zip(refs, one.names, strict=True)]
        found.append((f"{side.label}.{one.shown}", and_(*equal)))
    return found


def _other(target: Side, name: str, ref: ColumnRef[Any]) -> ColumnRef[Any]:
    return ColumnRef(target.source, name, ref.type)
