"""A hub whose calls are one transaction: `async with AsyncSession(db) as session`."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.abc import async_only
from ferrow.engine.context import current
from ferrow.repository.errors import SessionActive
from ferrow.repository.hub import AsyncUnifiedRepository

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.context import Link
    from ferrow.engine.ensure import Conflict
    from ferrow.engine.transaction import AsyncTransactionScope


class Block:
    """`async with session.begin()`: a transaction, and inside another one a savepoint."""

    __slots__ = ("_isolation", "_scope", "_session", "entered")

    def __init__(self, session: AsyncSession, isolation: Isolation | None) -> None:
        self._session = session
        self._isolation: Isolation | None = isolation
        self._scope: AsyncTransactionScope | None = None
        self.entered: bool = False

    async def __aenter__(self) -> AsyncSession:
        if self.entered:
            raise SessionActive("this block is open already; call begin() again for another one")
        self.entered = True  # before anything is waited for: another task may enter meanwhile
        try:
            self._scope = await self._session._enter(self._isolation)
        except BaseException:
            self.entered = False
            raise
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        scope, self._scope = self._scope, None
        self.entered = False
        if scope is not None:
            await self._session._leave(scope, kind, error, traceback)


class AsyncSession(AsyncUnifiedRepository):
    """A hub with transactions: all that is done inside one block is kept, or nothing of it.

        async with AsyncSession(db) as session:
            ada = await session.insert(User(name="Ada"))
            await session.insert(Order(user_id=ada.id))

        session = AsyncSession(db)
        async with session.begin():         # as often as needed
            ...
            async with session.begin():     # a savepoint: only this is undone if it fails
                ...

    Outside of any block each call commits by itself. Tasks may share one if they use `begin`.

    Args:
        db: this, `auto_schema`, `schema_conflict` and `require_registration` are as for `AsyncUnifiedRepository`.
    """

    def __init__(
        self,
        db: Any,
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
        world: World | None = None,
    ) -> None:
        super().__init__(
            db,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            world=world,
        )
        self._block = Block(self, None)
        self._links: list[Link] = []

    @property
    @async_only
    def hub(self) -> AsyncUnifiedRepository:
        """The hub that does the work: this very object."""
        return self

    @async_only
    def begin(self, *, isolation: Isolation | None = None) -> Block:
        """A transaction for a block, `async with session.begin() as session`; a block inside it is a savepoint.

        `isolation`: "read committed", "repeatable read" or "serializable"; None is the database's.
        """
        return Block(self, isolation)

    @async_only
    def transaction(self, *, isolation: Isolation | None = None) -> Block:
        """Another name for `begin`; `isolation` as there."""
        return Block(self, isolation)

    async def _enter(self, isolation: Isolation | None) -> AsyncTransactionScope:
        if self._place.database is not None:
            self._place.database._check()
        scope = self._engine.transaction(isolation=isolation)
        await scope.__aenter__()
        assert scope._link is not None
        self._links.append(scope._link)
        return scope

    async def _leave(
        self,
        scope: AsyncTransactionScope,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if scope._link in self._links:
            self._links.remove(scope._link)
        await scope.__aexit__(kind, error, traceback)

    def _is_active(self) -> bool:
        """Whether the code that runs here is in a block of this session."""
        link = current(self._engine) if self._links else None
        while link is not None:
            if link in self._links:
                return True
            link = link.parent
        return False

    async def __aenter__(self) -> Self:
        if self._block.entered or self._is_active():
            raise SessionActive(
                "session transaction is already active; a block inside it is `begin()`, and tasks that share a session use that too"
            )
        await self._block.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._block.__aexit__(kind, error, traceback)
