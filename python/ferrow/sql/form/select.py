"""SELECT: which clauses there are, and how each is written. Their order in the text is the dialect's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.columns import members, named_columns
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

# Where each clause stands in the shape (position 0 is the form itself).
COLUMNS, SOURCE, JOINS, WHERE, GROUP_BY, HAVING, ORDER_BY, LIMIT, OFFSET, DISTINCT = range(1, 11)


def _select(out: Writer, shape: Any) -> str:
    return ("SELECT DISTINCT " if shape[DISTINCT] else "SELECT ") + named_columns(out, members(shape[COLUMNS]))


def _from(out: Writer, shape: Any) -> str:
    return f"FROM {out.write(shape[SOURCE])}"


def _joins(out: Writer, shape: Any) -> str:
    return " ".join([out.write(join) for join in shape[JOINS]])


def _where(out: Writer, shape: Any) -> str:
    return f"WHERE {out.write(shape[WHERE])}" if shape[WHERE] else ""


def _group_by(out: Writer, shape: Any) -> str:
    return f"GROUP BY {', '.join([out.comparable(term) for term in shape[GROUP_BY]])}" if shape[GROUP_BY] else ""


def _having(out: Writer, shape: Any) -> str:
    return f"HAVING {out.write(shape[HAVING])}" if shape[HAVING] else ""


def _order_by(out: Writer, shape: Any) -> str:
    return f"ORDER BY {', '.join([out.write(term) for term in shape[ORDER_BY]])}" if shape[ORDER_BY] else ""


def _limit(out: Writer, shape: Any) -> str:
    limit, offset = (out.write(shape[part]) if shape[part] else None for part in (LIMIT, OFFSET))
    return out.dialect.limit(limit, offset)


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "select": _select,
    "from": _from,
    "joins": _joins,
    "where": _where,
    "group by": _group_by,
    "having": _having,
    "order by": _order_by,
    "limit": _limit,
}


@form("select")
def SELECT(out: Writer, *parts: Any) -> str:
    """The clauses that are there, in the dialect's order."""
    shape = (SELECT, *parts)
    return out.clauses(CLAUSES, out.dialect.select_clauses, shape)
