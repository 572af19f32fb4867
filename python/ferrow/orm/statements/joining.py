"""What a statement is joined with, and on which condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.errors import ProgrammingError
from ferrow.model.references import all_references
from ferrow.orm.statements.elements import Entity, Outer, entity_of
from ferrow.sql import ColumnRef, TableRef, and_
from ferrow.sql.operators import truth

if TYPE_CHECKING:
    from ferrow.sql import Condition
    from ferrow.sql.logic import Truth

Target: TypeAlias = "type[Any] | TableRef"
"""What can be joined: a model, or a table of `ferrow.sql`."""


class Side:
    """One source of a statement: a model's entity if it is one, and the rows it stands for in FROM."""

    __slots__ = ("entity", "source")

    def __init__(self, source: TableRef, entity: Entity | None = None) -> None:
        self.source = source
        self.entity = entity

    @property
    def label(self) -> str:
        """How messages call it."""
        return self.entity.label if self.entity is not None else self.source.alias or self.source.name


class Joined:
    """One join: `kind` is inner, left, full or cross."""

    __slots__ = ("kind", "on", "side")

    def __init__(self, side: Side, on: Truth | None, kind: str) -> None:
        self.side = side
        self.on = on
        self.kind = kind


def side_of(target: Any) -> Side:
    """The source that a model or a table is. Raises ModelError or ProgrammingError for anything else."""
    if isinstance(target, TableRef):
        return Side(target)
    if isinstance(target, (Outer, ColumnRef, str)):
        msg = f"join() takes a model, or a table, not {target!r}; optional() belongs into select()"
        raise ProgrammingError(msg)
    entity = entity_of(target)
    return Side(entity.source, entity)


def joined(sides: Sequence[Side], target: Any, on: Any, kind: str) -> Joined:
    """The join of `target` with what is there: on a condition, else along the one foreign key between them.

    Raises:
        ProgrammingError: there is no foreign key, or more than one; the same table twice without an alias.
        TypeError: `on` is not a condition.
    """
    side = side_of(target)
    if any(one.source.shape is side.source.shape for one in sides):
        msg = f"{side.label} is in this statement already; join it under an alias to have it twice"
        raise ProgrammingError(msg)
    if kind == "cross":
        return Joined(side, None, kind)
    return Joined(side, by_key(sides, side) if on is None else truth(on), kind)


def by_key(sides: Sequence[Side], target: Side) -> Condition:
    """The condition of the only foreign key between `target` and one of `sides`. Raises ProgrammingError if there is not one."""
    found = [pair for side in sides for pair in (*_keys(side, target), *_keys(target, side))]
    if len(found) == 1:
        return found[0][1]
    names = " and ".join([side.label for side in sides])
    if not found:
        msg = f"no foreign key is declared between {names} and {target.label}: say on which condition to join, join({target.label}, on)"
    else:
        keys = ", ".join([key for key, _ in found])
        msg = f"{len(found)} foreign keys are between {names} and {target.label} ({keys}): say which, join({target.label}, on)"
    raise ProgrammingError(msg)


def _keys(side: Side, target: Side) -> list[tuple[str, Condition]]:
    """The foreign keys of `side` that refer to `target`."""
    entity = side.entity
    if entity is None:
        return []
    refs = {column.key: ref for column, ref in zip(entity.table.columns, entity.refs, strict=True)}
    found = []
    for one in all_references(entity.table):
        if (one.schema, one.target) != (target.source.schema, target.source.name):
            continue
        pairs = [(refs[column.key], name) for column, name in zip(one.columns, one.names, strict=True)]
        equal = [ref == _other(target, name, ref) for ref, name in pairs]
        found.append((f"{entity.label}.{one.shown}", and_(*equal)))
    return found


def _other(target: Side, name: str, ref: ColumnRef[Any]) -> ColumnRef[Any]:
    return ColumnRef(target.source, name, ref.type)
