"""Wires that can do more: be shared by tasks (PostgreSQL under asyncio), call SQLite."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ferrow.abc.wire import Wire

if TYPE_CHECKING:
    from ferrow._core import Result, Shape, SqliteConnection
    from ferrow.abc.statement import Params

T = TypeVar("T")
R = TypeVar("R", covariant=True)


class Answer(Protocol[R]):
    """What a statement that was sent will come to: an `asyncio.Future`."""

    def done(self) -> bool:
        """Whether there is an outcome, or nobody wants one any more."""
        ...

    def result(self) -> R:
        """The outcome, or raise it."""
        ...

    def set_result(self, result: Any, /) -> None:
        """Give the outcome, once."""
        ...

    def set_exception(self, error: BaseException, /) -> None:
        """Give the error that is the outcome, once."""
        ...

    def add_done_callback(self, callback: Callable[[Any], object], /) -> None:
        """Have `callback` called with this object, soon after it is done."""
        ...

    def __await__(self) -> Generator[Any, None, R]: ...


class SharedWire(Wire, Protocol):
    """A `Wire` on which tasks may send statements side by side, answered in that order."""

    ask: Callable[[str, Params, Shape], Answer[Result]]
    """`send` without a limit."""

    def send(self, sql: str, params: Params, shape: Shape, timeout: float | None = None) -> Answer[Result]:
        """As `run`, without waiting. The one who sends has to know that nothing is being cancelled on the connection.

        After `timeout` seconds, None for no limit, the answer is a QueryTimeout, and the server's is dropped when it comes.
        """
        ...

    @property
    def in_flight(self) -> int:
        """How many requests are not answered yet."""
        ...


class SqliteWire(Wire, Protocol):
    """A `Wire` to SQLite, which has more to offer than statements."""

    @property
    def core(self) -> SqliteConnection:
        """The connection. Only `call` may use it, except for what any thread may do."""
        ...

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call `function(*arguments)` where the connection is used: alone, and on asyncio in the connection's thread.

        A cancelled caller leaves at once; what runs is interrupted.
        """
        ...

    async def call_within(self, what: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """As `call`, of a function that has a `timeout`; `what` is for the error. Raises QueryTimeout."""
        ...

    def touch(self) -> None:
        """Say that what follows outlives its transaction: a pool then gives the connection to nobody else."""
        ...
