"""One physical connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc.pieces import WireCopyIn, WireCopyOut, WireCursor
    from ferrow.abc.statement import Description, Params, Status
    from ferrow.errors import InterfaceError
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News
    from ferrow.wire.pipelining import WirePipeline


class Wire(Protocol):
    """One physical connection. Every wait for the database happens behind this Protocol."""

    dialect: str
    """`postgresql`, `sqlite` or `mysql`: the name of a dialect."""

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

    @property
    def rows_now(self) -> Callable[[str, Params, Shape], list[Any]] | None:
        """As `run_now`, but gives only the list of rows; None for a wire that would be no faster."""
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

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        """Begin a transaction with this statement: now, or (PostgreSQL) together with the next one.

        From here on `status` says that there is one. COMMIT or ROLLBACK by `script`, before anything else, then send nothing.
        On PostgreSQL nothing is waited for but the end of what is being cancelled. `guarded`: no statement may end it but
        COMMIT and ROLLBACK, each a script; others are a ProgrammingError, and are not run. On MariaDB those that commit in passing are, and
        the next one begins another.
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
        """Send the values of a type through a `ferrow.types.Codec` from now on.

        Raises NotSupportedError where the database's types have none, and on SQLite for a codec that cannot work there.
        """
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

    def remembered(self, sql: str) -> Description | None:
        """What `describe` said of a statement before, without asking again: only for who checks it, as `copy_in` helps to.

        None in a transaction, where what turns out wrong would cost all of it, and while something else has the connection.
        """
        ...

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> WireCopyIn:
        """Begin a COPY FROM STDIN. `timeout` bounds each wait for the server. Raises NotSupportedError on SQLite.

        `describing`: a query, which is not run. What its columns are is told with the beginning, and stays so until the end,
        because it belongs to the same transaction.
        """
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

    def refusal(self) -> InterfaceError | None:
        """What a call is to be refused with, because the connection is over; it says so and, if it was lost, why.

        None also for a connection that was lost while nobody was at work with it: the next request says why, by a ConnectionLost, and
        those after it get this error.
        """
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
    def reading(self) -> str:
        """How the session reads strings in SQL: a name in `lexical.GRAMMARS`."""
        ...

    @property
    def server_version(self) -> str:
        """What the server calls its version, e.g. `16.4 (Debian 16.4-1)`."""
        ...

    def facts(self) -> dict[str, Any]:
        """What is known without asking the server: `cached_statements`, `unnamed_statements`, `backend_pid`, `parameters`."""
        ...
