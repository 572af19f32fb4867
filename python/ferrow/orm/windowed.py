"""Conditions on windows, which are computed after WHERE, GROUP BY and HAVING: they stand in a query around the query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.extras import NONE
from ferrow.sql import ColumnRef, Labelled, Ordering, Select, and_
from ferrow.sql.columns import name_of
from ferrow.sql.form.window import OVER
from ferrow.sql.grouping import aggregates
from ferrow.sql.scope import parts

if TYPE_CHECKING:
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.words import Words
    from ferrow.sql import Expr
    from ferrow.sql.logic import Truth


def windows(shape: Any) -> bool:
    """Whether an expression is computed over a window."""
    return any(part is OVER for part in parts(shape, within=True))


def about(one: Expr[Any] | Truth) -> str:
    """What a condition on an expression is about: rows, groups, or windows."""
    return "over" if windows(one.shape) else "having" if aggregates(one.shape) else "where"


def windowed(criteria: Criteria, words: Words, columns: Sequence[Expr[Any]]) -> Select:
    """`SELECT columns FROM (SELECT columns, conditions on windows ...) WHERE conditions`, the order and the limit outside.

    Raises:
        ProgrammingError: there are locks, or DISTINCT ON, which would be of other rows than those that are left.
    """
    extras = criteria.extras or NONE
    if extras.lock is not None or extras.on:
        what = "for_update()" if extras.lock is not None else "distinct(...)"
        msg = f"{what} of {words.table.label} together with a condition on a window: read the keys first, and use them as a condition"
        raise ProgrammingError(msg)
    inner: list[Expr[Any]] = [column.label(f"c{place}") for place, column in enumerate(columns)]
    known = [*columns]
    terms: list[tuple[str, Ordering]] = []
    for term in criteria.terms:
        place = next((at for at, one in enumerate(known) if _same(one, term.expr)), len(known))
        if place == len(known):
            known.append(term.expr)
            inner.append(term.expr.label(f"c{place}"))
        terms.append((f"c{place}", term))
    inner += [one.label(f"w{place}") for place, one in enumerate(extras.over)]
    within = criteria.extended(extras._replace(over=())).resorted(()).limited(None).skipping(None).repeating()
    rows = within.select(words, inner).subquery("windows")
    return Select(
        [rows.column(f"c{place}").label(_name(column, place)) for place, column in enumerate(columns)],
        rows,
        and_(*[rows.column(f"w{place}") for place in range(len(extras.over))]),
        order_by=[Ordering(rows.column(name), descending=by.descending, nulls=by.nulls) for name, by in terms],
        limit=criteria.limit,
        offset=criteria.offset,
        distinct=criteria.distinct,
    )


def _same(one: Expr[Any], other: Expr[Any]) -> bool:
    one, other = _plain(one), _plain(other)
    return one.shape == other.shape and one.values == other.values


def _plain(one: Expr[Any]) -> Expr[Any]:
    return one.expr if isinstance(one, Labelled) else one


def _name(column: Expr[Any], place: int) -> str:
    if isinstance(column, Labelled):
        return column.name
    return column.key if isinstance(column, ColumnRef) else name_of(column.shape, place + 1)
