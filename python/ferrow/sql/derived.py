"""Sources that are computed: what has columns because a query has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.identifier import check_identifier
from ferrow.sql.column import ColumnRef
from ferrow.sql.decoding import decoder
from ferrow.sql.form.source import SUBQUERY
from ferrow.sql.label import Labelled
from ferrow.sql.naming import named
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import interned
from ferrow.sql.source import Source, SourceKey

if TYPE_CHECKING:
    from ferrow.sql.cte import CTE
    from ferrow.sql.expr import Expr
    from ferrow.sql.query import Query
    from ferrow.sql.writer import Writer


class DerivedKey(SourceKey):
    """What the columns of a computed source hold on to: its name, and what it is, so that two of one name are not mixed up."""

    __slots__ = ("alias", "content", "name")

    stored: ClassVar[bool] = False

    def __init__(self, name: str, alias: str | None, content: Any) -> None:
        self.name: str = name
        self.alias: str | None = alias
        self.content: Any = content

    def write(self, out: Writer) -> str:
        """Return a common table expression as FROM wants it."""
        return out.name(self.name) if self.alias is None else f"{out.name(self.name)} AS {out.name(self.alias)}"


class Derived(Source):
    """A source with columns of its own.

    Attributes:
        columns: the columns, with the types and names the query gave them.
    """

    __slots__ = ("_key", "columns", "ctes")

    _key: DerivedKey
    columns: tuple[ColumnRef[Any], ...]

    @property
    def key(self) -> DerivedKey:
        """What its columns hold on to."""
        return self._key

    def column(self, name: str) -> ColumnRef[Any]:
        """Return the column of a name: the attribute's in the model, the label, or the database's.

        Raises:
            UnknownColumn: there is none; names the nearest.
        """
        for column in self.columns:
            if column.key == name:
                return column
        for column in self.columns:
            if column.name == name:
                return column
        known = nearest(name, [column.key for column in self.columns])
        raise UnknownColumn(f"{self.key.called!r} has no column {name!r}. {known}")

    @property
    def c(self) -> Columns:
        """The columns as attributes: `sub.c.total`."""
        return Columns(self)


class Columns:
    """The columns of a source, as attributes and by `[...]`."""

    __slots__ = ("_source",)

    def __init__(self, source: Derived) -> None:
        self._source = source

    def __getattr__(self, name: str) -> ColumnRef[Any]:
        """Raises UnknownColumn, which is an AttributeError for names with underscores around them."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self._source.column(name)

    __getitem__ = __getattr__

    def __dir__(self) -> list[str]:
        return [column.key for column in self._source.columns]

    def __repr__(self) -> str:
        return f"<columns of {self._source.key.called!r}: {', '.join([column.key for column in self._source.columns])}>"


class Subquery(Derived):
    """A query in FROM: `(SELECT ...) AS alias`."""

    __slots__ = ()

    def __init__(self, query: Query, alias: str, *, lateral: bool = False) -> None:
        """Name the rows of a query; `lateral` lets it use columns of the sources before it (PostgreSQL).

        Raises:
            ProgrammingError: an alias that no database accepts; two columns of one name.
        """
        check_identifier(alias, "subquery alias")
        inner = named(query.without_ctes(), f"the subquery {alias!r}")
        fill(self, interned(DerivedKey, alias, None, inner.shape), inner.columns, query.ctes)
        set_shape(self, (SUBQUERY, self.key, inner.shape, lateral))
        set_values(self, inner.values)


def fill(source: Derived, key: DerivedKey, columns: Sequence[Expr[Any]], ctes: tuple[CTE, ...]) -> None:
    """Give a source that is being made its columns; each has a name, and no two the same."""
    begin(source, key, ctes)
    object.__setattr__(source, "columns", tuple([_carried(source, column) for column in columns]))


def begin(source: Derived, key: DerivedKey, ctes: tuple[CTE, ...] = ()) -> None:
    """Give a source that is being made all but its columns, which need it."""
    object.__setattr__(source, "_key", key)
    object.__setattr__(source, "ctes", ctes)


def _carried(source: Derived, column: Expr[Any]) -> ColumnRef[Any]:
    if isinstance(column, Labelled):
        inner = column.expr
        if isinstance(inner, ColumnRef):
            return inner.of(source, column.name)
        return ColumnRef(source, column.name, column.type, nullable=True, decode=decoder(inner.shape))
    if isinstance(column, ColumnRef):
        return column.of(source)
    msg = f"{column!r} has no name"
    raise ProgrammingError(msg)
