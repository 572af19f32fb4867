"""The small Protocols on which the floors meet.

Nothing here runs; a room that needs a connection, a clock or a lock takes one of these as an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from ferrow._core import Kinds, PgTypes, Result, Shape, SqliteConnection
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News
    from ferrow.wire.pipelining import WirePipeline
    from ferrow.wire.settings import Settings

T = TypeVar("T")
R = TypeVar("R", covariant=True)
F = TypeVar("F", bound=Callable[..., Any])

Params: TypeAlias = Sequence[Any] | Mapping[str, Any] | None
"""Parameters of one statement: by position, by name (where the database has named placeholders), or none."""


class Status(StrEnum):
    """Transaction status of a connection, as its server last reported it."""

    IDLE = "idle"
    TRANSACTION = "transaction"
    FAILED = "failed"


class Description(NamedTuple):
    """The columns of a statement that was prepared and not run."""

    columns: tuple[str, ...]
    """Their names, in order."""
    type_codes: tuple[int, ...]
    """Object ids of their types."""
    types: PgTypes
    """What the connection knows of types."""


class WireCursor(Protocol):
    """A result that is read piece by piece; between two pieces the connection is free for other statements."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        ...

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """The next rows, at most `limit` (at least 1), and whether they are the last."""
        ...

    async def close(self) -> None:
        """Give up what was not read. Closing twice is fine."""
        ...


class WireCopyIn(Protocol):
    """A COPY FROM STDIN that takes data. Nothing else runs on the connection until `finish` or `fail`."""

    async def write(self, data: bytes | memoryview) -> bool:
        """Send data, waiting while the server takes less than is given; False when it wants no more: `finish` says why."""
        ...

    async def finish(self) -> int:
        """Say that the data are complete; the number of rows. Raises what the server has against them."""
        ...

    async def fail(self, reason: str) -> None:
        """Give the COPY up, and wait until the server has undone it. Never raises a database error."""
        ...

    def leave(self) -> None:
        """Give the COPY up without waiting for the server, which is told to stop: for a caller that was cancelled."""
        ...


class WireCopyOut(Protocol):
    """A COPY TO STDOUT that gives data. Nothing else runs on the connection until they end or `close`."""

    @property
    def rowcount(self) -> int:
        """The number of rows, once the data have ended; -1 before."""
        ...

    async def read(self) -> bytes | None:
        """Some data, cut anywhere; None at their end."""
        ...

    async def close(self) -> None:
        """Give up what was not read: outside a transaction the server is told to stop, inside one its data are skipped."""
        ...


class Wire(Protocol):
    """One physical connection. Every wait for the database happens behind this Protocol."""

    dialect: str
    """`postgresql` or `sqlite`."""

    # Where a call has a `timeout`: seconds, more than 0; math.inf for no limit; None for the `command_timeout` of the settings.
    # At the deadline the caller gets QueryTimeout at once. What runs is cancelled in the background, which makes the wire
    # `busy`; what is asked meanwhile waits for that.

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        """Run one statement and return its rows in the asked shape."""
        ...

    @property
    def run_now(self) -> Callable[[str, Params, Shape, Kinds | None], Result] | None:
        """As `run`, without a coroutine, for a blocking wire that need do nothing more than that; else None."""
        ...

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run one statement once per row, all or nothing; the rows returned are concatenated in order."""
        ...

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """Run one or several statements without parameters and drop their rows."""
        ...

    async def begin(self, sql: str, timeout: float | None = None) -> None:
        """Begin a transaction with this statement: now, or (PostgreSQL) together with the next one.

        From here on `status` says that there is one. COMMIT or ROLLBACK by `script`, before anything else, then send nothing.
        On PostgreSQL nothing is waited for but the end of what is being cancelled.
        """
        ...

    async def pipeline(self) -> WirePipeline:
        """Statements that are not waited for one by one. Raises InterfaceError while something else has the connection."""
        ...

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        """Wait until `reader`, of this wire's inbox, has something to take; False after `timeout` seconds, 0 does not wait.

        Raises ConnectionLost when the connection has ended and nothing is left to take.
        """
        ...

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        """Run several statements without parameters, all or nothing; how many rows each of them affected."""
        ...

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        """Check a statement and keep it prepared."""
        ...

    async def clear_cache(self) -> None:
        """Give up the statements that are kept prepared."""
        ...

    def set_codec(self, codec: Any) -> None:
        """Send the values of a type through a `ferrow.types.Codec` from now on. SQLite: NotSupportedError."""
        ...

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> WireCursor:
        """Run one statement whose rows are fetched in pieces; on PostgreSQL it lives as long as the transaction.

        `timeout` bounds this call, and each fetch.
        """
        ...

    async def describe(self, sql: str, timeout: float | None = None) -> Description:
        """The columns of a statement, which is prepared and not run. Raises NotSupportedError on SQLite."""
        ...

    async def copy_in(self, sql: str, timeout: float | None = None) -> WireCopyIn:
        """Begin a COPY FROM STDIN. `timeout` bounds each wait for the server. Raises NotSupportedError on SQLite."""
        ...

    async def copy_out(self, sql: str, timeout: float | None = None) -> WireCopyOut:
        """Begin a COPY TO STDOUT. `timeout` bounds each wait for the server. Raises NotSupportedError on SQLite."""
        ...

    async def settle(self, timeout: float) -> bool:
        """Cancel what an abandoned caller left running and drain it; False if that took over `timeout` seconds."""
        ...

    def undo(self) -> bool:
        """Have a ROLLBACK follow what is being cancelled, before anybody else gets the connection, and count as idle from now on.

        False when nothing is being cancelled, or the wire is not of that kind: then it is the caller's to settle and roll back.
        """
        ...

    async def close(self) -> None:
        """Say goodbye to the server and release the connection. Never raises for a lost connection."""
        ...

    def abort(self) -> None:
        """Drop the connection at once, without a word to the server."""
        ...

    def probe(self) -> bool:
        """Whether the connection still stands, as far as can be told without waiting: for connections that were idle."""
        ...

    @property
    def news(self) -> News | None:
        """What the server says without being asked; None where it says nothing (SQLite)."""
        ...

    @property
    def backend_pid(self) -> int | None:
        """Number of the server process that serves the connection; None where there is no server (SQLite)."""
        ...

    @property
    def closed(self) -> bool:
        """Whether the connection is over, for whatever reason."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a statement whose caller has gone is still running."""
        ...

    @property
    def idle(self) -> tuple[float, Status] | None:
        """For how many seconds the server has had nothing to do here, and in which state it is; None while it has, and on SQLite.

        Never waits for a statement that runs in another thread.
        """
        ...

    @property
    def refusals(self) -> int | None:
        """How often the server has refused a write as read-only (SQLSTATE 25006); None while a statement runs in another thread."""
        ...

    @property
    def status(self) -> Status:
        """Transaction status, as the server last reported it."""
        ...

    @property
    def clean(self) -> bool:
        """Whether the next borrower may have it as it is: not `busy`, `idle`, not `closed`. One question, since pools ask it often."""
        ...

    @property
    def requests(self) -> int:
        """How many requests were made so far, to tell whether there were any since."""
        ...

    @property
    def server_version(self) -> str:
        """What the server calls its version, e.g. `16.4 (Debian 16.4-1)`."""
        ...

    def facts(self) -> dict[str, Any]:
        """What is known without asking the server: `cached_statements`, `unnamed_statements`, `backend_pid`, `parameters`."""
        ...


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


class Waiter(Protocol):
    """One-shot signal between two tasks or threads."""

    def set(self) -> None:
        """Wake the one who waits, now or later. Once is enough; more is fine."""
        ...

    async def wait(self, timeout: float | None) -> bool:
        """Wait for `set`; False when `timeout` seconds passed first."""
        ...


class World(Protocol):
    """How waiting is done: blocking threads or an asyncio loop."""

    name: str
    """`blocking` or `asyncio`."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def waiter(self) -> Waiter:
        """A new one-shot signal."""
        ...

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> None:
        """Run detached from the caller: a task on asyncio, at once in the blocking world. Errors are logged."""
        ...

    def detach(self, coro: Coroutine[Any, Any, Any]) -> None:
        """As `spawn`, for what may have to wait: in the blocking world in a thread of its own."""
        ...

    async def finish(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run to the end even if the caller is cancelled, or cancelled again, meanwhile."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        ...

    async def open(self, settings: Settings) -> Wire:
        """Connect. Raises OperationalError or one of its kind, naming host and port, never the password."""
        ...

    def key(self) -> Any:
        """What connections of this world belong to: the running loop, or the process."""
        ...


def async_only(function: F) -> F:
    """Mark a method of an `AsyncX` class that has no sync twin."""
    function.__async_only__ = True  # type: ignore[attr-defined]
    return function
