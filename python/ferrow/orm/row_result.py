"""What `session.execute` gives back for rows of columns, expressions and models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic

from ferrow.errors import ProgrammingError, nearest
from ferrow.orm.asked import ROW, Asked
from ferrow.orm.generic import M, R, T
from ferrow.orm.result import ScalarResult


class RowResult(Generic[R]):
    """Typed tuples, one per row, or what else is asked for. Each call makes a new list. Made by `session.execute`.

    Attributes:
        columns: the names of the elements: labels, attributes, classes; `column3` for an expression without a label.
        rowcount: rows affected, or returned by a query.
    """

    __slots__ = ("_asked", "_rows", "columns", "rowcount")

    def __init__(self, rows: list[R], columns: Sequence[str], rowcount: int, asked: Asked = ROW) -> None:
        self._rows = rows
        self._asked = asked
        self.columns: tuple[str, ...] = tuple(columns)
        """The names of the elements: labels, attributes, classes; `column3` for an expression without a label."""
        self.rowcount: int = rowcount
        """Rows affected, or returned by a query."""

    def all(self) -> list[R]:
        """Every row as a tuple."""
        return list(self._rows)

    def tuples(self) -> list[R]:
        """Every row as a tuple; the same as `all`."""
        return list(self._rows)

    def first(self) -> R | None:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one(self) -> R:
        """The only row. Raises NoResultFound or MultipleResultsFound."""
        found = self.one_or_none()
        if found is None:
            raise self._asked.none()
        return found

    def one_or_none(self) -> R | None:
        """The only row, or None if there is none. Raises MultipleResultsFound."""
        if len(self._rows) > 1:
            raise self._asked.several()
        return self.first()

    def scalars(self: RowResult[tuple[T, *tuple[Any, ...]]]) -> ScalarResult[T]:
        """The first element of each row."""
        return ScalarResult([row[0] for row in self._rows], self._asked)

    def scalar(self: RowResult[tuple[T, *tuple[Any, ...]]]) -> T | None:
        """The first element of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def column(self, name: str) -> list[Any]:
        """The elements of one name. Raises KeyError if none is called so, ProgrammingError if several are."""
        if name not in self.columns:
            raise KeyError(f"Column {name!r} not found. {nearest(name, self.columns)}")
        self._distinct(name)
        place = self.columns.index(name)
        return [row[place] for row in self._rows]

    def dicts(self) -> list[dict[str, Any]]:
        """Every row as a dict by name. Raises ProgrammingError if two elements have one name."""
        for name in self.columns:
            self._distinct(name)
        return [dict(zip(self.columns, row, strict=True)) for row in self._rows]

    def models(self, cls: type[M]) -> list[M]:
        """Every row as an instance of a model, by name.

        Raises:
            ProgrammingError: an element has a name that `cls` has no column for, or one that `cls` needs is missing.
            DataError: a value of another type than its column's.
        """
        from ferrow.model.matching import Matching

        match = Matching(cls, self.columns)
        return [match(row) for row in self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} ({', '.join(self.columns)}) rows={len(self._rows)}>"

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks."""
        from ferrow.notebook import table

        return table(self.columns, self._rows, len(self._rows))

    def _distinct(self, name: str) -> None:
        if self.columns.count(name) > 1:
            msg = f"{self.columns.count(name)} elements of a row are called {name!r}; give them a label(...)"
            raise ProgrammingError(msg)
