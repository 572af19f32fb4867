"""The small Protocols on which the floors meet.

Nothing here runs; a room that needs a connection, a clock or a lock takes one of these as an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from ferrow._core import Kinds, PgTypes, Result, Shape, SqliteConnection
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News
    from ferrow.wire.pipelining import WirePipeline
    from ferrow.wire.settings import Settings

T = TypeVar("T")
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

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        """Run one statement and return its rows in the asked shape."""
        ...

    async def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        """Run one statement once per row, all or nothing; the rows returned are concatenated in order."""
        ...

    async def script(self, sql: str) -> None:
        """Run one or several statements without parameters and drop their rows."""
        ...

    async def begin(self, sql: str) -> None:
        """Begin a transaction with this statement: now, or (PostgreSQL) together with the next one.

        From here on `status` says that there is one. COMMIT or ROLLBACK by `script`, before anything else, then send nothing.
        """
        ...

    async def pipeline(self) -> WirePipeline:
        """Statements that are not waited for one by one. Raises InterfaceError while something else has the connection."""
        ...

    async def script_within(self, sql: str, timeout: float) -> None:
        """As `script`; with no answer within `timeout` seconds the connection is dropped. Raises ConnectionLost then."""
        ...

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        """Wait until `reader`, of this wire's inbox, has something to take; False after `timeout` seconds, 0 does not wait.

        Raises ConnectionLost when the connection has ended and nothing is left to take.
        """
        ...

    async def batch(self, statements: tuple[str, ...]) -> list[int]:
        """Run several statements without parameters, all or nothing; how many rows each of them affected."""
        ...

    async def prepare(self, sql: str) -> None:
        """Check a statement and keep it prepared."""
        ...

    async def clear_cache(self) -> None:
        """Give up the statements that are kept prepared."""
        ...

    def set_codec(self, codec: Any) -> None:
        """Send the values of a type through a `ferrow.types.Codec` from now on. SQLite: NotSupportedError."""
        ...

    async def open_cursor(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> WireCursor:
        """Run one statement whose rows are fetched in pieces; on PostgreSQL it lives as long as the transaction."""
        ...

    async def describe(self, sql: str) -> Description:
        """The columns of a statement, which is prepared and not run. Raises NotSupportedError on SQLite."""
        ...

    async def copy_in(self, sql: str) -> WireCopyIn:
        """Begin a COPY FROM STDIN. Raises NotSupportedError on SQLite."""
        ...

    async def copy_out(self, sql: str) -> WireCopyOut:
        """Begin a COPY TO STDOUT. Raises NotSupportedError on SQLite."""
        ...

    async def settle(self, timeout: float) -> bool:
        """Cancel what an abandoned caller left running and drain it; False if that took over `timeout` seconds."""
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
    def status(self) -> Status:
        """Transaction status, as the server last reported it."""
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
        """What is known without asking the server: `cached_statements`, `backend_pid`, `parameters`."""
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
