"""How the session that a statement is for reads strings: before its placeholders are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.engine.deadline import borrowed

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine


async def reading(engine: AsyncEngine, sql: Any, params: Any, timeout: float | None = None) -> tuple[str, float | None]:
    """A name in `lexical.GRAMMARS`, and the seconds that are left of `timeout`.

    Without a backslash, or without values, all sessions of a database read alike. Otherwise a connection is asked: that of the
    transaction, or one of the pool. Raises PoolTimeout as `engine.run` does.
    """
    name = engine.dialect.name
    if not params or not isinstance(sql, str) or "\\" not in sql or name == "sqlite":
        return name, timeout
    link = current(engine._real)
    if link is not None:
        return link.connection.wire.reading, timeout
    slot, left = await borrowed(engine.pool, engine._limit if timeout is None else timeout)
    try:
        return slot.wire.reading, left
    finally:
        engine.pool.release(slot)
