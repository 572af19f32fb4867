"""`async with session.transaction() as session`: the block of `begin()`, for who works with the session itself."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ferrow.orm.transaction import AsyncSessionTransaction

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation
    from ferrow.orm.session import AsyncSession


class AsyncSessionScope:
    """A transaction of a session, made by `session.transaction()`: `async with session.transaction() as session`.

    Args:
        session: whose calls inside the block run in it.
        isolation: "read committed", "repeatable read" or "serializable"; None is the database's.
        readonly: whether the database is to refuse writes.
    """

    __slots__ = ("_session", "_transaction")

    def __init__(self, session: AsyncSession, *, isolation: Isolation | None = None, readonly: bool = False) -> None:
        self._session = session
        self._transaction = AsyncSessionTransaction(session, isolation=isolation, readonly=readonly)

    async def __aenter__(self) -> AsyncSession:
        await self._transaction.__aenter__()
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transaction.__aexit__(kind, error, traceback)
