"""IN and NOT IN, with a list or a query on the right."""

from __future__ import annotations

from typing import Any

from ferrow.sql.form.select import LIMIT, OFFSET
from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean, ListOf


@form("in list", Level.COMPARE, Boolean())
def IN_LIST(out: Writer, operand: Any, items: Any, negated: bool) -> str:
    """Membership in a list that is one parameter, so that its length is not part of the statement."""
    kind = out.type_of(items)
    assert isinstance(kind, ListOf)
    return out.dialect.in_list(out.comparable(operand), out.write(items), kind.item, negated=negated)


@form("in query", Level.COMPARE, Boolean())
def IN_QUERY(out: Writer, operand: Any, query: Any, negated: bool) -> str:
    """Membership in the one column of a query."""
    return f"{out.comparable(operand)} {'NOT IN' if negated else 'IN'} ({compared(out, query)})"


def compared(out: Writer, query: Any) -> str:
    """Return a query that something is compared with."""
    return out.dialect.compared_query(out.write(query), limited=bool(query[LIMIT] or query[OFFSET]))


@form("exists", Level.ATOM, Boolean())
def EXISTS(out: Writer, query: Any) -> str:
    """Whether a query has rows."""
    return f"EXISTS ({out.write(query)})"
