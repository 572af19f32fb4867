"""What databases disagree about in silence: columns beside aggregates, and which row of several is the first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import Columns, members
from ferrow.sql.form.aggregate import AGGREGATES, OPERANDS
from ferrow.sql.form.select import COLUMNS, DISTINCT, GROUP_BY, HAVING, JOINS, LOCKED, ORDER_BY, SELECT, WHERE
from ferrow.sql.form.window import OVER
from ferrow.sql.label import Labelled
from ferrow.sql.scope import parts, sources

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr


def check_grouping(shape: Any) -> None:
    """Look through a statement and every query in it.

    Raises:
        ProgrammingError: a bare column beside an aggregate without GROUP BY, which SQLite would fill from an arbitrary row;
            an aggregate in WHERE; DISTINCT ON whose order does not begin with the same expressions; row locks where rows are
            combined.
    """
    if type(shape) is not tuple:
        return
    if shape and shape[0] is SELECT:
        _check_columns(shape)
        _check_where(shape)
        _check_distinct(shape)
        _check_lock(shape)
    for part in shape:
        check_grouping(part)


def _check_columns(shape: Any) -> None:
    if shape[GROUP_BY]:
        return
    aggregated = False
    bare: ColumnKey | None = None
    for column in members(shape[COLUMNS]):
        if aggregates(column):
            aggregated = True
        else:
            bare = bare or next(_columns_of(shape, column), None)
    if aggregated and bare is not None:
        msg = (
            f"the column {bare.name!r} stands beside an aggregate without a GROUP BY and would be that of an arbitrary row: "
            "group by it, or aggregate it too"
        )
        raise ProgrammingError(msg)


def _columns_of(shape: Any, column: Any) -> Iterator[ColumnKey]:
    """The columns of a SELECT's own sources in one of its result columns, also where a query in there uses them."""
    mine = sources(shape)
    for part in parts(column, within=True):
        if type(part) is ColumnKey:
            yield part
        elif type(part) is tuple:
            yield from [inner for inner in parts(part) if type(inner) is ColumnKey and inner.table in mine]


def aggregates(shape: Any) -> bool:
    """Whether an expression computes one value from many rows of its own query."""
    if type(shape) is not tuple or not shape or shape[0] is SELECT:
        return False
    if shape[0] in AGGREGATES:
        return True
    inside = shape
    if shape[0] is OVER:  # sum(x) OVER (...) gives a value per row; sum(sum(x)) OVER (...) has an aggregate inside
        function = shape[2]
        inside = function[OPERANDS if function[0] in AGGREGATES else 3 :] + shape[3:]
    return any(aggregates(part) for part in inside)


def stray(one: Expr[Any], group: Sequence[Expr[Any]], whole: Collection[Any] = ()) -> ColumnKey | None:
    """A column in an expression that is neither grouped by nor aggregated, nor of a source in `whole`, whose key is grouped by."""
    plain = [by.expr if isinstance(by, Labelled) else by for by in group]
    inner = one.expr if isinstance(one, Labelled) else one
    if any(by.shape == inner.shape and by.values == inner.values for by in plain):
        return None
    # Within it, two with values are never the same to PostgreSQL.
    return _stray(inner.shape, {by.shape for by in plain if not by.values}, whole)


def _stray(shape: Any, group: set[Any], whole: Collection[Any]) -> ColumnKey | None:
    if shape in group:
        return None
    if type(shape) is ColumnKey:
        return None if shape.table in whole else shape
    if type(shape) is Columns:
        shape = (None, *shape.shapes)
    if type(shape) is not tuple or not shape or shape[0] is SELECT or shape[0] in AGGREGATES:
        return None
    inside = shape
    if shape[0] is OVER and shape[2][0] in AGGREGATES:
        inside = shape[2][OPERANDS:] + shape[3:]
    found = (_stray(part, group, whole) for part in inside)
    return next((one for one in found if one is not None), None)


def _check_where(shape: Any) -> None:
    if aggregates(shape[WHERE]):
        msg = "a condition in WHERE is about one row, and this one is computed over many: put it into having()"
        raise ProgrammingError(msg)
    if any(part is OVER for place in (WHERE, HAVING) for part in parts(shape[place], within=True)):
        msg = "a window is computed after WHERE and HAVING: select it in a subquery, and put the condition on that"
        raise ProgrammingError(msg)


def _check_distinct(shape: Any) -> None:
    on = shape[DISTINCT]
    if type(on) is not tuple or not shape[ORDER_BY]:
        return
    first = [term[1] for term in shape[ORDER_BY][: len(on)]]
    if set(first) != set(on[: len(first)]) and not set(first) >= set(on):
        msg = (
            "the order of a query that is distinct on some expressions begins with the same expressions; what comes after them "
            "decides which row of each is kept"
        )
        raise ProgrammingError(msg)


def _check_lock(shape: Any) -> None:
    if not shape[LOCKED]:
        return
    combined = (
        shape[DISTINCT] or shape[GROUP_BY] or shape[HAVING] or any(aggregates(c) for c in members(shape[COLUMNS]))
    )
    if combined:
        msg = "for_update() locks rows of tables, and this query combines rows (distinct, group_by, having or an aggregate)"
        raise ProgrammingError(msg)
    if not shape[LOCKED][2] and any(kind in {"LEFT", "RIGHT", "FULL"} for _, _, _, kind in shape[JOINS]):
        msg = "for_update() of a query with an outer join needs of=[...]: rows that may be missing cannot be locked"
        raise ProgrammingError(msg)
