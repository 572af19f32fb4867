"""Which rows: conditions, order, limit, offset, distinct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ferrow.orm.q import Q
from ferrow.sql import Expr, Ordering, Select, and_
from ferrow.sql.expr import condition
from ferrow.sql.operators import TRUE_SHAPE, truth

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.model.visible import Deleted
    from ferrow.orm.extras import Extras
    from ferrow.orm.words import Words
    from ferrow.sql import Condition
    from ferrow.sql.logic import Truth
    from ferrow.sql.shape import Shape

Filter: TypeAlias = "Truth | Q"
"""What `filter` takes by position: `User.age >= 18`, a boolean column, `Q(...)`."""


class Showing(NamedTuple):
    """Which rows are seen at all, and how many of the first conditions, and of their values, say so."""

    deleted: Deleted = "without"
    scoped: bool = True
    shapes: int = 0
    values: int = 0


USUAL = Showing()
"""Those that were not deleted and are in the model's `__scope__`."""

EVERYTHING = Showing("with", scoped=False)
"""All of them."""


class Criteria:
    """An immutable choice of rows. Structure and values are kept apart, so that `key` says which statement it needs.

    What few queries have (joins, groups, locks) is in `extras`, None for all others, which are most.
    """

    __slots__ = (
        "distinct",
        "extras",
        "limit",
        "offset",
        "order",
        "order_values",
        "showing",
        "terms",
        "where",
        "where_values",
    )

    def __init__(self) -> None:
        self.where: tuple[Shape, ...] = ()
        self.where_values: tuple[Any, ...] = ()
        self.terms: tuple[Ordering, ...] = ()
        self.order: tuple[Shape, ...] = ()
        self.order_values: tuple[Any, ...] = ()
        self.limit: int | None = None
        self.offset: int | None = None
        self.distinct: bool = False
        self.extras: Extras | None = None
        self.showing: Showing | None = None

    def _copy(self) -> Criteria:
        made = _new(Criteria)
        made.where, made.where_values = self.where, self.where_values
        made.terms, made.order, made.order_values = self.terms, self.order, self.order_values
        made.limit, made.offset, made.distinct, made.extras = self.limit, self.offset, self.distinct, self.extras
        made.showing = self.showing
        return made

    # --- building ----------------------------------------------------------------------------------------------------

    def filtered(self, words: Words, conditions: Sequence[Filter], keywords: Mapping[str, Any]) -> Criteria:
        """With more conditions, all of which must hold."""
        made = self._copy()
        shapes, values = self.where, self.where_values
        for one in conditions:
            found = one.resolved(words) if isinstance(one, Q) else truth(one)
            if found.shape != TRUE_SHAPE:
                shapes += (found.shape,)
                values += found.values
        for shape, sent in words.meanings(keywords):
            if shape != TRUE_SHAPE:
                shapes += (shape,)
                values += sent
        made.where, made.where_values = shapes, values
        return made

    def ordered(self, words: Words, terms: Sequence[str | Expr[Any] | Ordering], *, desc: bool = False) -> Criteria:
        """With more terms to sort by, after those there are."""
        made = self._copy()
        for term in terms:
            ordering = words.ordering(term, desc=desc)
            made.terms += (ordering,)
            made.order += (ordering.shape,)
            made.order_values += ordering.values
        return made

    def showing_as(self, table: Table, showing: Showing) -> Criteria:
        """Of the rows of a table that are seen, in place of those that were before."""
        made = self._copy()
        before = self.showing or EVERYTHING
        found = (
            None
            if table.visible is None
            else table.visible.condition(table.ref, showing.deleted, scoped=showing.scoped)
        )
        shapes = () if found is None else (found.shape,)
        values = () if found is None else found.values
        made.where = shapes + self.where[before.shapes :]
        made.where_values = values + self.where_values[before.values :]
        made.showing = showing._replace(shapes=len(shapes), values=len(values))
        return made

    def resorted(self, terms: Sequence[Ordering]) -> Criteria:
        """In another order."""
        made = self._copy()
        made.terms = tuple(terms)
        made.order = tuple([term.shape for term in terms])
        made.order_values = tuple([value for term in terms for value in term.values])
        return made

    def extended(self, extras: Extras) -> Criteria:
        """With other extras."""
        made = self._copy()
        made.extras = extras
        return made

    def limited(self, rows: int | None) -> Criteria:
        """With at most so many rows."""
        made = self._copy()
        made.limit = _rows("limit", rows)
        return made

    def skipping(self, rows: int | None) -> Criteria:
        """Without the first so many rows."""
        made = self._copy()
        made.offset = _rows("offset", rows)
        return made

    def different(self) -> Criteria:
        """Without repeated result rows."""
        made = self._copy()
        made.distinct = True
        return made

    def repeating(self) -> Criteria:
        """With repeated result rows."""
        made = self._copy()
        made.distinct = False
        return made

    def at_most(self, rows: int) -> Criteria:
        """With a limit of `rows`, or the smaller one there is."""
        return self if self.limit is not None and self.limit <= rows else self.limited(rows)

    # --- using -------------------------------------------------------------------------------------------------------

    @property
    def cut(self) -> bool:
        """Whether only some of the matching rows are meant."""
        return self.limit is not None or self.offset is not None

    @property
    def key(self) -> tuple[Any, ...]:
        """What the text of the statement depends on, and nothing else, where there are no `extras`."""
        return (self.where, self.order, self.limit is None, self.offset is None, self.distinct)

    @property
    def values(self) -> tuple[Any, ...]:
        """The parameters of `select`, in its order, where there are no `extras`."""
        values = self.where_values
        if self.order_values:
            values += self.order_values
        if self.limit is not None:
            values += (self.limit,)
        if self.offset is not None:
            values += (self.offset,)
        return values

    def condition(self) -> Condition | None:
        """All conditions as one; None if there is none."""
        if not self.where:
            return None
        # The values of all of them belong to the first part here: only their order counts.
        first, *rest = self.where
        return and_(condition(first, self.where_values), *[condition(shape, ()) for shape in rest])

    def select(self, words: Words, columns: Sequence[Expr[Any]]) -> Select:
        """The query of `columns` in these rows."""
        if self.extras is not None and self.extras.over:
            from ferrow.orm.windowed import windowed

            return windowed(self, words, columns)
        made = Select(
            columns,
            words.table.ref,
            self.condition(),
            order_by=self.terms,
            limit=self.limit,
            offset=self.offset,
            distinct=self.distinct,
        )
        return made if self.extras is None else self.extras.applied(made)


_new = object.__new__

ALL = Criteria()
"""Every row."""


def _rows(what: str, rows: int | None) -> int | None:
    if rows is None:
        return None
    if rows.__class__ is not int:
        msg = f"{what} takes a whole number of rows, not {rows!r}"
        raise TypeError(msg)
    if rows < 0:
        msg = f"{what} takes a number of rows from 0 on, not {rows}"
        raise ValueError(msg)
    return rows
