"""Connections that a `PoolConnector` lends: waited for, tried out, opened where there are too few."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.wire.dbapi import connector_checks as checks
from ferrow.wire.dbapi.connector_queue import Member, Ticket
from ferrow.wire.dbapi.connector_reset import maybe
from ferrow.wire.dbapi.connector_return import Returning
from ferrow.wire.drive import drive
from ferrow.wire.sqlite_copies import approached


class Lending(Returning):
    """A part of `PoolConnector`."""

    if TYPE_CHECKING:
        _connect: Callable[[], Any]

        def _filled(self, member: Member) -> Member: ...

        async def _filled_async(self, member: Member) -> Member: ...

    def kept_to_thread(self) -> bool:
        """Whether a connection can only be used by the thread that opens it (sqlite3)."""
        function, arguments, options = checks.unwrapped(self._connect, (), {})
        return checks.is_sqlite(function) and checks.same_thread(arguments, options)

    # --- in a thread -------------------------------------------------------------------------------------------------

    def take(self, timeout: float | None = None) -> Member:
        """As `acquire`, with what is known of the connection."""
        event = threading.Event()
        found = self._queue.ask(event.set)
        if isinstance(found, Ticket):
            try:
                event.wait(timeout)
            except BaseException:  # Ctrl-C
                self._queue.withdraw(found)
                raise
            found = self._queue.granted(found)
        if found is not None:
            try:
                fit = drive(self._life.fit(found))
            except BaseException:
                self.drop(found)
                raise
            if fit:
                return self._filled(found)
            self._ended(found)
        return self._filled(self._opened())

    def _opened(self) -> Member:
        """A new connection, in a place that is counted."""
        try:
            with approached(checks.sqlite_file(self._connect)):
                conn = self._connect()
            if inspect.isawaitable(conn):
                if inspect.iscoroutine(conn):
                    conn.close()
                raise RuntimeError("connections of this pool are awaited: use acquire_async() or connection_async()")
        except BaseException:
            self._queue.free()
            raise
        return self._queue.opened(conn, self._life.now())

    # --- in an event loop -------------------------------------------------------------------------------------------

    async def take_async(self, timeout: float | None = None) -> Member:
        """As `acquire_async`, with what is known of the connection."""
        loop = asyncio.get_running_loop()
        woken = loop.create_future()

        def told() -> None:
            if not woken.done():
                woken.set_result(None)

        def wake() -> None:
            loop.call_soon_threadsafe(told)

        found = self._queue.ask(wake)
        if isinstance(found, Ticket):
            try:
                await asyncio.wait((woken,), timeout=timeout)
            except BaseException:
                self._queue.withdraw(found)
                raise
            found = self._queue.granted(found)
        if found is not None:
            if await self._fit(found):
                return await self._filled_async(found)
            await self._ended_async(found)
        return await self._filled_async(await self._opened_async())

    async def _fit(self, member: Member) -> bool:
        """As `Life.fit`, which may have to wait for the server: in a thread, if that blocks and the connection can leave it."""
        if not self._life.due(member):
            return await self._life.fit(member)
        if inspect.iscoroutinefunction(member.conn.close) or self.kept_to_thread():
            work: asyncio.Future[bool] = asyncio.ensure_future(self._life.fit(member))
        else:
            work = asyncio.ensure_future(asyncio.to_thread(lambda: drive(self._life.fit(member))))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(lambda _: self.drop(member))
            raise

    async def _opened_async(self) -> Member:
        opening: asyncio.Future[Any] = asyncio.ensure_future(self._opening())
        try:
            return self._queue.opened(await asyncio.shield(opening), self._life.now())
        except asyncio.CancelledError:
            opening.add_done_callback(self._too_late)
            raise
        except BaseException:
            self._queue.free()
            raise

    async def _opening(self) -> Any:
        """Open a connection: in a thread, if that blocks and the connection can leave it."""
        function, _, _ = checks.unwrapped(self._connect, (), {})
        with approached(checks.sqlite_file(self._connect)):
            if inspect.iscoroutinefunction(function) or self.kept_to_thread():
                return await maybe(self._connect())
            return await maybe(await asyncio.to_thread(self._connect))

    def _too_late(self, opening: asyncio.Future[Any]) -> None:
        """A connection was opened for somebody who was cancelled meanwhile."""
        if opening.cancelled() or opening.exception() is not None:
            self._queue.free()
        else:
            self._queue.offer(self._queue.opened(opening.result(), self._life.now()))
