"""Rows of junction tables: written, deleted, read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.model.table_ref import ModelTableRef
from ferrow.model.writing import row_getter
from ferrow.orm.plan import plan_of
from ferrow.sql import Delete, Insert, Select, and_
from ferrow.sql.expr import condition
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.shape import HOLES

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.model.link import Link
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.relations.tie import Tie
    from ferrow.sql import ColumnRef, Condition, Dialect

Row = tuple[Any, ...]
Pair = tuple["Tie", Any, Any]
"""A relation, its owner and one of the objects at the other end."""


async def add(engine: AsyncEngine, dialect: Dialect, links: Iterable[Pair]) -> None:
    """Link objects; those that are linked already stay so."""
    for tie, pairs in _by_tie(links):
        await add_rows(engine, dialect, tie.link, [_row(tie.link, one, other) for one, other in pairs])


async def add_rows(engine: AsyncEngine, dialect: Dialect, link: Link, rows: Sequence[Row]) -> None:
    """The same with the keys of both sides, as the database has them."""
    rows = list(dict.fromkeys(rows))
    if not _unique(link):
        rows = await _missing(engine, dialect, link, rows)
    if not rows:
        return
    more = _defaults(link)
    if more:
        rows = [(*row, *_made(more)) for row in rows]
    key = ("link", link)
    plan: Plan[Any] = plan_of(link.relation.owner, dialect)
    prepared = plan.statements.get(key)
    if prepared is None:
        columns = [*_near(link), *_far(link), *[column.ref for column in more]]
        prepared = plan.prepare(key, Insert(_ref(link), columns).on_conflict_do_nothing())
    await _run(engine, prepared, rows)


async def take(engine: AsyncEngine, dialect: Dialect, links: Iterable[Pair]) -> None:
    """Unlink objects; those that are not linked stay so."""
    for tie, pairs in _by_tie(links):
        await take_rows(engine, dialect, tie.link, [_row(tie.link, one, other) for one, other in pairs])


async def take_rows(engine: AsyncEngine, dialect: Dialect, link: Link, rows: Sequence[Row]) -> None:
    """The same with the keys of both sides."""
    if not rows:
        return
    key = ("unlink", link)
    plan: Plan[Any] = plan_of(link.relation.owner, dialect)
    prepared = plan.statements.get(key) or plan.prepare(key, Delete(_ref(link), equal([*_near(link), *_far(link)])))
    await _run(engine, prepared, rows)


async def clear(engine: AsyncEngine, dialect: Dialect, link: Link, owner: Any) -> int:
    """Unlink all that an object is linked with; how many that were."""
    key = ("clear links", link)
    plan: Plan[Any] = plan_of(link.relation.owner, dialect)
    prepared = plan.statements.get(key) or plan.prepare(key, Delete(_ref(link), equal(_near(link))))
    values = row_getter(link.near)(owner)
    return (await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rowcount


async def replace(engine: AsyncEngine, dialect: Dialect, link: Link, owner: Any, others: Iterable[Any]) -> None:
    """Link an object with these and no others, by the difference to what the database has."""
    wanted = dict.fromkeys([_row(link, owner, other) for other in others])
    there = await linked(engine, dialect, link, row_getter(link.near)(owner))
    await take_rows(engine, dialect, link, [row for row in there if row not in wanted])
    await add_rows(engine, dialect, link, [row for row in wanted if row not in set(there)])


async def linked(engine: AsyncEngine, dialect: Dialect, link: Link, near: Row) -> list[Row]:
    """The rows of one owner: its key and that of the other side."""
    key = ("linked", link)
    plan: Plan[Any] = plan_of(link.relation.owner, dialect)
    prepared = plan.statements.get(key) or plan.prepare(key, Select(_far(link), _ref(link), equal(_near(link))))
    found = (await engine.run(prepared.sql, near, prepared.shape, prepared.kinds)).rows
    return list(dict.fromkeys([(*near, *row) for row in found]))


async def _missing(engine: AsyncEngine, dialect: Dialect, link: Link, rows: Sequence[Row]) -> list[Row]:
    """Those that are not there, for a junction that would take a pair twice."""
    width = len(link.near)
    there: set[Row] = set()
    for near in dict.fromkeys([row[:width] for row in rows]):
        there.update(await linked(engine, dialect, link, near))
    return [row for row in rows if row not in there]


async def _run(engine: AsyncEngine, prepared: Prepared, rows: Sequence[Row]) -> None:
    if len(rows) == 1:
        await engine.run(prepared.sql, rows[0], prepared.shape, prepared.kinds)
    else:
        await engine.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)


def _by_tie(links: Iterable[Pair]) -> Iterable[tuple[Tie, list[tuple[Any, Any]]]]:
    groups: dict[int, tuple[Tie, list[tuple[Any, Any]]]] = {}
    for tie, one, other in links:
        groups.setdefault(id(tie), (tie, []))[1].append((one, other))
    return groups.values()


def _row(link: Link, one: Any, other: Any) -> Row:
    return (*row_getter(link.near)(one), *row_getter(link.far)(other))


def _ref(link: Link) -> Any:
    assert link.junction is not None
    return link.junction.ref


def _near(link: Link) -> list[ColumnRef[Any]]:
    assert link.junction is not None
    return [column for _, column in link.junction.near]


def _far(link: Link) -> list[ColumnRef[Any]]:
    assert link.junction is not None
    return [column for _, column in link.junction.far]


def equal(columns: Sequence[ColumnRef[Any]]) -> Condition:
    """That the columns have values that are given in the form of the database."""
    return and_(*[condition((COMPARE, "=", column.shape, HOLES[column.type]), (None,)) for column in columns])


def table_of_junction(link: Link) -> Table | None:
    """The junction's model; None if only the name of its table is known."""
    ref = _ref(link)
    return ref.described if isinstance(ref, ModelTableRef) else None


def _unique(link: Link) -> bool:
    """Whether the database keeps pairs from being there twice. Of a table of which only the name is known that is taken for granted."""
    table = table_of_junction(link)
    if table is None:
        return True
    pair = {column.key for column in (*_near(link), *_far(link))}
    keys = [[column.key for column in table.primary_key]]
    keys += [list(unique.columns) for unique in table.uniques]
    keys += [list(index.columns) for index in table.indexes if index.unique]
    return any(key and pair.issuperset(key) for key in keys)


def _defaults(link: Link) -> list[Column]:
    """Further columns of the junction that the program gives a default.

    Raises:
        ProgrammingError: a column needs a value that nobody has.
    """
    table = table_of_junction(link)
    if table is None:
        return []
    pair = {column.key for column in (*_near(link), *_far(link))}
    found = []
    for column in table.columns:
        if column.key in pair or column.generated or column.read_only:
            continue
        if column.default is not None:
            found.append(column)
        elif not column.nullable:
            raise ProgrammingError(
                f"{link.relation.label} cannot link by itself: each row of {table.label} needs a value of {column.key}. Insert "
                f"{table.label}({column.key}=...) instead, or give the column a default"
            )
    return found


def _made(columns: Sequence[Column]) -> list[Any]:
    values = []
    for column in columns:
        value = column.default() if callable(column.default) else column.default
        values.append(column.encode(value) if column.encode is not None and value is not None else value)
    return values
