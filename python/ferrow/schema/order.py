"""Which table comes first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ferrow.schema.reference import target_of

if TYPE_CHECKING:
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.model.table import Table


class Order:
    """`tables` in an order in which they can be created, and per table the foreign keys that must wait (`deferred`)."""

    __slots__ = ("deferred", "tables")

    def __init__(self, tables: list[Table], deferred: dict[Table, tuple[ForeignKeyConstraint, ...]]) -> None:
        self.tables: list[Table] = tables
        self.deferred: dict[Table, tuple[ForeignKeyConstraint, ...]] = deferred


def order(tables: Iterable[Table]) -> list[Table]:
    """Tables such that each comes after those it refers to, as far as they do not refer to each other in a circle."""
    return arrange(tables).tables


def arrange(tables: Iterable[Table]) -> Order:
    """Order tables; where they refer to each other in a circle, say which foreign keys open it.

    The given order is kept where foreign keys do not care. Tables referred to but not given are taken to exist.
    """
    waiting = list(dict.fromkeys(tables))
    known = {(table.schema, table.name): table for table in waiting}
    needs: dict[Table, dict[ForeignKeyConstraint, Table]] = {}
    for table in waiting:
        targets = {key: known.get(target_of(table, key)) for key in table.references}
        # A table may refer to itself while it is being created.
        needs[table] = {key: target for key, target in targets.items() if target is not None and target is not table}
    arranged: list[Table] = []
    done: set[Table] = set()
    deferred: dict[Table, tuple[ForeignKeyConstraint, ...]] = {}
    while waiting:
        ready = next((table for table in waiting if done.issuperset(needs[table].values())), None)
        if ready is None:
            ready = next(table for table in waiting if _in_circle(table, needs, done))
            deferred[ready] = tuple(key for key, target in needs[ready].items() if target not in done)
        arranged.append(ready)
        done.add(ready)
        waiting.remove(ready)
    return Order(arranged, deferred)


def _in_circle(start: Table, needs: dict[Table, dict[ForeignKeyConstraint, Table]], done: set[Table]) -> bool:
    """Whether `start` leads back to itself; a table that merely waits for a circle must not lose its own foreign keys."""
    seen: set[Table] = set()
    stack = [start]
    while stack:
        for target in needs[stack.pop()].values():
            if target is start:
                return True
            if target not in done and target not in seen:
                seen.add(target)
                stack.append(target)
    return False
