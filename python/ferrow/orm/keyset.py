"""Keyset pagination: the rows beyond a position in a query's order, instead of the rows after so many others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.sql import ColumnRef, Condition, Expr, Labelled, Ordering, and_, false, or_
from ferrow.sql.expr import condition
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.shape import HOLES

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql import Dialect


class Term:
    """One term of the order: what it sorts by, which way, and where NULLs are."""

    __slots__ = ("descending", "expr", "nullable", "nulls", "nulls_first")

    def __init__(self, ordering: Ordering, dialect: Dialect, *, own: Table) -> None:
        by = ordering.expr
        self.expr: Expr[Any] = by.expr if isinstance(by, Labelled) else by
        self.descending: bool = ordering.descending
        self.nulls: str | None = ordering.nulls
        # A column of a joined table is NULL where nothing was joined.
        self.nullable: bool = not isinstance(self.expr, ColumnRef) or self.expr.nullable or self.expr.table != own.ref
        if ordering.nulls is None:
            self.nulls_first: bool = (
                dialect.nulls_first == "ascending" if not self.descending else dialect.nulls_first == "descending"
            )
        else:
            self.nulls_first = ordering.nulls == "FIRST"

    def reversed(self) -> Ordering:
        """The opposite order, NULLs included."""
        nulls = None if self.nulls is None else "LAST" if self.nulls == "FIRST" else "FIRST"
        return Ordering(self.expr, descending=not self.descending, nulls=nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Condition | None:
        """Behind a value in the order (before it, backwards); None if nothing can be."""
        nulls_behind = self.nulls_first == backwards
        if value is None:
            return None if nulls_behind else self.expr.is_not_null()
        found = self._compared("<" if self.descending != backwards else ">", value)
        return found | self.expr.is_null() if nulls_behind and self.nullable else found

    def same(self, value: Any) -> Condition:
        """At this value."""
        return self.expr.is_null() if value is None else self._compared("=", value)

    def from_on(self, value: Any, *, backwards: bool) -> Condition | None:
        """At the value or behind, as one comparison that an index can start from; None if it takes more than one."""
        if value is None or (self.nullable and self.nulls_first == backwards):
            return None
        return self._compared("<=" if self.descending != backwards else ">=", value)

    def _compared(self, operator: str, value: Any) -> Condition:
        # Not through the expression's own operators: the value is one that came from the database, not an attribute's.
        return condition((COMPARE, operator, self.expr.shape, HOLES[self.expr.type]), (*self.expr.values, value))


def terms(orderings: Sequence[Ordering], table: Table, dialect: Dialect) -> list[Term]:
    """The order with as many columns of the primary key at its end as it takes for no two rows to be alike."""
    found = [Term(one, dialect, own=table) for one in orderings]
    known = {one.expr.shape for one in found}
    for column in table.primary_key:
        if column.ref.shape not in known:
            found.append(Term(Ordering(column.ref), dialect, own=table))
    return found


def ordered(found: Sequence[Term], *, backwards: bool) -> list[Ordering]:
    """The terms for ORDER BY."""
    if backwards:
        return [term.reversed() for term in found]
    return [Ordering(term.expr, descending=term.descending, nulls=term.nulls) for term in found]


def beyond(found: Sequence[Term], values: Sequence[Any], *, backwards: bool, inclusive: bool) -> Condition:
    """The rows behind a position: `a > $1 OR a = $1 AND b > $2 OR ...`; at it too if `inclusive`."""
    ways: list[Condition] = []
    same: list[Condition] = []
    for term, value in zip(found, values, strict=True):
        further = term.beyond(value, backwards=backwards)
        if further is not None:
            ways.append(and_(*same, further))
        same.append(term.same(value))
    if inclusive:
        ways.append(and_(*same))
    start = found[0].from_on(values[0], backwards=backwards) if len(found) > 1 else None
    wanted = or_(*ways) if ways else false()
    return wanted if start is None else and_(start, wanted)
