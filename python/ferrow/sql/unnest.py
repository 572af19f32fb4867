"""Lists that are read side by side, as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ferrow.sql.column import ColumnRef
from ferrow.sql.derived import Derived, DerivedKey, begin
from ferrow.sql.form.cast import CAST
from ferrow.sql.form.source import UNNEST
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import HOLES, interned
from ferrow.types import ListOf, SQLType


class Unnest(Derived):
    """Rows in FROM, one list of values per column: `Unnest("price", {"id": Integer(), "cents": Integer()}, [[1, 2], [250, 300]])`.

    Every list is one parameter, so any number of rows is the same statement. PostgreSQL only.
    """

    __slots__ = ()

    def __init__(self, alias: str, columns: Mapping[str, SQLType], lists: Sequence[Sequence[Any] | None]) -> None:
        """Name the rows, and give one list per column."""
        names = tuple(columns)
        types = tuple([ListOf(type) for type in columns.values()])
        begin(self, key := interned(DerivedKey, alias, None, (names, types)))
        object.__setattr__(
            self, "columns", tuple([ColumnRef[Any](self, name, type, nullable=True) for name, type in columns.items()])
        )
        set_shape(self, (UNNEST, key, names, *[(CAST, type, HOLES[type]) for type in types]))
        set_values(self, tuple(lists))
