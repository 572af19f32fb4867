"""The two colours of one engine, and what only its sync face has."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ferrow.engine.memory import MemorySource
from ferrow.engine.source import Source

if TYPE_CHECKING:
    from ferrow.engine._sync import Engine
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.limits import Limits
    from ferrow.sql.dialect import Dialect
    from ferrow.wire.settings import Settings

_MAKING = RLock()


class Pair:
    """What both colours of an engine share: where the database is, and each other."""

    __slots__ = ("settings", "limits", "multiplex", "source", "_engine", "_aio", "_dialect")

    def __init__(
        self, settings: Settings, limits: Limits, *, multiplex: bool = True, source: Source | None = None
    ) -> None:
        self.settings: Settings = settings
        self.limits: Limits = limits
        self.multiplex: bool = multiplex
        self.source: Source | MemorySource = source or (MemorySource(settings) if settings.memory else Source(settings))
        self._engine: Engine | None = None
        self._aio: AsyncEngine | None = None
        self._dialect: Dialect | None = None

    @property
    def engine(self) -> Engine:
        """The sync engine."""
        if self._engine is None:
            from ferrow.engine._sync import Engine

            self._engine = Engine(self)
        return self._engine

    @property
    def aio(self) -> AsyncEngine:
        """The asyncio engine."""
        if self._aio is None:
            from ferrow.engine.engine import AsyncEngine
            from ferrow.wire.aio import ASYNCIO

            with _MAKING:  # two threads that ask at once must not get two pools
                if self._aio is None:
                    self._aio = AsyncEngine(self, ASYNCIO)
        return self._aio

    @property
    def dialect(self) -> Dialect:
        """The SQL dialect."""
        if self._dialect is None:
            from ferrow.sql.dialect import named

            self._dialect = named(self.settings.dialect)
        return self._dialect


class OnlySync:
    """What `Engine` has and `AsyncEngine` has not."""

    __slots__ = ()

    if TYPE_CHECKING:
        _core: AsyncEngine

    @property
    def aio(self) -> AsyncEngine:
        """The same engine for asyncio, with connections of its own. Nothing is opened yet."""
        return self._core._pair.aio

    @property
    def sync(self) -> Engine:
        """This engine: as `AsyncEngine.sync`, for code that is given either."""
        return self._core._pair.engine

    def __await__(self) -> Generator[Any, Any, AsyncEngine]:
        """Open the asyncio engine and return it: `engine = await create_engine(url)`."""
        return self.aio.open().__await__()

    async def __aenter__(self) -> AsyncEngine:
        """`async with create_engine(url) as engine`: opened, and closed at the end of the block."""
        return await self.aio.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aio.__aexit__(kind, error, traceback)

    async def create_all_async(self, *models: type) -> None:
        """`create_all` from async code."""
        await self.aio.create_all(*models)

    async def drop_all_async(self, *models: type) -> None:
        """`drop_all` from async code."""
        await self.aio.drop_all(*models)
