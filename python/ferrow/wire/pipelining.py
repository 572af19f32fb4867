"""Statements that are queued without waiting for their answers: what a wire gives for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params


class WirePending(Protocol):
    """The outcome of one statement, once it is there."""

    def done(self) -> bool:
        """Whether it is."""
        ...

    def take(self) -> Any:
        """The result, as of `Wire.run`; raises the error of the statement, which counts as dealt with then."""
        ...

    def outcome(self) -> tuple[Any, BaseException | None]:
        """Result and error, for who only looks on."""
        ...

    def wake(self, future: Any) -> None:
        """Call `future.set_result(None)` when it is there, unless `future.done()` by then."""
        ...


class WirePipeline(Protocol):
    """Queues statements of one connection; they are answered in order, and each error belongs to exactly one of them.

    Outside a transaction each statement commits by itself. In one, those behind an error are not run.
    """

    def begin(self, sql: str) -> None:
        """As `Wire.begin`."""
        ...

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> WirePending:
        """Queue one statement."""
        ...

    def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> WirePending:
        """Queue one statement with many rows of values."""
        ...

    def script(self, sql: str) -> WirePending:
        """Queue several statements without parameters."""
        ...

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        """Send what is queued and wait for one statement, or for all. Raises nothing of theirs, but QueryTimeout.

        After `timeout` seconds (None or math.inf: no limit, whatever the settings say); nothing is cancelled then.
        """
        ...

    def failure(self) -> WirePending | None:
        """The first that failed and was not taken."""
        ...

    async def leave(self) -> None:
        """Give up what was not sent, and have the server stop what runs: its caller was cancelled or interrupted."""
        ...
