"""Many changed rows by one statement, where the database can read lists as rows: several times as fast as one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.sql import Update, and_
from ferrow.sql.column import assigned
from ferrow.sql.unnest import Unnest, among
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
    """`UPDATE table SET column = v.s0 FROM (SELECT unnest($1) AS s0, unnest($2) AS k0, ...) AS v WHERE key = v.k0 AND key = ANY($4)`.

    The last condition says nothing new. It has the server find the rows by one look into the index, put them into a hash table and
    take them out of it in the order of the lists: faster than a look for each, and locked in the order of their keys all the same.
    For a key of several columns it would be one look for each combination of their values.

    What is returned is the key, if there is something to be told, and the columns `back`. The parameters are `arguments`.
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
    single = len(table.primary_key) == 1
    rows = Unnest("v_", named, [None] * len(named), counted=single)
    same = [column.ref == rows.column(f"k{place}") for place, column in enumerate(keys)]
    statement = Update(
        table.ref,
        [*stamps, *[(column.ref, rows.column(f"s{place}")) for place, column in enumerate(sets)]],
        and_(*same, *([among(keys[0].ref, named["k0"], None)] if single else [])),
        returning=[column.ref for column in (*table.primary_key, *back)] if version or back else (),
        from_=[rows],
    )
    return plan.prepare(key, statement)


def arguments(
    stamped: Sequence[Any], lists: Sequence[list[Any]], keys: Sequence[list[Any]], versions: Sequence[list[Any]]
) -> list[Any]:
    """The parameters of `updating`: the values of its `stamps`, and `lists` of values by column, the next version last."""
    if len(keys) > 1:
        return [*stamped, *lists, *keys, *versions]
    return [*stamped, *lists, *keys, *versions, len(keys[0]), *keys]


def in_order(rows: Sequence[tuple[Any, ...]], keys: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows that begin with their key, in the order of the lists of keys that were sent."""
    width = len(keys)
    found = {row[:width]: row for row in rows}
    return [found[key] for key in zip(*keys, strict=True)]
