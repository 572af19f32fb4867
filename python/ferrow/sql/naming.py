"""Names for the columns of a query that others are to read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnRef
from ferrow.sql.columns import listed, name_of
from ferrow.sql.form.compound import COMPOUND, MEMBERS
from ferrow.sql.form.select import COLUMNS
from ferrow.sql.label import Labelled

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr
    from ferrow.sql.query import Query

Q = TypeVar("Q", bound="Query")


def named(query: Q, what: str) -> Q:
    """Return the query with a label on every column that is neither a column nor labelled.

    A function gets its own name, since databases name such columns differently.

    Raises:
        ProgrammingError: two columns of one name.
    """
    columns = tuple([_named(column, place) for place, column in enumerate(query.columns, 1)])
    names: set[str] = set()
    for column in columns:
        name = column.name
        if name in names:
            msg = f"{what} has two columns called {name!r}; give one of them another name with label()"
            raise ProgrammingError(msg)
        names.add(name)
    same = all(a is b for a, b in zip(columns, query.columns, strict=True))
    return query if same else relisted(query, columns)


def relisted(query: Q, columns: tuple[Expr[Any], ...]) -> Q:
    """Return the query with the same columns said otherwise: labelled, or cast."""
    from ferrow.sql.query import fill

    shape, values = _relisted(query.shape, listed(columns)[0]), query.parts
    return fill(object.__new__(type(query)), list(shape), list(values), (columns, query.about[1]))


def _relisted(shape: Any, columns: Any) -> Any:
    if shape[0] is COMPOUND:  # the first of the combined gives the names
        first, *rest = shape[MEMBERS]
        return (*shape[:MEMBERS], (_relisted(first, columns), *rest), *shape[MEMBERS + 1 :])
    return (*shape[:COLUMNS], columns, *shape[COLUMNS + 1 :])


def _named(column: Expr[Any], place: int) -> ColumnRef[Any] | Labelled[Any]:
    if isinstance(column, (ColumnRef, Labelled)):
        return column
    return Labelled(column, name_of(column.shape, place))
