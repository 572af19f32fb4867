"""Which rows a repository's call is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.orm.criteria import ALL, USUAL
from ferrow.orm.extras import NONE, Lock
from ferrow.repository.errors import InvalidArgument, InvalidType

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan
    from ferrow.repository.conditions import OrderInput, WhereInput
    from ferrow.repository.meaning import Understanding


def every(plan: Plan[Any]) -> Criteria:
    """All rows of a model that are seen."""
    return ALL if plan.table.visible is None else ALL.showing_as(plan.table, USUAL)


def chosen(all_of_them: Criteria, meaning: Understanding, where: WhereInput) -> Criteria:
    """Those that meet the conditions. Raises as `Understanding.where`."""
    if where is None:
        return all_of_them
    found = meaning.where(where)
    return all_of_them.filtered(meaning.words, found, {}) if found else all_of_them


def cut(
    criteria: Criteria, meaning: Understanding, order_by: OrderInput, limit: int | None, offset: int | None
) -> Criteria:
    """In an order, and only some.

    Raises:
        ValueError: a limit below 1, or an offset below 0.
        TypeError: one that is no whole number.
    """
    if order_by is not None:
        terms = meaning.order(order_by)
        if terms:
            criteria = criteria.ordered(meaning.words, terms)
    if limit is not None:
        if limit.__class__ is not int:
            raise InvalidType(f"limit must be a whole number, not {limit!r}.")
        if limit <= 0:
            raise InvalidArgument("limit must be > 0 when provided.")
        criteria = criteria.limited(limit)
    if offset is not None:
        if offset.__class__ is not int:
            raise InvalidType(f"offset must be a whole number, not {offset!r}.")
        if offset < 0:
            raise InvalidArgument("offset must be >= 0 when provided.")
        criteria = criteria.skipping(offset)
    return criteria


def required(all_of_them: Criteria, meaning: Understanding, where: WhereInput, purpose: str) -> Criteria:
    """As `chosen`. Raises ValueError for no condition at all, or `Q()`: every row is never meant by accident."""
    found = meaning.where(where)
    if not found:
        raise InvalidArgument(f"where is required for {purpose}().")
    return all_of_them.filtered(meaning.words, found, {})


def locked(engine: AsyncEngine, criteria: Criteria, *, skip_locked: bool, nowait: bool) -> Criteria:
    """With their rows locked until the end of the transaction.

    On SQLite a transaction that writes has the database to itself, so nobody else's rows are ever in the way: `skip_locked` has
    nothing to skip there, and nothing is sent.

    Raises:
        ProgrammingError: there is no transaction; or both `skip_locked` and `nowait`.
        NotSupportedError: `nowait` on SQLite.
    """
    if skip_locked and nowait:
        raise ProgrammingError(
            "for_update with skip_locked and nowait: a locked row is either left out or an error; choose one"
        )
    if current(engine._real) is None:
        raise ProgrammingError(
            "for_update locks rows until the end of a transaction, and none is open here: put the call inside `db.transaction()` or "
            "`session.begin()`"
        )
    if not engine.dialect.locks_rows:
        if nowait:
            raise NotSupportedError("SQLite has no locks of rows, so nowait can promise nothing; leave it out")
        return criteria
    return criteria.extended(
        (criteria.extras or NONE)._replace(lock=Lock((), nowait, skip_locked, read=False, key_share=False))
    )
