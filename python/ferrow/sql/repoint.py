"""The same piece of a query about another reference to a table: what `users.name = $1` becomes when the rows are called `boss`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import Columns
from ferrow.sql.form.select import JOINS, SELECT, SOURCE
from ferrow.sql.scope import parts
from ferrow.sql.shape import interned
from ferrow.sql.source import SourceKey


def repoint(shape: Any, old: SourceKey, new: SourceKey) -> Any:
    """Return the shape with the columns of `old` turned into those of `new`. A query inside that has `old` in its own FROM means that."""
    if type(shape) is ColumnKey:
        return (
            shape
            if shape.table is not old
            else interned(ColumnKey, new, shape.name, shape.key, shape.type, shape.decode)
        )
    if type(shape) is Columns:
        found = tuple([repoint(part, old, new) for part in shape.shapes])
        return shape if found == shape.shapes else interned(Columns, found)
    if type(shape) is not tuple:
        return shape
    if shape and shape[0] is SELECT and old in (shape[SOURCE], *[join[1] for join in shape[JOINS]]):
        return shape
    return tuple([repoint(part, old, new) for part in shape])


def called(shape: Any) -> Iterator[str]:
    """Yield what the sources in a shape are called there: their aliases, or their names."""
    for part in parts(shape):
        if type(part) is ColumnKey:
            yield part.table.called
        elif isinstance(part, SourceKey):
            yield part.called


def free(name: str, taken: Iterable[str]) -> str:
    """An alias that is none of `taken`, in small letters or capitals either: to SQLite `Node` and `node` are one name."""
    known = {one.lower() for one in taken}
    for number in count(1):
        alias = name if number == 1 else f"{name}_{number}"
        if alias.lower() not in known:
            return alias
    raise AssertionError  # count() does not end
