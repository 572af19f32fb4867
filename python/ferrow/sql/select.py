"""Queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import ProgrammingError
from ferrow.sql import clause
from ferrow.sql.expr import Expr
from ferrow.sql.form.lock import LOCK
from ferrow.sql.form.select import (
    DISTINCT,
    EMPTY,
    HAVING,
    LENGTH,
    LIMIT,
    LOCKED,
    OFFSET,
    SELECT,
    SOURCE,
    WHERE,
    WITH_CTES,
)
from ferrow.sql.join import Join
from ferrow.sql.logic import Truth
from ferrow.sql.ordering import Ordering
from ferrow.sql.query import Query, fill

if TYPE_CHECKING:
    from ferrow.sql.source import Source


class Select(Query):
    """A query of one source and those joined to it. Every method returns a new query.

    In the examples `users` is a table, `age` a column of it; the SQL is PostgreSQL's.
    """

    __slots__ = ()

    def __init__(
        self,
        columns: Sequence[Expr[Any]],
        source: Source | None = None,
        where: Truth | None = None,
        joins: Sequence[Join] = (),
        group_by: Sequence[Expr[Any]] = (),
        having: Truth | None = None,
        order_by: Sequence[Expr[Any] | Ordering] = (),
        limit: int | None = None,
        offset: int | None = None,
        distinct: bool = False,
    ) -> None:
        """Query `columns` of `source`: `Select([age], users)` is `SELECT age FROM users`; without a source one row is calculated.

        Raises:
            ValueError: no columns; a negative limit or offset.
            TypeError: a limit or offset that is not an int; something that is not a condition where one is needed.
        """
        about: tuple[Any, Any] = (columns if columns.__class__ is tuple else (*columns,), ())
        shapes: list[Any] = [*EMPTY]
        parts: list[tuple[Any, ...]] = [()] * LENGTH
        shapes[0], shapes[DISTINCT] = SELECT, distinct
        if source is not None:
            shapes[SOURCE], parts[SOURCE] = source.shape, source.values
            if source.ctes:
                about = _brought(shapes, parts, about, (source,))
        clause.select(shapes, parts, columns)
        if joins:
            clause.join(shapes, parts, joins)
            about = _brought(shapes, parts, about, [join.table for join in joins])
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
        fill(self, shapes, parts, about)

    def where(self, *conditions: Truth) -> Self:
        """Keep the rows that meet all conditions, these and those given before.

        `.where(age >= 18)` adds `WHERE age >= $1`; another one adds `AND ...`.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.restrict(shapes, parts, WHERE, conditions)
        return fill(_new(type(self)), shapes, parts, self.about)

    def join(self, source: Source, on: Truth) -> Self:
        """Combine each row with the matching rows of another source: `JOIN table ON on`."""
        return self.joined(Join(source, on))

    def left_join(self, source: Source, on: Truth) -> Self:
        """Like `join`, keeping rows without a match (the other source's columns are NULL): `LEFT JOIN table ON on`."""
        return self.joined(Join(source, on, kind="LEFT"))

    def right_join(self, source: Source, on: Truth) -> Self:
        """Like `join`, keeping the rows of `source` without a match (all other columns are NULL): `RIGHT JOIN table ON on`."""
        return self.joined(Join(source, on, kind="RIGHT"))

    def full_join(self, source: Source, on: Truth) -> Self:
        """Like `join`, keeping rows without a match of both sides: `FULL JOIN table ON on`."""
        return self.joined(Join(source, on, kind="FULL"))

    def cross_join(self, source: Source) -> Self:
        """Combine each row with every row of another source: `CROSS JOIN table`."""
        return self.joined(Join(source, kind="CROSS"))

    def joined(self, *joins: Join) -> Self:
        """Add joins, in order.

        Raises:
            ProgrammingError: two different common table expressions of one name.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.join(shapes, parts, joins)
        about = _brought(shapes, parts, self.about, [join.table for join in joins])
        return fill(_new(type(self)), shapes, parts, about)

    def group_by(self, *columns: Expr[Any]) -> Self:
        """One result row per different combination of these: `GROUP BY age`.

        A calculated column must be labelled, selected and grouped by its label: PostgreSQL does not see that two expressions
        with parameters are the same.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.group(shapes, parts, columns)
        return fill(_new(type(self)), shapes, parts, self.about)

    def having(self, *conditions: Truth) -> Self:
        """Keep the groups that meet all conditions: `HAVING count(*) > $1`."""
        shapes, parts = list(self.shape), list(self.parts)
        clause.restrict(shapes, parts, HAVING, conditions)
        return fill(_new(type(self)), shapes, parts, self.about)

    def order_by(self, *terms: Expr[Any] | Ordering) -> Self:
        """Sort, after the terms given before: `.order_by(age.desc(), name)` is `ORDER BY age DESC, name`."""
        shapes, parts = list(self.shape), list(self.parts)
        clause.order(shapes, parts, terms)
        return fill(_new(type(self)), shapes, parts, self.about)

    def distinct(self, *on: Expr[Any] | bool) -> Self:
        """Drop repeated result rows: `SELECT DISTINCT age`; with expressions, keep the first row of each of their values.

        `.distinct(author).order_by(author, written.desc())` is the latest of each author: the order, which begins with the same
        expressions, says which row is the first. `distinct(False)` keeps all rows again.
        """
        if not on or on[0].__class__ is bool:
            return self._put(DISTINCT, on[0] if on else True)
        shapes, parts = list(self.shape), list(self.parts)
        clause.distinct_on(shapes, parts, on)  # type: ignore[arg-type]  # no boolean is among them
        return fill(_new(type(self)), shapes, parts, self.about)

    def for_update(
        self,
        *,
        of: Sequence[Source] = (),
        nowait: bool = False,
        skip_locked: bool = False,
        read: bool = False,
        key_share: bool = False,
    ) -> Self:
        """Lock the rows until the end of the transaction: `FOR UPDATE`.

        Args:
            of: only the rows of these sources, which must be in the query.
            nowait: fail at once if another transaction has locked a row.
            skip_locked: leave out rows that another transaction has locked.
            read: `FOR SHARE`, which other readers may hold at the same time.
            key_share: `FOR NO KEY UPDATE`, or with `read` `FOR KEY SHARE`: others may insert rows that refer to these (PostgreSQL).

        SQLite has one lock for the whole database, which a writing transaction holds from its beginning; there the plain form
        says nothing, and `nowait` and `skip_locked` are a NotSupportedError.

        Raises:
            ProgrammingError: `nowait` and `skip_locked` together.
        """
        if nowait and skip_locked:
            msg = "for_update() either fails at locked rows (nowait) or leaves them out (skip_locked), not both"
            raise ProgrammingError(msg)
        wait = "NOWAIT" if nowait else "SKIP LOCKED" if skip_locked else None
        strength = ("KEY SHARE" if key_share else "SHARE") if read else ("NO KEY UPDATE" if key_share else "UPDATE")
        return self._put(LOCKED, (LOCK, strength, tuple([source.key for source in of]), wait))

    def selecting(self, *columns: Expr[Any]) -> Self:
        """Return the same query of other columns (`order_by` and `group_by` labels must still be among them).

        Raises:
            ValueError: no columns.
        """
        shapes, parts = list(self.shape), list(self.parts)
        clause.select(shapes, parts, columns)
        return fill(_new(type(self)), shapes, parts, (columns, self.about[1]))


_new = object.__new__


def _brought(
    shapes: list[Any], parts: list[tuple[Any, ...]], about: tuple[Any, Any], sources: Sequence[Source]
) -> tuple[Any, Any]:
    """Say the common table expressions that new sources need in WITH, and return what is known about the query with them."""
    ctes = about[1]
    for source in sources:
        if source.ctes:
            from ferrow.sql.cte import merged

            ctes = merged(ctes, source.ctes)
    if ctes is about[1]:
        return about
    from ferrow.sql.cte import stated

    shapes[WITH_CTES], parts[WITH_CTES] = stated(ctes)
    return (about[0], ctes)
