"""Pages: by number, by cursor, and of raw statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.crud import raw
from ferrow.crud.filters import chosen, sorted_by
from ferrow.crud.plan import plan_for
from ferrow.crud.reading import query as query_of
from ferrow.crud.remembered import remember
from ferrow.engine.context import current
from ferrow.errors import ProgrammingError
from ferrow.orm.paging import must_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ferrow.abc import Params
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.session import AsyncSession
    from ferrow.orm.slice import Slice

M = TypeVar("M")


async def paginate(
    session: AsyncSession,
    model: type[M],
    page: int,
    page_size: int,
    where: Any,
    order_by: Any,
    filters: Mapping[str, Any],
) -> tuple[list[M], int]:
    """A page and the number of all rows, by one statement."""
    must_count_pages("paginate", page, page_size)
    plan = plan_for(model, session._dialect)
    criteria = chosen(plan, where, filters)
    if page_size == 0:
        return [], await query_of(session, model, criteria).count()
    query = query_of(session, model, sorted_by(plan, criteria, order_by, total=True))
    found = await query.page(page, size=page_size)
    remember(session._engine, found.items)
    return found.items, found.total


async def keyset(
    session: AsyncSession,
    model: type[M],
    cursor: str | None,
    page_size: int,
    where: Any,
    order_by: Any,
    secret: str | bytes | None,
    filters: Mapping[str, Any],
) -> Slice[M]:
    """The rows behind a cursor."""
    must_count("paginate_keyset", "page_size", page_size)
    plan = plan_for(model, session._dialect)
    criteria = sorted_by(plan, chosen(plan, where, filters), order_by)
    found = await query_of(session, model, criteria).after(cursor, size=page_size, secret=secret)
    remember(session._engine, found.items)
    return found


async def paginate_raw(
    engine: AsyncEngine,
    model: type[Any] | None,
    count_query: str,
    query: str,
    page: int,
    page_size: int,
    params: Params,
) -> tuple[list[Any], int]:
    """A page of a statement and the number that another one counts."""
    must_count_pages("paginate_raw", page, page_size)
    dialect = engine.dialect
    counting = await raw.understood(count_query, params, engine)
    wanted = raw.limited(await raw.understood(query, params, engine), page_size, (page - 1) * page_size, dialect)
    inside = current(engine) is not None
    async with engine.transaction(isolation=None if inside else "repeatable read", readonly=not inside):
        total = _total(await raw.rows(engine, counting, None, plain=True), count_query)
        return await raw.rows(engine, wanted, model), total


def _total(rows: list[dict[str, Any]], query: str) -> int:
    row = rows[0] if len(rows) == 1 else {}
    found = row.get("total", next(iter(row.values())) if len(row) == 1 else None)
    if not isinstance(found, int):
        msg = f"count_query gives one row with a number called total; this one gave {rows[:3]!r}: {query}"
        raise ProgrammingError(msg)
    return found


def must_count_pages(function: str, page: int, page_size: int) -> None:
    """Raise TypeError or ValueError for numbers there is no page of; rows there may be none on it."""
    must_count(function, "page", page)
    must_count(function, "page_size", page_size, 0)
