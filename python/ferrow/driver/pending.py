"""What a pipeline gives for a statement: its outcome, once somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ferrow.driver.single import Single

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.wire.pipelining import WirePending, WirePipeline

Outcome = TypeVar("Outcome")


class AsyncPending(Single, Generic[Outcome]):
    """The outcome of one statement of a pipeline: `await pending.result()`. (On asyncio a pending can be awaited itself.)

    Whoever does not want it need not wait: an error that nobody takes is raised at the end of the pipeline's block.
    """

    __slots__ = ("_pending", "_pick", "_wires")

    def __init__(self, wires: WirePipeline, pending: WirePending, pick: Callable[[Result], Outcome]) -> None:
        self._wires = wires
        self._pending = pending
        self._pick = pick

    def done(self) -> bool:
        """Whether the answer has come. Waits for nothing and sends nothing."""
        return self._pending.done()

    async def result(self, *, timeout: float | None = None) -> Outcome:
        """Send what is queued and wait for this statement; what the method that queued it returns on a connection.

        May be asked again.

        Args:
            timeout: seconds to wait, more than 0; None for as long as it takes, whatever `command_timeout` says. (A sync
                connection counts the wait for the server, not that for another thread.)

        Raises:
            QueryTimeout: it was not answered in time. It goes on: nothing is cancelled.
            DatabaseError: of the statement, the same as on a connection; or, if an earlier one in its transaction failed, one
                with SQLSTATE 25P02 that names that, and has its error as its cause.
        """
        pending = self._pending
        if not pending.done():
            await self._wires.wait(pending, timeout)
        return self._pick(pending.take())

    def __await__(self) -> Generator[Any, Any, Outcome]:
        return self.result().__await__()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'done' if self._pending.done() else 'not answered'}>"
