"""Reading pages and slices of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.errors import ProgrammingError
from ferrow.orm import cursor as cursors
from ferrow.orm import grouping, keyset, reading
from ferrow.orm.criteria import ALL
from ferrow.orm.cursor import Position
from ferrow.orm.generic import M
from ferrow.orm.grouping import grouped, must_be_rows
from ferrow.orm.slice import Page, Slice
from ferrow.sql import Expr, compile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words


async def page(
    engine: AsyncEngine,
    plan: Plan[M],
    words: Words,
    criteria: Criteria,
    loading: Loading | None,
    number: int,
    size: int,
) -> Page[M]:
    """Page `number` of these rows, and how many there are in all, by one statement."""
    must_count("page", "number", number)
    must_count("page", "size", size)
    _must_be_whole(words, criteria, "page()")
    start = (number - 1) * size
    total = reading.total(plan, words, criteria)
    cut = criteria.skipping(start or None).limited(size)
    found = await _beside(engine, plan, words, cut, loading, [total], plain=True)
    if found:
        return Page([row[0] for row in found], number, size, found[0][1])
    # Beyond the end no row says how many there are.
    prepared, values = reading.count(plan, words, criteria)
    result = await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)
    return Page([], number, size, min(result.rows[0], start))


async def after(
    engine: AsyncEngine,
    plan: Plan[M],
    words: Words,
    criteria: Criteria,
    loading: Loading | None,
    cursor: str | None,
    size: int,
    secret: str | bytes | None,
) -> Slice[M]:
    """The slice at a cursor."""
    must_count("after", "size", size)
    _must_be_whole(words, criteria, "after()")
    extras = criteria.extras
    if extras is not None and extras.joins and not (criteria.distinct or extras.on or grouped(criteria)):
        # A row that comes twice has one position: the second one would be passed over.
        msg = f"after() of {words.table.label} with joins, where a row may come several times, needs distinct()"
        raise ProgrammingError(msg)
    words.key("after()")  # without one, rows that are alike could not be told apart
    if extras is not None and extras.on:  # which row is the first of each must not depend on the cursor
        found_first = reading.narrowed(plan, words, criteria.repeating(), "after()")
        assert found_first is not None
        criteria = ALL.filtered(words, (found_first,), {}).resorted(criteria.terms)
    terms = keyset.terms(criteria.terms, plan.table, plan.dialect)
    statement = criteria.resorted(keyset.ordered(terms, backwards=False)).select(words, [terms[-1].expr])
    mark = cursors.mark_of(compile(statement, plan.dialect).sql, statement.values)
    at = None if cursor is None else cursors.read(cursor, mark, secret)
    backwards = at is not None and at.backwards
    wanted = criteria.resorted(keyset.ordered(terms, backwards=backwards)).limited(size + 1)
    if at is not None:
        where = keyset.beyond(terms, at.values, backwards=backwards, inclusive=at.inclusive)
        wanted = grouping.filtered(wanted, words, (where,), {})
    found = await _beside(engine, plan, words, wanted, loading, [term.expr for term in terms])
    more = len(found) > size
    del found[size:]
    if backwards:
        found.reverse()

    def position(row: tuple[Any, ...], backwards: bool) -> str:
        return cursors.written(Position(row[1:], backwards), mark, secret)

    if not found:
        if at is None:
            return Slice([], None, None)
        # The rows that were here are gone; those on the other side, and the one that was left, are not.
        back = cursors.written(Position(at.values, not backwards, not at.inclusive), mark, secret)
        return Slice([], back, None) if backwards else Slice([], None, back)
    following = position(found[-1], False) if more or backwards else None
    preceding = position(found[0], True) if (more if backwards else at is not None) else None
    return Slice([row[0] for row in found], following, preceding)


async def _beside(
    engine: AsyncEngine,
    plan: Plan[Any],
    words: Words,
    criteria: Criteria,
    loading: Loading | None,
    more: Sequence[Expr[Any]],
    *,
    plain: bool = False,
) -> list[tuple[Any, ...]]:
    """Each instance in a tuple with the values of more expressions, as the database has them; `plain`: whatever codecs there are."""
    statement = reading.different(words, criteria).select(words, [*plan.refs, *more])
    key = ("beside", statement.shape, plain)
    prepared = plan.statements.get(key)
    if prepared is None:
        kinds = compile(statement, plan.dialect).result_kinds
        width = len(plan.refs)
        own = range(width, width + len(more)) if plain else ()
        shape = Shape.row([plan.shape, *[None] * len(more)], kinds=kinds, plain=own)
        prepared = plan.prepare(key, statement, shape)
    result = await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
    rows = [*result.rows]
    if plan.lines is not None:
        plan.lines.note(engine, [row[0] for row in rows])
    if loading is not None:
        from ferrow.orm.loading.load import load

        await load(engine, plan, [row[0] for row in rows], loading)
    return rows


def must_count(method: str, argument: str, value: Any, least: int = 1) -> None:
    """Raise TypeError or ValueError for what is no number of a page, or of rows on one."""
    if value.__class__ is not int:
        msg = f"{method}({argument}=...) takes a whole number, not {value!r}"
        raise TypeError(msg)
    if value < least:
        msg = f"{method}({argument}=...) takes a number from {least} on, not {value}"
        raise ValueError(msg)


def _must_be_whole(words: Words, criteria: Criteria, method: str) -> None:
    must_be_rows(words, criteria, method)
    if method == "after()" and criteria.extras is not None and criteria.extras.over:
        msg = f"after() of {words.table.label} with a condition on a window: windows would change from slice to slice; page() can do it"
        raise ProgrammingError(msg)
    if criteria.cut:
        msg = f"{method} of {words.table.label} says itself which rows: leave limit() and offset() out"
        raise ProgrammingError(msg)
