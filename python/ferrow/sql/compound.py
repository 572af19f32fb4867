"""Combinations of queries: UNION, INTERSECT, EXCEPT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnRef
from ferrow.sql.columns import name_of
from ferrow.sql.cte import merged, stated
from ferrow.sql.form.cast import CAST
from ferrow.sql.form.compound import COMPOUND, MEMBERS, OPERATOR
from ferrow.sql.form.json import JSON_ORDER
from ferrow.sql.form.naming import LABEL_REFERENCE, ORDINAL
from ferrow.sql.form.order import ORDER
from ferrow.sql.form.select import EMPTY, LENGTH, LOCKED, ORDER_BY, WITH_CTES
from ferrow.sql.label import Labelled
from ferrow.sql.naming import relisted
from ferrow.sql.ordering import Ordering
from ferrow.sql.promote import is_number, wider
from ferrow.sql.query import Query, fill
from ferrow.sql.select import Select
from ferrow.sql.value import cast

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr


class Compound(Query):
    """Rows of several queries: `one.union(two)`, `one.except_(two).order_by(name).limit(10)`.

    The columns have the names of the first query's. What is combined further combines from left to right:
    `one.union(two).intersect(three)` has what is in three and in one or two.
    """

    __slots__ = ()

    def __init__(self, operator: str, *queries: Query) -> None:
        """Combine queries by `UNION`, `UNION ALL`, `INTERSECT` or `EXCEPT`.

        Raises:
            ProgrammingError: they differ in their columns' number or kinds, or lock rows.
            TypeError: something that is not a query, or fewer than two.
        """
        columns = _columns(operator, queries)
        members: list[Any] = []
        given: list[Any] = []
        ctes = merged((), [cte for query in queries for cte in query.ctes])
        for place, query in enumerate(queries):
            own = _fitted(query.without_ctes(), columns)
            if not place and _extends(own.shape, operator):
                members += own.shape[MEMBERS]
            else:
                members.append(own.shape)
            given += own.values
        shapes: list[Any] = [*EMPTY]
        shapes[0], shapes[OPERATOR], shapes[MEMBERS] = COMPOUND, operator, tuple(members)
        parts: list[tuple[Any, ...]] = [()] * LENGTH
        parts[MEMBERS] = tuple(given)
        shapes[WITH_CTES], parts[WITH_CTES] = stated(ctes)
        fill(self, shapes, parts, (columns, ctes))

    def order_by(self, *terms: Expr[Any] | Ordering) -> Self:
        """Sort by result columns: the first query's columns and labels.

        Raises:
            ProgrammingError: anything else, which SQL does not allow here; sort `compound.subquery(...)` instead.
        """
        added = tuple([self._term(term if isinstance(term, Ordering) else Ordering(term)) for term in terms])
        return self._put(ORDER_BY, self.shape[ORDER_BY] + added)

    def _term(self, ordering: Ordering) -> Any:
        by = ordering.expr
        place = next((place for place, column in enumerate(self.columns, 1) if _is(column, by)), 0)
        if not place:
            names = ", ".join([name_of(column.shape, place) for place, column in enumerate(self.columns, 1)])
            msg = f"{by!r} is not a result column of the combined queries ({names}); sort their subquery() instead"
            raise ProgrammingError(msg)
        column = self.columns[place - 1]
        reference: Any = (
            (LABEL_REFERENCE, column.type, column.name)
            if isinstance(column, (ColumnRef, Labelled))
            else (ORDINAL, column.type, place)
        )
        if column.type.kind == "json" and reference[0] is LABEL_REFERENCE:
            reference = (JSON_ORDER, reference)
        return (ORDER, reference, ordering.descending, ordering.nulls)


def _is(column: Expr[Any], meant: Expr[Any]) -> bool:
    """Whether a result column is what is meant: itself, what it labels, or what was cast to make it fit the others."""
    if column.shape == meant.shape:
        return True
    inner = column.expr.shape if isinstance(column, Labelled) else column.shape
    wanted = meant.expr.shape if isinstance(meant, Labelled) else meant.shape
    return bool(inner == wanted or (type(inner) is tuple and inner[0] is CAST and inner[2] == wanted))


def _extends(shape: Any, operator: str) -> bool:
    """Whether a query is such a combination already, and nothing more, so that its members can be taken over."""
    return (
        operator != "EXCEPT" and shape[0] is COMPOUND and shape[OPERATOR] == operator and not any(shape[MEMBERS + 1 :])
    )


def _columns(operator: str, queries: tuple[Query, ...]) -> tuple[Expr[Any], ...]:
    """The first query's columns, in the types that all can be read as."""
    if len(queries) < 2:
        msg = f"{operator} combines two queries or more, got {len(queries)}"
        raise TypeError(msg)
    for query in queries:
        if not isinstance(query, Query):
            msg = f"{operator} combines queries, not {query!r}"
            raise TypeError(msg)
        if query.shape[LOCKED] is not None:
            msg = f"{operator} cannot combine queries that lock rows; leave for_update() out: {query!r}"
            raise ProgrammingError(msg)
    first = queries[0].columns
    for query in queries[1:]:
        if len(query.columns) != len(first):
            msg = f"{operator} needs queries of equally many columns, not {len(first)} and {len(query.columns)}"
            raise ProgrammingError(msg)
    return tuple([_column(operator, queries, place) for place in range(len(first))])


def _column(operator: str, queries: tuple[Query, ...], place: int) -> Expr[Any]:
    first = queries[0].columns[place]
    type = first.type
    for query in queries[1:]:
        other = query.columns[place].type
        common = wider(type, other)
        if other.kind != type.kind and not (is_number(other) and is_number(type)):
            msg = (
                f"column {place + 1} of the queries combined by {operator} is {type!r} in one and {other!r} in another; "
                "cast() one of them"
            )
            raise ProgrammingError(msg)
        type = common
    return first if type.kind == first.type.kind else _cast(first, type, place)


def _cast(column: Expr[Any], type: Any, place: int) -> Expr[Any]:
    name = name_of(column.shape, place + 1)
    return cast(column.expr if isinstance(column, Labelled) else column, type).label(name)


def _fitted(query: Query, columns: tuple[Expr[Any], ...]) -> Query:
    """The query, its columns cast where another kind of number is wanted: SQLite would not convert them."""
    fitted = tuple(
        [
            own if own.type.kind == wanted.type.kind else _cast(own, wanted.type, place)
            for place, (own, wanted) in enumerate(zip(query.columns, columns, strict=True))
        ]
    )
    same = all(a is b for a, b in zip(fitted, query.columns, strict=True))
    if same:
        return query
    if isinstance(query, Compound):  # each of its own queries gives the column in a type of its own
        inner = query.subquery("combined")
        outer = [
            _cast(own, wanted.type, place)
            for place, (own, wanted) in enumerate(zip(inner.columns, columns, strict=True))
        ]
        return Select(outer, inner).without_ctes()
    return relisted(query, fitted)
