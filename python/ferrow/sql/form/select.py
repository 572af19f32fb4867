"""SELECT: which clauses there are, and how each is written. Their order in the text is the dialect's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.columns import compared, members, named_columns
from ferrow.sql.form.naming import ORDINAL
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import Json

# Where each clause stands in the shape (position 0 is the form itself).
COLUMNS, SOURCE, JOINS, WHERE, GROUP_BY, HAVING, ORDER_BY, LIMIT, OFFSET, DISTINCT, WITH_CTES, LOCKED = range(1, 13)
EMPTY: tuple[Any, ...] = (None, None, None, (), None, (), None, (), None, None, False, None, None)
"""What stands there for a clause that is missing."""
LENGTH = len(EMPTY)


def _select(out: Writer, shape: Any) -> str:
    distinct = shape[DISTINCT]
    if type(distinct) is tuple:
        words = f"SELECT DISTINCT ON ({', '.join([out.comparable(term) for term in distinct])}) "
    else:
        words = "SELECT DISTINCT " if distinct else "SELECT "
    columns = members(shape[COLUMNS])
    return words + named_columns(out, compared(out, columns) if distinct is True else columns)


def _from(out: Writer, shape: Any) -> str:
    return "" if shape[SOURCE] is None else f"FROM {out.write(shape[SOURCE])}"


def _joins(out: Writer, shape: Any) -> str:
    return " ".join([out.write(join) for join in shape[JOINS]])


def _where(out: Writer, shape: Any) -> str:
    return f"WHERE {out.write(shape[WHERE])}" if shape[WHERE] else ""


def _group_by(out: Writer, shape: Any) -> str:
    terms = _again(shape, shape[GROUP_BY])
    return f"GROUP BY {', '.join([out.comparable(term) for term in terms])}" if terms else ""


def _order_by(out: Writer, shape: Any) -> str:
    return order_by(out, (*shape[:ORDER_BY], _again(shape, shape[ORDER_BY]), *shape[ORDER_BY + 1 :]))


def _again(shape: Any, term: Any) -> Any:
    """The term with columns of documents in place of their positions: documents are grouped and sorted by what the dialect makes
    of them, and written again with the same placeholders they are the same expression to every database."""
    if type(term) is not tuple or not term:
        return term
    if term[0] is ORDINAL and isinstance(term[1], Json):
        return members(shape[COLUMNS])[term[2] - 1]
    return tuple([_again(shape, part) for part in term])


def _having(out: Writer, shape: Any) -> str:
    return f"HAVING {out.write(shape[HAVING])}" if shape[HAVING] else ""


def order_by(out: Writer, shape: Any) -> str:
    """ORDER BY, if there is an order."""
    return f"ORDER BY {', '.join([out.write(term) for term in shape[ORDER_BY]])}" if shape[ORDER_BY] else ""


def limit(out: Writer, shape: Any) -> str:
    """LIMIT and OFFSET, as far as they are there."""
    limit, offset = (out.write(shape[part]) if shape[part] else None for part in (LIMIT, OFFSET))
    return out.dialect.limit(limit, offset)


def with_ctes_at(position: int) -> Callable[[Writer, Any], str]:
    """Return what writes the common table expressions that stand at a position of a shape."""
    return lambda out, shape: out.write(shape[position]) if shape[position] else ""


def changing_with(position: int) -> Callable[[Writer, Any], str]:
    """The same for UPDATE and DELETE."""

    def write(out: Writer, shape: Any) -> str:
        if shape[position] and not out.dialect.changes_with:
            msg = f"{out.dialect.name} has no WITH in UPDATE and DELETE; use subquery() instead of cte()"
            raise NotSupportedError(msg)
        return out.write(shape[position]) if shape[position] else ""

    return write


with_ctes: Callable[[Writer, Any], str] = with_ctes_at(WITH_CTES)


def _lock(out: Writer, shape: Any) -> str:
    return out.write(shape[LOCKED]) if shape[LOCKED] else ""


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "with": with_ctes,
    "select": _select,
    "from": _from,
    "joins": _joins,
    "where": _where,
    "group by": _group_by,
    "having": _having,
    "order by": _order_by,
    "limit": limit,
    "lock": _lock,
}


@form("select")
def SELECT(out: Writer, *parts: Any) -> str:
    """The clauses that are there, in the dialect's order."""
    shape = (SELECT, *parts)
    if type(shape[DISTINCT]) is tuple:
        rewritten = out.dialect.first_of_each(out, shape)
        if rewritten is not None:
            return rewritten
    return out.clauses(CLAUSES, out.dialect.select_clauses, shape)
