"""Joins of statements, along relations too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.model.relation_ref import RelationRef
from ferrow.orm.relation_joining import along_relation, relation_join
from ferrow.orm.statements.joining import Joined, Side, already, joined


def joins(sides: Sequence[Side], target: Any, on: Any, kind: str) -> tuple[Joined, ...]:
    """The joins that bring `target` in: one, or two for a relation with a junction. Raises as `joined` and `relation_join`."""
    if not isinstance(target, RelationRef) and not isinstance(on, RelationRef):
        return (joined(sides, target, on, kind),)
    if kind == "CROSS":
        msg = f"cross_join() combines all rows, and a relation says which belong together: join({target!r})"
        raise ProgrammingError(msg)
    relation, side = along_relation(target, on)
    *between, last = relation_join(relation, left=kind == "LEFT")
    if any(one.source.key is side.source.key for one in sides):
        raise already(side)
    return (*[Joined(Side(one.table), one.on, kind) for one in between], Joined(side, last.on, kind))
