"""Sessions from an engine: `create_session(engine)`, and `session_context(engine)`, whose whole block is one transaction."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, overload

from ferrow.engine.engine import AsyncEngine
from ferrow.errors import InterfaceError
from ferrow.orm.session import AsyncSession

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.driver.isolation import Isolation
    from ferrow.engine import Engine
    from ferrow.orm._sync import Session, SessionContext
    from ferrow.orm.colour import AnyEngine


class AsyncSessionContext:
    """A session for a block; what it does is committed at the end, and rolled back if an exception leaves the block.

    `autoflush`: whether pending changes are written before each query. `isolation`, `readonly`: as for `engine.transaction`.
    """

    __slots__ = ("_open", "_options", "_other", "_session")

    def __init__(
        self,
        engine: AnyEngine,
        *,
        autoflush: bool = True,
        isolation: Isolation | None = None,
        readonly: bool = False,
        world: World | None = None,
    ) -> None:
        self._session = AsyncSession(engine, autoflush=autoflush, world=world)
        self._options: tuple[Isolation | None, bool] = (isolation, readonly)
        self._open = False
        self._other: AsyncSessionContext | None = None

    async def __aenter__(self) -> AsyncSession:
        if self._open:
            raise InterfaceError(
                "this session_context() block is open already; call session_context() again for another one"
            )
        await self._session._enter().begin(*self._options)
        self._open = True
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open = False
        unit = self._session._leave()
        try:
            if error is None:
                await unit.commit()
        except BaseException as failed:
            await unit.close(failed)
            raise
        if error is not None:
            await unit.close(error)


class AlsoAsync:
    """What the context of an engine that was not awaited has besides: `async with`."""

    __slots__ = ()

    if TYPE_CHECKING:
        _core: AsyncSessionContext

    async def __aenter__(self) -> AsyncSession:
        core = self._core
        isolation, readonly = core._options
        other = core._other = AsyncSessionContext(
            core._session._engine._pair.aio,
            autoflush=core._session._autoflush,
            isolation=isolation,
            readonly=readonly,
        )
        return await other.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        other, self._core._other = self._core._other, None
        assert other is not None
        await other.__aexit__(kind, error, traceback)


@overload
def session_context(
    engine: AsyncEngine, *, autoflush: bool = True, isolation: Isolation | None = None, readonly: bool = False
) -> AsyncSessionContext: ...
@overload
def session_context(
    engine: Engine, *, autoflush: bool = True, isolation: Isolation | None = None, readonly: bool = False
) -> SessionContext: ...
def session_context(
    engine: AsyncEngine | Engine, *, autoflush: bool = True, isolation: Isolation | None = None, readonly: bool = False
) -> AsyncSessionContext | SessionContext:
    """A session for a block that is one transaction and one unit of work: committed at its end, rolled back on an exception.

        async with session_context(engine) as session:
            await session.insert(User(name="Ada"))

        with session_context(engine) as session:            # an engine that was not awaited
            session.insert(User(name="Ada"))

    Args:
        engine: what `create_engine` returned, awaited or not.
        autoflush: whether pending changes are written before each query.
        isolation: as for `engine.transaction`; None is the server's default.
        readonly: refuse writes. On SQLite it also waits for no other writer.

    Raises:
        InterfaceError: not an engine.
    """
    if isinstance(engine, AsyncEngine):
        return AsyncSessionContext(engine, autoflush=autoflush, isolation=isolation, readonly=readonly)
    from ferrow.orm._sync import SessionContext

    return SessionContext(engine, autoflush=autoflush, isolation=isolation, readonly=readonly)


@overload
def create_session(engine: AsyncEngine, *, autoflush: bool = True) -> AsyncSession: ...
@overload
def create_session(engine: Engine, *, autoflush: bool = True) -> Session: ...
def create_session(engine: AsyncEngine | Engine, *, autoflush: bool = True) -> AsyncSession | Session:
    """A session of the engine's own colour: an `AsyncSession` of one that was awaited, else a `Session`.

    Args:
        engine: what `create_engine` returned, awaited or not.
        autoflush: whether a unit of work writes what is pending before each query.

    Raises:
        InterfaceError: not an engine.
    """
    if isinstance(engine, AsyncEngine):
        return AsyncSession(engine, autoflush=autoflush)
    from ferrow.orm._sync import Session

    return Session(engine, autoflush=autoflush)
