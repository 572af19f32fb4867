"""`ConnectionManager`: the database that the functions talk to."""

from __future__ import annotations

from _thread import RLock
from typing import TYPE_CHECKING, Any

from ferrow.crud.errors import AlreadyInitialized, NotInitialized
from ferrow.crud.options import engine_options
from ferrow.crud.raw_pool import AsyncRawPool
from ferrow.engine import create_engine
from ferrow.orm.colour import coloured
from ferrow.orm.faceless import FacelessSession
from ferrow.orm.session import AsyncSession

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.colour import AnyEngine


class AsyncConnections:
    """One database and its pool. `ConnectionManager` is the one whose database the functions of this package talk to.

        await ConnectionManager.initialize(dsn="postgresql://user:password@localhost/app", max_size=20)
        ...
        await ConnectionManager.close()

    For further databases make further ones, and functions that talk to them: `AsyncFunctions(AsyncConnections())`.
    """

    __slots__ = ("_closed", "_dsn", "_mutex", "_options", "_own", "_session", "_world")

    def __init__(self, *, world: World | None = None) -> None:
        self._world = world
        self._session: AsyncSession | None = None
        self._own = False
        self._dsn: str | None = None
        self._options: dict[str, Any] = {}
        self._closed = 0  # how often, so that who is still connecting notices
        self._mutex = RLock()  # threads may initialize at once; never held while anything waits

    async def initialize(self, dsn: str, **options: Any) -> None:
        """Connect to a database, once, when the program starts. If that fails nothing is left behind, and it can be tried again.

        A second call for the same database does nothing.

        Args:
            dsn: a URL or a DSN of libpq, as for `create_engine`.
            options: those of `create_engine`: `min_size`, `max_size`, `max_idle`, `max_lifetime`, ...; and those of psycopg_pool
                where there is something like it: `timeout` is `acquire_timeout`, `kwargs` are connection options.

        Raises:
            AlreadyInitialized: a RuntimeError: there is another database already, or the options differ.
            NotInitialized: a RuntimeError: `close` was called meanwhile.
            InterfaceError: an option there is nothing like, with what to do instead; a malformed DSN.
            OperationalError: the database cannot be reached, or refuses the login.
        """
        with self._mutex:
            closed = self._closed
            if self._same(dsn, options):
                return
        engine = coloured(create_engine(dsn, **engine_options(options)), self._world)
        try:
            await engine.open()
            with self._mutex:
                if self._closed != closed:
                    raise NotInitialized(
                        "ConnectionManager.close() was called while initialize() was connecting; it is closed"
                    )
                if not self._same(dsn, options):
                    self._start(engine, own=True, dsn=dsn, options=options)
                    return
        except BaseException:
            await engine.close(0)
            raise
        await engine.close(0)  # somebody else was faster

    def use(self, engine: AnyEngine) -> None:
        """Talk through an engine that the program has already, which then is what sessions and repositories share with the functions.

        `close` forgets it and leaves it open: who made it closes it.

        Args:
            engine: what `create_engine` returned, awaited or not.

        Raises:
            AlreadyInitialized: there is another database already.
            InterfaceError: not an engine.
        """
        found = coloured(engine, self._world)
        with self._mutex:
            if self._session is None:
                self._start(found, own=False, dsn=found.url, options={})
            elif self._session._engine is not found:
                self._refuse(found.url)

    def _start(self, engine: AsyncEngine, *, own: bool, dsn: str, options: dict[str, Any]) -> None:
        self._own, self._dsn, self._options = own, dsn, options
        self._session = FacelessSession(engine, world=self._world)

    def _same(self, dsn: str, options: dict[str, Any]) -> bool:
        """Whether this is what there is; False: there is nothing. Raises AlreadyInitialized: there is something else."""
        if self._session is None:
            return False
        if not self._own or (dsn, options) != (self._dsn, self._options):
            self._refuse(dsn)
        return True

    def _refuse(self, dsn: str) -> None:
        what = (
            "for another database" if dsn != self._dsn else "with other options" if self._own else "for another engine"
        )
        msg = (
            f"the ConnectionManager is initialized already, for {self.engine.url}, and this call is {what}. Call close() first; "
            "or talk to further databases through AsyncFunctions(create_engine(url))"
        )
        raise AlreadyInitialized(msg)

    async def close(self) -> None:
        """Close the pool and forget the database. Doing it again is fine. Raises nothing."""
        with self._mutex:
            session, self._session = self._session, None
            own, self._own, self._dsn, self._options = self._own, False, None, {}
            self._closed += 1
        if session is not None and own:
            await session._engine.close()

    @property
    def initialized(self) -> bool:
        """Whether there is a database."""
        return self._session is not None

    @property
    def engine(self) -> AsyncEngine:
        """The engine, for everything that is not in this package: sessions, `create_all`. Raises NotInitialized."""
        return self._here()._engine

    def get_pool(self) -> AsyncRawPool:
        """The way to raw SQL: `async with ConnectionManager.get_pool().connection() as conn`.

        Raises:
            NotInitialized: a RuntimeError: there is no database yet.
        """
        return AsyncRawPool(self.engine)

    def transaction(self, *, isolation: Isolation | None = None, readonly: bool = False) -> AsyncTransactionScope:
        """Group calls: `async with ConnectionManager.transaction()`. Committed at the end, rolled back on an exception.

        All functions called inside belong to it, and so does everything else that goes through the engine. A block inside a block
        is a savepoint.

        Args:
            isolation: as for `engine.transaction`; None is the server's default.
            readonly: refuse writes.

        Raises:
            NotInitialized: a RuntimeError: there is no database yet.
        """
        return self.engine.transaction(isolation=isolation, readonly=readonly)

    def _here(self) -> AsyncSession:
        """What the functions talk through."""
        session = self._session
        if session is None:
            raise NotInitialized(
                "ConnectionManager has not been initialized. Call ConnectionManager.initialize(dsn=...) when the program starts; "
                "that of ferrow.crud.sync is another one, with an initialize of its own"
            )
        return session

    def __repr__(self) -> str:
        shown = "not initialized" if self._session is None else self.engine.url
        return f"<{type(self).__name__} {shown}>"
