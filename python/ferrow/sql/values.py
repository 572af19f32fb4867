"""Lists of values as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.identifier import check_identifier
from ferrow.sql.column import ColumnRef
from ferrow.sql.derived import Derived, DerivedKey, begin
from ferrow.sql.form.cast import CAST
from ferrow.sql.form.source import VALUES
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import HOLES, interned
from ferrow.types import SQLType


class Values(Derived):
    """Rows of Python values in FROM: `Values("price", {"id": Integer(), "cents": Integer()}, [(1, 250), (2, 300)])`.

    Every value is a parameter of its own, so each number of rows is a statement of its own.
    """

    __slots__ = ()

    def __init__(self, alias: str, columns: Mapping[str, SQLType], rows: Sequence[Sequence[Any]]) -> None:
        """Name rows and the columns in them.

        Raises:
            ProgrammingError: a name that no database accepts; no columns, no rows, or a row of another length.
        """
        check_identifier(alias, "alias")
        names = tuple(columns)
        if not names or not rows:
            msg = f"the values {alias!r} need columns and rows, got {len(names)} columns and {len(rows)} rows"
            raise ProgrammingError(msg)
        for row in rows:
            if len(row) != len(names):
                msg = f"a row of the values {alias!r} has {len(row)} values for {len(names)} columns: {row!r}"
                raise ProgrammingError(msg)
        types = tuple(columns.values())
        # The first row says the types; PostgreSQL would take all for texts.
        first = tuple([(CAST, type, HOLES[type]) for type in types])
        others = (tuple([HOLES[type] for type in types]),) * (len(rows) - 1)
        key = interned(DerivedKey, alias, None, (names, types))
        begin(self, key)
        object.__setattr__(
            self, "columns", tuple([ColumnRef[Any](self, name, type, nullable=True) for name, type in columns.items()])
        )
        set_shape(self, (VALUES, key, names, first, *others))
        set_values(self, tuple([value for row in rows for value in row]))
