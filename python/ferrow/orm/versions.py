"""Optimistic locking: rows that count their changes are only written as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError, StaleRow
from ferrow.sql import and_
from ferrow.sql.expr import condition
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.shape import HOLES

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.orm.key import Key
    from ferrow.orm.plan import Plan
    from ferrow.sql import ColumnRef, Condition


def where(key: Key, version: Column | None) -> Condition:
    """The condition that finds a row by its key, and by its version if it has one."""
    if version is None:
        return key.where()
    return and_(key.where(), condition((COMPARE, "=", version.ref.shape, HOLES[version.type]), (None,)))


def version_of(table: Table, value: Any) -> tuple[int, ...]:
    """The values that `where` needs after those of the key.

    Raises:
        ProgrammingError: the version is no number, so nobody knows what was read.
    """
    if table.version is None:
        return ()
    if value.__class__ is not int:
        attribute = f"{table.label}.{table.version.key}"
        msg = f"the version of a {table.label} is {value!r}: leave {attribute} as it was read, or give it the int that was seen"
        raise ProgrammingError(msg)
    return (value,)


def counted(table: Table, pairs: Sequence[tuple[ColumnRef[Any], Any]]) -> list[tuple[ColumnRef[Any], Any]]:
    """Assignments, and one more version, unless they say themselves which."""
    version = table.version
    if version is None or any(column.name == version.name for column, _ in pairs):
        return [*pairs]
    return [*pairs, (version.ref, version.ref + 1)]


def stale(plan: Plan[Any], key: tuple[Any, ...], version: int, doing: str) -> StaleRow:
    """The error for a row that is not there with the version that was read."""
    found = StaleRow(
        f"cannot {doing} {plan.words.key(doing).shown(key)}: it was changed or deleted since version {version} was read. Read it again, "
        "and decide anew"
    )
    found.model, found.key, found.version = plan.model, key[0] if len(key) == 1 else key, version
    return found
