"""UNION, INTERSECT and EXCEPT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.columns import compared, members
from ferrow.sql.form.naming import LABEL_REFERENCE, ORDINAL
from ferrow.sql.form.select import (
    COLUMNS,
    HAVING,
    LIMIT,
    OFFSET,
    ORDER_BY,
    SELECT,
    WITH_CTES,
    limit,
    order_by,
    with_ctes,
)
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer

# The same layout as SELECT's, so that what sorts and cuts a query does so with both.
OPERATOR, MEMBERS = 2, 3


def _members(out: Writer, shape: Any) -> str:
    distinct = shape[OPERATOR] != "UNION ALL"
    texts = [
        out.dialect.member(
            out.write(_comparing(out, member) if distinct else member),
            first=not place,
            compound=member[0] is COMPOUND,
            plain=_plain(member),
        )
        for place, member in enumerate(shape[MEMBERS])
    ]
    return f" {shape[OPERATOR]} ".join(texts)


def _comparing(out: Writer, member: Any) -> Any:
    if member[0] is COMPOUND:
        changed = tuple([_comparing(out, one) for one in member[MEMBERS]])
        return (*member[:MEMBERS], changed, *member[MEMBERS + 1 :])
    return (*member[:COLUMNS], compared(out, members(member[COLUMNS])), *member[COLUMNS + 1 :])


def _plain(member: Any) -> bool:
    return not (member[ORDER_BY] or member[LIMIT] or member[OFFSET] or member[WITH_CTES])


CLAUSES: dict[str, Callable[[Writer, Any], str]] = {
    "with": with_ctes,
    "members": _members,
    "order by": order_by,
    "limit": limit,
}


@form("compound")
def COMPOUND(out: Writer, *parts: Any) -> str:
    """Rows of several queries, combined from left to right."""
    shape: Any = (COMPOUND, *parts)
    if any(_computed(out, term) for term in shape[ORDER_BY]):
        # Rows that are combined can be sorted by names only, so these are sorted as rows of a subquery.
        inner = (*shape[:ORDER_BY], (), *shape[ORDER_BY + 1 : LIMIT], None, None, *shape[OFFSET + 1 : WITH_CTES], None)
        combined = out.clauses(CLAUSES, out.dialect.compound_clauses, (*inner, *shape[WITH_CTES + 1 :]))
        before = out.defined
        texts = [
            with_ctes(out, shape),
            f"SELECT * FROM ({combined}) AS combined",
            order_by(out, shape),
            limit(out, shape),
        ]
        out.defined = before
        return " ".join([text for text in texts if text])
    return out.clauses(CLAUSES, out.dialect.compound_clauses, shape)


def _computed(out: Writer, term: Any) -> bool:
    operand = term[1]
    if operand[0] is ORDINAL:  # without a name
        return False
    return operand[0] is not LABEL_REFERENCE or out.sortable(operand).partition(" COLLATE ")[0] != out.write(operand)


QUERIES = (SELECT, COMPOUND)


def is_query(shape: Any) -> bool:
    """Return whether a shape is one of something that has rows to read: a SELECT or a combination of them."""
    return type(shape) is tuple and bool(shape) and shape[0] in QUERIES


def first_select(shape: Any) -> Any:
    """Return the SELECT that gives a query its columns: itself, or the leftmost of those combined."""
    while shape[0] is COMPOUND:
        shape = shape[MEMBERS][0]
    return shape


__all__ = ["COLUMNS", "COMPOUND", "HAVING", "MEMBERS", "OPERATOR", "QUERIES", "first_select", "is_query"]
