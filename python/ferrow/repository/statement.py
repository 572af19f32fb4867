"""What `Database.execute` gives back, and how rows become mappings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow._core import Result


class ResultCursor:
    """What one statement gave back, read as a cursor of PEP 249 is: its rows are all here, and nothing has to be closed."""

    __slots__ = ("_place", "_result", "arraysize")

    def __init__(self, result: Result) -> None:
        self._result = result
        self._place = 0
        self.arraysize: int = 1
        """How many rows `fetchmany` gives if it is not said."""

    @property
    def rowcount(self) -> int:
        """Rows affected, or returned; -1 if the database does not count them."""
        return self._result.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key that an INSERT generated, where the database says so by itself (SQLite, MySQL); else None."""
        return self._result.last_rowid

    @property
    def description(self) -> list[tuple[str, int | None, None, None, None, None, None]] | None:
        """One tuple per column, with its name and the code of its type; None for a statement that returns no rows."""
        result = self._result
        if not result.columns:
            return None
        codes = result.type_codes or (None,) * len(result.columns)
        return [(name, code, None, None, None, None, None) for name, code in zip(result.columns, codes, strict=True)]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None. Raises ProgrammingError if the statement returned none."""
        found = self.fetchmany(1)
        return found[0] if found else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """The next `size` rows (default: `arraysize`), fewer at the end. Raises as `fetchone`."""
        rows = self._rows()
        start = self._place
        self._place = min(len(rows), start + (self.arraysize if size is None else size))
        return rows[start : self._place]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The remaining rows. Raises as `fetchone`."""
        rows = self._rows()
        start, self._place = self._place, len(rows)
        return rows[start:]

    def _rows(self) -> list[tuple[Any, ...]]:
        if not self._result.columns:
            raise ProgrammingError("the last statement returned no rows")
        return self._result.rows

    def close(self) -> None:
        """Nothing: there is nothing open."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while (row := self.fetchone()) is not None:
            yield row

    def __repr__(self) -> str:
        return f"<{type(self).__name__} rowcount={self.rowcount}>"
