"""What `engine.execute` gives back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import MultipleResultsFound, NoResultFound

if TYPE_CHECKING:
    from ferrow._core import Result, Row


M = TypeVar("M")


class QueryResult:
    """The rows of one statement, in whichever form they are asked for; iterating gives dicts.

    Each call makes new objects. A name that occurs twice among the columns has the value of its last column.
    """

    __slots__ = ("_rows", "columns", "rowcount", "status")

    def __init__(self, result: Result) -> None:
        self._rows: list[Row] = result.rows
        self.columns: tuple[str, ...] = result.columns
        """Names of the columns, in order; empty for a statement that returns no rows."""
        self.rowcount: int = result.rowcount
        """Rows affected, or returned by a query; -1 if the database does not count them."""
        self.status: str = result.status
        """What the server called it, e.g. `INSERT 0 1`."""

    def all(self) -> list[dict[str, Any]]:
        """Every row as a dict."""
        return [row.to_dict() for row in self._rows]

    def first(self) -> dict[str, Any] | None:
        """The first row, or None."""
        return self._rows[0].to_dict() if self._rows else None

    def one(self) -> dict[str, Any]:
        """The only row. Raises NoResultFound or MultipleResultsFound."""
        found = self.one_or_none()
        if found is None:
            raise NoResultFound("exactly one row was expected, none came; use one_or_none() where none is possible")
        return found

    def one_or_none(self) -> dict[str, Any] | None:
        """The only row, or None if there is none. Raises MultipleResultsFound."""
        if len(self._rows) > 1:
            raise MultipleResultsFound(f"at most one row was expected, {len(self._rows)} came; use all() or first()")
        return self.first()

    def rows(self) -> list[Row]:
        """Every row as a `Row`: by position and by name."""
        return list(self._rows)

    def tuples(self) -> list[tuple[Any, ...]]:
        """Every row as a tuple."""
        return [tuple(row) for row in self._rows]

    def column(self, name: str) -> list[Any]:
        """The values of one column. Raises KeyError for a name that no column has."""
        if name not in self.columns:
            raise KeyError(f"Column {name!r} not found. Known: {', '.join(self.columns) or 'none'}.")
        return [row[name] for row in self._rows]

    def scalars(self) -> list[Any]:
        """The values of the first column."""
        return [row[0] for row in self._rows]

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def columns_as_tuples(self, names: Iterable[str]) -> list[tuple[Any, ...]]:
        """The values of some columns, in the order of `names`. Raises KeyError for a name that no column has."""
        return list(zip(*[self.column(name) for name in names], strict=True))

    def column_names(self) -> list[str]:
        """Names of the columns, in order, as a list."""
        return list(self.columns)

    def to_models(self, cls: type[M]) -> list[M]:
        """Every row as an instance of a model, whose attributes are found by the names of the columns.

        Attributes with a default, and those that may be None, need not come.

        Raises:
            ModelError: `cls` is not a model.
            ProgrammingError: a column that `cls` does not have, or one that it needs is missing; names the nearest.
            DataError: a value of another type than its attribute's.
        """
        from ferrow.model.matching import Matching

        match = Matching(cls, self.columns)
        return [match(row) for row in self._rows]

    def to_model(self, cls: type[M]) -> M:
        """The only row, as an instance of a model. Raises NoResultFound, MultipleResultsFound, and as `to_models`."""
        self.one()
        return self.to_models(cls)[0]

    def is_empty(self) -> bool:
        """Whether no row came."""
        return not self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (row.to_dict() for row in self._rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} rows={len(self._rows)}>"

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks."""
        from ferrow.notebook import table

        return table(self.columns, self._rows, len(self._rows))
