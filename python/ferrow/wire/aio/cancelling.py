"""Ending what nobody waits for any more: a cancel request, and the answers that still come.

A cancel request names a connection, not a statement, and takes effect whenever it arrives (PostgreSQL manual, "Canceling
Requests in Progress"). So it is sent only while nobody waits for anything that was asked of the connection: then there is
nobody it could hit. Until that is so the abandoned statement goes on; those that are asked for from now on are not sent
before it is over.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ferrow.errors import DatabaseError, OperationalError
from ferrow.wire.aio.connecting import open_errand
from ferrow.wire.deadline import AGAIN, SETTLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.wire.aio.protocol import Protocol
    from ferrow.wire.settings import Settings


class Cancelling:
    """Ends what was abandoned on one connection.

    `fence` is done when others may go on; before any of them does, `over` is called. `abort` drops the connection.
    """

    __slots__ = ("_abort", "_alone", "_loop", "_session", "_settings", "_transport", "fence", "undoing")

    def __init__(
        self,
        session: Protocol,
        transport: asyncio.Transport,
        settings: Settings,
        *,
        over: Callable[[], None],
        abort: Callable[[], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self._session = session
        self._transport = transport
        self._settings = settings
        self._loop = loop
        self._abort = abort
        self.undoing: bool = False
        """Whether a ROLLBACK follows, if there is anything to undo."""
        self._alone: asyncio.Future[Any] = loop.create_future()
        if session.wanted:
            session.watch(self._alone)
        else:
            self._alone.set_result(None)
        self.fence: asyncio.Task[None] = loop.create_task(self._end())
        # `asyncio.run` cancels what is left at its end, which leads here, and does not wait for tasks made then. The server
        # learns of the end from the socket, so the unfinished errand is no news.
        self.fence._log_destroy_pending = False  # type: ignore[attr-defined]
        self.fence.add_done_callback(
            lambda _: over()
        )  # not at the end of the task, which may be stopped before it begins

    def look(self) -> None:
        """Another caller has gone: perhaps it was the last."""
        session = self._session
        if not (session.wanted_outside if self.undoing else session.wanted):
            self.force()

    def force(self) -> None:
        """Cancel now, whoever still waits."""
        if not self._alone.done():
            self._alone.set_result(None)

    def undo(self) -> None:
        """Have a ROLLBACK follow. Who waits for a part of the transaction is cancelled as well; others are answered first."""
        self.undoing = True
        if not self._session.wanted_outside:
            self.force()
        elif not self._alone.done():
            self._session.watch(self._alone, True)

    def stop(self) -> None:
        """The connection is being dropped, perhaps by this itself: there is nothing left to cancel."""
        if self.fence is not asyncio.current_task(self._loop):
            self.fence.cancel()

    async def _end(self) -> None:
        session = self._session
        try:
            await self._alone
            async with asyncio.timeout(SETTLE):
                if session.in_flight and session.ended is None:
                    await self._cancel()
                if self.undoing and session.status != "idle":
                    await self._ask("ROLLBACK")
        except (OSError, DatabaseError):  # TimeoutError is an OSError
            # Also a server that refuses an empty script: whatever its answers are to, they are not to what was asked.
            self._abort()

    async def _cancel(self) -> None:
        """Cancel until everything is answered: answers come in order, so an empty script is answered last."""
        await cancel(self._session, self._settings)
        drained = asyncio.ensure_future(self._ask(""))
        # This may be stopped before it is over.
        drained.add_done_callback(lambda task: task.cancelled() or task.exception())
        # A server that had not read the statement to its end when the request came begins with it afterwards.
        while not (await asyncio.wait((drained,), timeout=AGAIN))[0]:
            await cancel(self._session, self._settings)
        try:
            drained.result()
        except OperationalError:
            if self._session.ended is not None:
                raise  # a late cancel may hit the empty script: then it has done its work

    async def _ask(self, sql: str) -> None:
        future: asyncio.Future[Any] = self._loop.create_future()
        self._session.submit_script(sql, future)
        await future


async def cancel(session: Protocol, settings: Settings) -> None:
    """Ask the server to stop what it does for `session`, over a connection of its own. Raises OSError, OperationalError."""
    loop = asyncio.get_running_loop()
    message = session.cancel_message()
    transport, errand = await open_errand(settings, session.secure)
    try:
        transport.write(message)
        await errand.ended  # the server closes once it has passed the signal on
    finally:
        # A loop that ended meanwhile has no way to close, and the transport closes its socket when it goes.
        if not loop.is_closed():
            transport.abort()
