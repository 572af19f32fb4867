"""Many changed rows by one statement, where the database can read lists as rows: several times as fast as one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.sql import Update, and_
from ferrow.sql.unnest import Unnest
from ferrow.types import Text

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.types import SQLType

_PLAIN = frozenset(["bool", "int", "float", "date", "time", "timestamp", "timestamptz", "uuid", "decimal"])


def possible(plan: Plan[Any], columns: Sequence[Column]) -> bool:
    """Whether all that is sent can be an element of a list. Values the database computes come back in no order, so there must be none."""
    return (
        plan.dialect.unnests
        and not plan.table.computed
        and not any(column.primary_key for column in columns)
        and all(_type(column) is not None for column in (*columns, *plan.table.primary_key))
    )


def _type(column: Column) -> SQLType | None:
    """What the elements are sent as. A cast to VARCHAR(n) would cut what is too long, where the column would refuse it."""
    if column.type.kind == "text":
        return Text() if column.encode is None else None
    return column.type if column.type.kind in _PLAIN else None


def updating(plan: Plan[Any], columns: tuple[Column, ...]) -> Prepared:
    """`UPDATE table SET column = v.s0 FROM unnest($1, $2) AS v (s0, k0) WHERE key = v.k0`; parameters as for single rows."""
    key = ("save together", columns)
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
        [(column.ref, rows.column(f"s{place}")) for place, column in enumerate(sets)],
        and_(*[column.ref == rows.column(f"k{place}") for place, column in enumerate(keys)]),
        returning=[column.ref for column in table.primary_key] if version else (),
        from_=[rows],
    )
    return plan.prepare(key, statement)
