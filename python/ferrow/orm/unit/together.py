"""Many changed rows by one statement, where the database can read lists as rows: several times as fast as one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.sql import Update, and_
from ferrow.sql.column import assigned
from ferrow.sql.unnest import Unnest
from ferrow.types import Text

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.sql import ColumnRef
    from ferrow.types import SQLType

_PLAIN = frozenset(["bool", "int", "float", "date", "time", "timestamp", "timestamptz", "uuid", "decimal"])


_KEYS = frozenset(["int", "text"])
"""Kinds of keys that come back as they were sent, so that rows in any order are told by them."""


def possible(plan: Plan[Any], columns: Sequence[Column], back: Sequence[Column]) -> bool:
    """Whether all that is sent can be an element of a list, and what comes `back` can be told apart."""
    return (
        plan.dialect.unnests
        and not any(column.primary_key for column in columns)
        and (not back or all(one.type.kind in _KEYS and one.encode is None for one in plan.table.primary_key))
        and all(_type(column) is not None for column in (*columns, *plan.table.primary_key))
    )


def _type(column: Column) -> SQLType | None:
    """What the elements are sent as. A cast to VARCHAR(n) would cut what is too long, where the column would refuse it."""
    if column.type.kind == "text":
        return Text() if column.encode is None else None
    return column.type if column.type.kind in _PLAIN else None


def updating(
    plan: Plan[Any], columns: tuple[Column, ...], stamps: Sequence[tuple[ColumnRef[Any], Any]], back: Sequence[Column]
) -> Prepared:
    """`UPDATE table SET column = v.s0 FROM unnest($1, $2) AS v (s0, k0) WHERE key = v.k0`.

    Parameters are lists for columns, the next version, keys and versions, after the values of `stamps`. Returned are the key, if
    there is something to be told, and the columns `back`.
    """
    key = ("save together", columns, tuple([assigned(ref, said)[0] for ref, said in stamps]))
    found = plan.statements.get(key)
    if found is not None:
        return found
    table = plan.table
    version = () if table.version is None else (table.version,)
    sets, keys = (*columns, *version), (*table.primary_key, *version)
    named = {f"s{place}": _type(column) or column.type for place, column in enumerate(sets)}
    named |= {f"k{place}": _type(column) or column.type for place, column in enumerate(keys)}
    rows = Unnest("v_", named, [None] * len(named))
    statement = Update(
        table.ref,
        [*stamps, *[(column.ref, rows.column(f"s{place}")) for place, column in enumerate(sets)]],
        and_(*[column.ref == rows.column(f"k{place}") for place, column in enumerate(keys)]),
        returning=[column.ref for column in (*table.primary_key, *back)] if version or back else (),
        from_=[rows],
    )
    return plan.prepare(key, statement)


def in_order(rows: Sequence[tuple[Any, ...]], keys: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows that begin with their key, in the order of the lists of keys that were sent."""
    width = len(keys)
    found = {row[:width]: row for row in rows}
    return [found[key] for key in zip(*keys, strict=True)]
