"""What `session.execute` gives back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic

from ferrow.orm.asked import ROW, Asked
from ferrow.orm.generic import M, T


class ScalarResult(Generic[T]):
    """One object per row, the instance or the value of the first column, in order: what `execute(...).scalars()` gives.

    It was read whole: iterating, `len` and every method may be used again and again.
    """

    __slots__ = ("_asked", "_items")

    def __init__(self, items: list[T], asked: Asked = ROW) -> None:
        self._items = items
        self._asked = asked

    def all(self) -> list[T]:
        """Every one of them."""
        return list(self._items)

    def first(self) -> T | None:
        """The first, or None."""
        return self._items[0] if self._items else None

    def one(self) -> T:
        """The only one. Raises NoResultFound or MultipleResultsFound."""
        if not self._items:
            raise self._asked.none()
        _at_most_one(self._items, self._asked)
        return self._items[0]

    def one_or_none(self) -> T | None:
        """The only one, or None if there is none. Raises MultipleResultsFound."""
        _at_most_one(self._items, self._asked)
        return self.first()

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self._items)} objects>"


class ExecuteResult(Generic[M]):
    """The rows of a statement: as dicts, or through `scalars()` as instances. Made by `session.execute`.

    Attributes:
        columns: the names of the columns: attributes of the model, or labels.
        rowcount: rows affected, or returned by a query.
    """

    __slots__ = ("_asked", "_instances", "_rows", "columns", "rowcount")

    def __init__(
        self, rows: list[Any], columns: Sequence[str], rowcount: int, *, instances: bool, asked: Asked = ROW
    ) -> None:
        self._rows = rows
        self._asked = asked
        self._instances = instances
        self.columns: tuple[str, ...] = tuple(columns)
        """The names of the result's columns: attributes of the model, or labels."""
        self.rowcount: int = rowcount
        """Rows affected, or returned by a query."""

    def scalars(self) -> ScalarResult[M]:
        """One object per row."""
        return ScalarResult(self._rows if self._instances else [row[0] for row in self._rows], self._asked)

    def all(self) -> list[dict[str, Any]]:
        """Every row as a dict."""
        return [self._dict(row) for row in self._rows]

    def first(self) -> dict[str, Any] | None:
        """The first row, or None."""
        return self._dict(self._rows[0]) if self._rows else None

    def one(self) -> dict[str, Any]:
        """The only row. Raises NoResultFound or MultipleResultsFound."""
        return self._dict(ScalarResult(self._rows, self._asked).one())

    def one_or_none(self) -> dict[str, Any] | None:
        """The only row, or None if there is none. Raises MultipleResultsFound."""
        _at_most_one(self._rows, self._asked)
        return self.first()

    def _dict(self, row: Any) -> dict[str, Any]:
        if self._instances:
            return {name: getattr(row, name) for name in self.columns}
        return dict(zip(self.columns, row, strict=True))

    if not TYPE_CHECKING:  # checkers object by themselves to what has none of these

        def _refuse(self, *_):
            raise TypeError(
                "a result has two forms of rows: go through result.all() for dicts, or result.scalars().all() for objects"
            )

        __len__ = __bool__ = __iter__ = __contains__ = __getitem__ = _refuse

    def __repr__(self) -> str:
        return f"<{type(self).__name__} rows={len(self._rows)} rowcount={self.rowcount}>"

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks."""
        from ferrow.notebook import table

        rows = (tuple(self._dict(row).values()) for row in self._rows)
        return table(self.columns, rows, len(self._rows))


def _at_most_one(rows: list[Any], asked: Asked) -> None:
    if len(rows) > 1:
        raise asked.several()
