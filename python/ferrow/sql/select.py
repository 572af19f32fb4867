"""Queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, TypeVar

from ferrow.sql import clause
from ferrow.sql.expr import Expr
from ferrow.sql.form.select import DISTINCT, GROUP_BY, HAVING, JOINS, LIMIT, OFFSET, ORDER_BY, SELECT, WHERE
from ferrow.sql.join import Join
from ferrow.sql.logic import Truth
from ferrow.sql.node import set_shape
from ferrow.sql.ordering import Ordering
from ferrow.sql.statement import Statement
from ferrow.sql.table import TableRef

S = TypeVar("S", bound=Statement)


class Select(Statement):
    """A query of one table and those joined to it. Every method returns a new query.

    Shape and values are kept per clause, so that changing one costs the same however large the others are. In the examples
    `users` is a table, `age` a column of it; the SQL is PostgreSQL's.
    """

    __slots__ = ("parts",)

    parts: tuple[tuple[Any, ...], ...]
    """The values of each clause, by its position in the shape."""

    def __init__(
        self,
        columns: Sequence[Expr[Any]],
        source: TableRef,
        where: Truth | None = None,
        joins: Sequence[Join] = (),
        group_by: Sequence[Expr[Any]] = (),
        having: Truth | None = None,
        order_by: Sequence[Expr[Any] | Ordering] = (),
        limit: int | None = None,
        offset: int | None = None,
        distinct: bool = False,
    ) -> None:
        """Query `columns` of `source`: `Select([age], users)` is `SELECT age FROM users`.

        Raises:
            ValueError: no columns; a negative limit or offset.
            TypeError: a limit or offset that is not an int; something that is not a condition where one is needed.
        """
        shapes: list[Any] = [SELECT, None, source.shape, (), None, (), None, (), None, None, distinct]
        parts: list[tuple[Any, ...]] = [()] * len(shapes)
        clause.select(shapes, parts, columns)
        if joins:
            clause.join(shapes, parts, joins)
        if where is not None:
            clause.restrict(shapes, parts, WHERE, (where,))
        if group_by:
            clause.group(shapes, parts, group_by)
        if having is not None:
            clause.restrict(shapes, parts, HAVING, (having,))
        if order_by:
            clause.order(shapes, parts, order_by)
        if limit is not None:
            clause.count(shapes, parts, LIMIT, limit)
        if offset is not None:
            clause.count(shapes, parts, OFFSET, offset)
        _fill(self, shapes, parts)

    @property
    def values(self) -> tuple[Any, ...]:  # type: ignore[override]  # pieced together, where other nodes store it
        """The parameters, in the order of the shape."""
        return tuple([value for part in self.parts if part for value in part])

    def where(self, *conditions: Truth) -> Self:
        """Keep the rows that meet all conditions, these and those given before.

        `.where(age >= 18)` adds `WHERE age >= $1`; another one adds `AND ...`.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.restrict(shapes, parts, WHERE, conditions)
        return _fill(_new(type(self)), shapes, parts)

    def join(self, table: TableRef, on: Truth) -> Self:
        """Combine each row with the matching rows of another table: `JOIN table ON on`."""
        return self.joined(Join(table, on))

    def left_join(self, table: TableRef, on: Truth) -> Self:
        """Like `join`, keeping rows without a match (the other table's columns are NULL): `LEFT JOIN table ON on`."""
        return self.joined(Join(table, on, outer=True))

    def joined(self, *joins: Join) -> Self:
        """Add joins, in order."""
        shapes, parts = list(self.shape), list(self.parts)
        clause.join(shapes, parts, joins)
        return _fill(_new(type(self)), shapes, parts)

    def group_by(self, *columns: Expr[Any]) -> Self:
        """One result row per different combination of these: `GROUP BY age`.

        A calculated column must be labelled, selected and grouped by its label: PostgreSQL does not see that two expressions
        with parameters are the same.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.group(shapes, parts, columns)
        return _fill(_new(type(self)), shapes, parts)

    def having(self, *conditions: Truth) -> Self:
        """Keep the groups that meet all conditions: `HAVING count(*) > $1`."""
        shapes, parts = list(self.shape), list(self.parts)
        clause.restrict(shapes, parts, HAVING, conditions)
        return _fill(_new(type(self)), shapes, parts)

    def order_by(self, *terms: Expr[Any] | Ordering) -> Self:
        """Sort, after the terms given before: `.order_by(age.desc(), name)` is `ORDER BY age DESC, name`."""
        shapes, parts = list(self.shape), list(self.parts)
        clause.order(shapes, parts, terms)
        return _fill(_new(type(self)), shapes, parts)

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
        return _fill(_new(type(self)), shapes, parts)

    def offset(self, rows: int | None) -> Self:
        """Skip so many rows, None for none: `OFFSET $1`.

        Raises:
            TypeError: not an int.
            ValueError: negative.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.count(shapes, parts, OFFSET, rows)
        return _fill(_new(type(self)), shapes, parts)

    def distinct(self, distinct: bool = True) -> Self:
        """Drop repeated result rows: `SELECT DISTINCT age`."""
        return self._put(DISTINCT, bool(distinct))

    def selecting(self, *columns: Expr[Any]) -> Self:
        """Return the same query of other columns (`order_by` and `group_by` labels must still be among them).

        Raises:
            ValueError: no columns.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.select(shapes, parts, columns)
        return _fill(_new(type(self)), shapes, parts)

    def has(self, name: str) -> bool:
        """Return whether an optional clause is there: joins, where, group_by, having, order_by, limit, offset, distinct.

        Raises:
            KeyError: no such clause.
        """
        return self.shape[_OPTIONAL[name]] not in (None, (), False)

    def _put(self, position: int, shape: Any) -> Self:
        shapes, parts = list(self.shape), list(self.parts)
        shapes[position], parts[position] = shape, ()
        return _fill(_new(type(self)), shapes, parts)


_OPTIONAL = {
    "joins": JOINS,
    "where": WHERE,
    "group_by": GROUP_BY,
    "having": HAVING,
    "order_by": ORDER_BY,
    "limit": LIMIT,
    "offset": OFFSET,
    "distinct": DISTINCT,
}

_new = object.__new__
_set_parts = Select.__dict__["parts"].__set__  # see node.py


def _fill(query: S, shapes: list[Any], parts: list[tuple[Any, ...]]) -> S:
    set_shape(query, tuple(shapes))
    _set_parts(query, tuple(parts))
    return query
