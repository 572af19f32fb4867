"""Joins of a query: what stands beside the rows of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.model import table_of
from ferrow.orm.extras import NONE, Lock
from ferrow.sql import Join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ferrow.orm.criteria import Criteria
    from ferrow.orm.words import Words
    from ferrow.sql.logic import Truth


def joined(criteria: Criteria, words: Words, target: Any, on: Truth | None, *, outer: bool) -> Criteria:
    """With one more join.

    Raises:
        ProgrammingError: a model without a condition; something that cannot be joined; the same table twice.
    """
    extras = criteria.extras or NONE
    made = Join(source_of(target), on, outer=outer)
    return criteria.extended(extras._replace(joins=(*extras.joins, made)))


def locked(
    criteria: Criteria, of: Iterable[Any], *, nowait: bool, skip_locked: bool, read: bool
) -> Criteria:
    """With its rows locked."""
    if nowait and skip_locked:
        msg = "for_update(nowait=True, skip_locked=True): a locked row is either an error or left out; choose one"
        raise ProgrammingError(msg)
    extras = criteria.extras or NONE
    tables = tuple([source_of(one) for one in of])
    return criteria.extended(extras._replace(lock=Lock(tables, nowait, skip_locked, read)))


def source_of(target: Any) -> Any:
    """What stands in FROM for a model, an alias of one, or a source of `ferrow.sql`."""
    from ferrow.sql import TableRef

    if isinstance(target, TableRef):
        return target
    if isinstance(target, type):
        return table_of(target).ref
    msg = f"join() takes a relation (User.posts), a model or an alias with a condition, not {target!r}"
    raise ProgrammingError(msg)
