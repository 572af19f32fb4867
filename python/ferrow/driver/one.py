"""One row where one row was asked for."""

from __future__ import annotations

from typing import TypeVar

from ferrow.errors import MultipleResultsFound, NoResultFound

T = TypeVar("T")


def exactly_one(rows: list[T], sql: str) -> T:
    """The only element of `rows`. Raises NoResultFound or MultipleResultsFound, which carry the statement."""
    if len(rows) == 1:
        return rows[0]
    error: NoResultFound | MultipleResultsFound
    if rows:
        error = MultipleResultsFound(f"exactly one row was expected, {len(rows)} came; use query() for several")
    else:
        error = NoResultFound("exactly one row was expected, none came; use query() where none is possible")
    error.query = sql
    raise error
