"""Listening for as long as the program runs, across lost connections."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.driver.backoff import Backoff, permanent
from ferrow.driver.channel import checked
from ferrow.driver.link import Link
from ferrow.driver.single import Single
from ferrow.driver.tracing import check_handler
from ferrow.errors import DatabaseError, InterfaceError, NotificationsLost, NotSupportedError

if TYPE_CHECKING:
    from ferrow.abc import Waiter, World
    from ferrow.driver.notification import Gap, Notification
    from ferrow.driver.trace import Trace


class AsyncListener(Single):
    """Listens on channels over a connection of its own, and connects again by itself when that is lost.

        async with AsyncListener(url, "jobs") as listener:
            async for event in listener:
                match event:
                    case Notification(channel, payload): ...
                    case Gap(): ...  # read the table: notifications may be missing

    After a reconnect a `Gap` comes before any later notification, and nothing comes twice. The first connection is made at the
    start of the block, and its errors are raised there. Later ones are tried again, after delays that double from `min_backoff`
    to `max_backoff`; what trying again cannot mend (wrong password, no such database, no right to connect) is raised.

    One task iterates; others (in sync code: threads) may call `listen`, `unlisten` and `close` meanwhile.

    Args:
        url: `postgresql://user:password@host:port/database`.
        channels: their names, exactly as given to `notify`.
        min_backoff: seconds before the first attempt to connect again.
        max_backoff: seconds between attempts at most.
        heartbeat: seconds after which the server is asked for a sign of life, and within which it must give one; else the
            connection counts as lost. Only while somebody iterates.
        trace: as of a connection; also called after each sign of life, whose statement is empty.
        options: connection options that win over those of the URL, e.g. `connect_timeout` (seconds).

    Raises:
        ProgrammingError: a name that cannot be that of a channel.
        InterfaceError: a malformed URL, an unknown option, an impossible number.
        NotSupportedError: only PostgreSQL has notifications.
    """

    __slots__ = (
        "_backoff", "_channels", "_closed", "_gap", "_heartbeat", "_link", "_mutex", "_pause", "_settings", "_stepping",
        "_trace", "_world",
    )  # fmt: skip

    def __init__(
        self,
        url: str,
        *channels: str,
        world: World | None = None,
        min_backoff: float = 0.1,
        max_backoff: float = 30.0,
        heartbeat: float = 30.0,
        trace: Callable[[Trace], object] | None = None,
        **options: Any,
    ) -> None:
        from ferrow.wire.url import parse

        if trace is not None:
            check_handler(trace, "trace")
        self._settings = parse(url, **options)
        if self._settings.dialect != "postgresql":
            name = "SQLite" if self._settings.dialect == "sqlite" else "MariaDB"
            raise NotSupportedError(f"{name} has no notifications: a listener needs postgresql://")
        if not 0 < heartbeat < float("inf"):
            raise InterfaceError(f"heartbeat is a number of seconds, more than 0, not {heartbeat!r}")
        self._channels = dict.fromkeys(map(checked, channels))
        self._backoff = Backoff(min_backoff, max_backoff)
        self._heartbeat = heartbeat
        self._trace = trace
        self._world = world
        self._link: Link | None = None
        self._gap: Gap | None = None
        self._pause: Waiter | None = None
        self._closed = False
        self._stepping = False
        self._mutex = RLock()  # never held while waiting

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it listens on."""
        return tuple(self._channels)

    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    async def open(self) -> None:
        """Connect and listen; nothing happens when that was done before. Raises OperationalError when it fails."""
        if self._closed:
            raise InterfaceError("the listener was closed; make another one")
        if self._link is None and self._gap is None:
            await self._connect()

    async def listen(self, *channels: str) -> None:
        """Listen on more channels, from now on. Without a connection at the moment: from the next one on.

        Raises ProgrammingError for a name that cannot be that of a channel.
        """
        with self._mutex:
            new = [channel for channel in map(checked, channels) if channel not in self._channels]
            self._channels.update(dict.fromkeys(new))
            link = self._link
        if link is None or not new:
            return
        try:
            await link.listen(new)
        except BaseException as error:
            if isinstance(error, DatabaseError) and link.closed:
                return  # the next connection listens on them
            with self._mutex:
                for channel in new:
                    self._channels.pop(channel, None)
            raise

    async def unlisten(self, *channels: str) -> None:
        """Stop listening on channels; without any, on all of them. No notification of theirs comes afterwards."""
        names = [*map(checked, channels)]
        with self._mutex:
            for channel in names or [*self._channels]:
                self._channels.pop(channel, None)
            link = self._link
        if link is None:
            return
        try:
            await link.unlisten(names)
        except DatabaseError:
            if not link.closed:
                raise

    async def close(self) -> None:
        """Close the connection and end the iteration of another task or, in sync code, thread. Closing twice is fine."""
        with self._mutex:
            self._closed = True
            link, self._link = self._link, None
            pause = self._pause
        if pause is not None:
            pause.set()
        if link is not None:
            await link.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Notification | Gap:
        """The next notification, or the gap before it. A step that is cancelled loses nothing."""
        if self._stepping:
            raise InterfaceError("somebody else iterates over this listener already; a second one sees everything, too")
        self._stepping = True
        try:
            return await self._step()
        finally:
            self._stepping = False

    async def _step(self) -> Notification | Gap:
        from ferrow.driver.notification import Gap, Notification

        while not self._closed:
            if self._link is None:
                await self._connect()
            link = self._link
            if link is None:
                continue
            if self._gap is not None:
                gap, self._gap = self._gap, None
                return gap
            try:
                item = await link.receive()
            except NotificationsLost as error:
                return Gap(link.since, error)
            except DatabaseError as error:
                self._lose(link, error)
            else:
                if item[0] in self._channels:  # else it was on its way when its channel was given up
                    return Notification(*item)
        raise StopAsyncIteration

    def _lose(self, link: Link, error: DatabaseError) -> None:
        from ferrow.driver.notification import Gap

        link.abort()
        with self._mutex:
            if self._closed:
                return
            self._link = None
            self._gap = Gap(link.since, error)
        if link.proven:
            self._backoff.reset()
        _log("the connection of the listener to %s was lost (%s): reconnecting", self._settings.redacted, error)

    async def _connect(self) -> None:
        """Connect and listen: at once and only once for the first time, until it works later."""
        world = self._world
        if world is None:
            from ferrow.wire.aio import ASYNCIO

            world = self._world = ASYNCIO
        while not self._closed:
            try:
                if self._gap is None:
                    return await self._attempt(world)
                await self._pausing(world, lambda pause: pause.wait(self._backoff.delay()))
                await self._pausing(world, lambda pause: world.unless(pause, self._attempt(world)))
                return None
            except DatabaseError as error:
                if self._gap is None or permanent(error):
                    raise
                _log("the listener cannot reconnect to %s yet: %s", self._settings.redacted, error)

    async def _attempt(self, world: World) -> None:
        link = await Link.open(world, self._settings, self._heartbeat, self._trace)
        if self._settings.pooler.seen and self._gap is None:
            _log(_POOLER, self._settings.redacted)
        try:
            heard: tuple[str, ...] = ()
            while not self._publish(link, heard):
                await link.unlisten(())
                heard = self.channels
                if heard:
                    await link.listen(heard)
        except BaseException:
            link.abort()
            raise

    def _publish(self, link: Link, heard: tuple[str, ...]) -> bool:
        """Let others use the link if it listens on what is wanted by now."""
        with self._mutex:
            if self._closed:
                link.abort()
            elif self._link is not None:
                link.abort()  # two have opened it at the same time
            elif heard != self.channels:
                return False
            else:
                self._link = link
            return True

    async def _pausing(self, world: World, wait: Callable[[Waiter], Awaitable[object]]) -> None:
        """What `close` ends."""
        self._pause = pause = world.waiter()
        try:
            if not self._closed:
                await wait(pause)
        finally:
            self._pause = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else "not connected" if self._link is None else "connected"
        return f"<{type(self).__name__} {self._settings.redacted} {list(self._channels)!r} {state}>"


_POOLER = (
    "%s leads to a connection pooler. In session mode it passes notifications on; in transaction mode this listener "
    "will hear nothing: connect it to the server itself"
)


def _log(message: str, *arguments: object) -> None:
    import logging

    logging.getLogger("ferrow.listener").warning(message, *arguments)
