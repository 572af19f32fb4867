"""What SELECT and combinations of them share: a result that can be sorted, cut, and used inside other queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from ferrow.errors import ProgrammingError
from ferrow.sql import clause
from ferrow.sql.expr import Condition, Expr, condition, expression
from ferrow.sql.form.membership import EXISTS
from ferrow.sql.form.select import DISTINCT, GROUP_BY, HAVING, JOINS, LIMIT, LOCKED, OFFSET, ORDER_BY, WHERE, WITH_CTES
from ferrow.sql.form.source import SCALAR
from ferrow.sql.node import set_shape
from ferrow.sql.statement import Statement

if TYPE_CHECKING:
    from ferrow.sql.compound import Compound
    from ferrow.sql.cte import CTE
    from ferrow.sql.derived import Subquery

Q = TypeVar("Q", bound="Query")


class Asking(Protocol):
    """What stands for a query without being one: the statements over models."""

    def __ferrow_query__(self) -> Query:
        """The query."""
        ...


class Query(Statement):
    """Something that has rows to read. Every method returns a new query.

    Shape and values are kept per clause, so that changing one costs the same however large the others are.
    """

    __slots__ = ("about", "parts")

    parts: tuple[tuple[Any, ...], ...]
    """The values of each clause, by its position in the shape."""

    about: tuple[tuple[Expr[Any], ...], tuple[CTE, ...]]
    """The result columns as they were given, and the common table expressions used; one slot, as it is copied at every step."""

    @property
    def values(self) -> tuple[Any, ...]:  # type: ignore[override]  # pieced together, where other nodes store it
        """The parameters, in the order of the shape."""
        return tuple([value for part in self.parts if part for value in part])

    @property
    def columns(self) -> tuple[Expr[Any], ...]:
        """The result columns."""
        return self.about[0]

    @property
    def ctes(self) -> tuple[CTE, ...]:
        """The common table expressions that stand in its WITH."""
        return self.about[1]

    # Cutting --------------------------------------------------------------------------------------------------------

    def unordered(self) -> Self:
        """Forget the order."""
        return self._put(ORDER_BY, ())

    def limit(self, rows: int | None) -> Self:
        """At most so many rows, None for all: `LIMIT $1`.

        Raises:
            TypeError: not an int.
            ValueError: negative.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.count(shapes, parts, LIMIT, rows)
        return fill(_new(type(self)), shapes, parts, self.about)

    def offset(self, rows: int | None) -> Self:
        """Skip so many rows, None for none: `OFFSET $1`.

        Raises:
            TypeError: not an int.
            ValueError: negative.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.count(shapes, parts, OFFSET, rows)
        return fill(_new(type(self)), shapes, parts, self.about)

    # Inside other queries -------------------------------------------------------------------------------------------

    def subquery(self, alias: str, *, lateral: bool = False) -> Subquery:
        """Return the rows as something to query: `FROM (SELECT ...) AS alias`; its columns are `sub.c.name`.

        A `lateral` one is joined, and may use columns of the tables before it (PostgreSQL).

        Raises:
            ProgrammingError: an alias that no database accepts; two columns of one name.
        """
        from ferrow.sql.derived import Subquery

        return Subquery(self, alias, lateral=lateral)

    def cte(self, name: str, *, materialized: bool | None = None) -> CTE:
        """Return the rows under a name: `WITH name AS (SELECT ...)`, which any number of queries may use, and more than once.

        Whatever uses it says WITH by itself. `materialized` says whether the rows are computed once and kept; None leaves that
        to the database.

        Raises:
            ProgrammingError: a name that no database accepts; two columns of one name.
        """
        from ferrow.sql.cte import defined

        return defined(self, name, materialized=materialized)

    def scalar(self) -> Expr[Any]:
        """Return the query as a value: that of its one column in its one row, NULL if there is none.

        A second row is an error on PostgreSQL, where SQLite takes the first: say `limit(1)`, or aggregate.

        Raises:
            ProgrammingError: not exactly one column.
        """
        if len(self.columns) != 1:
            msg = f"a query used as a value needs one column, and this one has {len(self.columns)}: {self!r}"
            raise ProgrammingError(msg)
        type = self.columns[0].type
        return expression((SCALAR, type, self.shape), self.values, type)

    def exists(self) -> Condition:
        """Return whether there is at least one row."""
        return condition((EXISTS, self.shape), self.values)

    # Combining ------------------------------------------------------------------------------------------------------

    def union(self, *others: Query) -> Compound:
        """The rows of all of them, each once.

        Raises:
            ProgrammingError: they differ in their columns' number or kinds.
        """
        return self._combined("UNION", others)

    def union_all(self, *others: Query) -> Compound:
        """The rows of all of them, also those that are equal. Raises ProgrammingError as `union` does."""
        return self._combined("UNION ALL", others)

    def intersect(self, *others: Query) -> Compound:
        """The rows that all of them have, each once. Raises ProgrammingError as `union` does."""
        return self._combined("INTERSECT", others)

    def except_(self, *others: Query) -> Compound:
        """The rows that none of the others has, each once. Raises ProgrammingError as `union` does."""
        return self._combined("EXCEPT", others)

    def _combined(self, operator: str, others: Sequence[Query]) -> Compound:
        from ferrow.sql.compound import Compound

        return Compound(operator, self, *others)

    def has(self, name: str) -> bool:
        """Return whether an optional clause is there: joins, where, group_by, having, order_by, limit, offset, distinct, lock.

        Raises:
            KeyError: no such clause.
        """
        return self.shape[_OPTIONAL[name]] not in (None, (), False)

    def without_ctes(self) -> Self:
        """Return the query without its WITH, for what is around it to say it; only `about` still knows."""
        return self._put(WITH_CTES, None) if self.about[1] else self

    def _put(self, position: int, shape: Any, values: tuple[Any, ...] = ()) -> Self:
        shapes, parts = list(self.shape), list(self.parts)
        shapes[position], parts[position] = shape, values
        return fill(_new(type(self)), shapes, parts, self.about)


_OPTIONAL = {
    "joins": JOINS,
    "where": WHERE,
    "group_by": GROUP_BY,
    "having": HAVING,
    "order_by": ORDER_BY,
    "limit": LIMIT,
    "offset": OFFSET,
    "distinct": DISTINCT,
    "lock": LOCKED,
}

_new = object.__new__
_set_parts = Query.__dict__["parts"].__set__  # see node.py
_set_about = Query.__dict__["about"].__set__


def fill(query: Q, shapes: list[Any], parts: list[tuple[Any, ...]], about: tuple[Any, Any]) -> Q:
    """Return `query`, which is being made, with its contents."""
    set_shape(query, tuple(shapes))
    _set_parts(query, tuple(parts))
    _set_about(query, about)
    return query
