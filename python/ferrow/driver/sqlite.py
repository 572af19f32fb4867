"""What SQLite can do besides running statements: `conn.sqlite`."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from ferrow._core import SqliteTools
from ferrow.driver.single import Single
from ferrow.driver.sqlite_backup import copy
from ferrow.driver.sqlite_blob import AsyncBlob
from ferrow.driver.sqlite_functions import LIMITS, MOST, check_callable, check_class, check_name, check_number
from ferrow.errors import NotSupportedError, ProgrammingError, nearest

if TYPE_CHECKING:
    from ferrow.abc import SqliteWire
    from ferrow.driver.connection import AsyncConnection


class AsyncSqlite(Single):
    """The rest of SQLite, for one connection. Made by `conn.sqlite`.

    A connection that an engine lent and that was changed here is not lent again. Functions and collations are plain Python, called while a statement runs: on asyncio in the connection's own thread. They
    and all they refer to last until the connection is closed. One that raises makes the statement fail with an OperationalError whose `__cause__`
    is the exception; one that uses its own connection gets an InterfaceError.
    """

    __slots__ = ("_conn",)

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn
        _ = self._wire  # refuses other databases

    @property
    def _wire(self) -> SqliteWire:
        wire: Any = self._conn.wire
        if wire.dialect != "sqlite":
            raise NotSupportedError(
                f"conn.sqlite is what only SQLite can do, and this connection is to {wire.dialect}; look at conn.dialect first"
            )
        return wire  # type: ignore[no-any-return]

    async def _call(self, method: str, *arguments: Any, lasting: bool = False) -> Any:
        wire = self._wire
        if lasting:
            wire.touch()
        return await wire.call(getattr(SqliteTools(wire.core), method), *arguments)

    async def create_function(
        self,
        name: str,
        function: Callable[..., Any] | None,
        *,
        arguments: int = -1,
        deterministic: bool = False,
        directonly: bool = True,
    ) -> None:
        """Let SQL call a Python function.

        Args:
            name: what SQL calls it, in any case; a function of SQLite with that name is replaced.
            function: gets int, float, str, bytes or None, and returns what a parameter may be; None removes the one with that
                number of arguments.
            arguments: how many it takes; -1 for any number. One name may have several, with different numbers.
            deterministic: it always gives the same answer for the same arguments. SQLite may call it less often, and take it
                for indexes and generated columns.
            directonly: refuse it in views, triggers, indexes, defaults and CHECK constraints, which whoever wrote the file
                has chosen. Turn this off for functions that do no harm whatever they are called with.

        Raises:
            ProgrammingError: a name that is Ferrow's own or none at all, a number of arguments SQLite does not know, or an
                `async def`.
        """
        await self._create(
            "function", name, check_callable("function", name, function), arguments, deterministic, directonly
        )

    async def create_aggregate(
        self,
        name: str,
        cls: Callable[[], Any] | None,
        *,
        arguments: int = -1,
        deterministic: bool = False,
        directonly: bool = True,
    ) -> None:
        """Let SQL call a Python class as an aggregate: one instance per group.

        Args:
            name, arguments, deterministic, directonly: as for `create_function`.
            cls: makes an object with `step(*values)`, called per row, and `finalize()`, which gives the result; also of a
                group without rows. None removes it.

        Raises ProgrammingError as `create_function`, and for a class that lacks a method.
        """
        check_class("aggregate", name, cls, ("step", "finalize"))
        await self._create("aggregate", name, cls, arguments, deterministic, directonly)

    async def create_window_function(
        self,
        name: str,
        cls: Callable[[], Any] | None,
        *,
        arguments: int = -1,
        deterministic: bool = False,
        directonly: bool = True,
    ) -> None:
        """Let SQL call a Python class over a window, `name(...) OVER (...)`, and as an aggregate.

        Args:
            name, arguments, deterministic, directonly: as for `create_function`.
            cls: makes an object with `step(*values)` for a row that enters the window, `inverse(*values)` for one that leaves
                it, `value()` for the result so far, and `finalize()` for the last one. None removes it.

        Raises ProgrammingError as `create_aggregate`.
        """
        check_class("window function", name, cls, ("step", "inverse", "value", "finalize"))
        await self._create("window", name, cls, arguments, deterministic, directonly)

    async def _create(
        self, kind: str, name: str, callable_: Any, arguments: int, deterministic: bool, directonly: bool
    ) -> None:
        check_number("arguments", arguments)
        arguments = max(-MOST, min(arguments, MOST))
        await self._call("register", kind, name, callable_, arguments, deterministic, directonly, lasting=True)

    async def create_collation(self, name: str, compare: Callable[[str, str], int] | None) -> None:
        """Let SQL order texts by a Python function: `ORDER BY x COLLATE name`.

        Args:
            name: what SQL calls it, in any case.
            compare: negative if its first argument comes before the second, positive if after, 0 if they are equal; None
                removes it. It must be an order: what an index or a sort finds is undefined otherwise.

        When it raises, the statement fails and whatever it wrote is undone; inside a transaction in which something was
        written, SQLite's or not, the whole transaction is rolled back.

        Raises ProgrammingError as `create_function`.
        """
        await self._call("collate", name, check_callable("collation", name, compare), lasting=True)

    async def backup(
        self,
        target: AsyncConnection | str | PathLike[str],
        *,
        pages: int = -1,
        sleep: float = 0.0,
        progress: Callable[[int, int], Any] | None = None,
    ) -> None:
        """Copy this database over another one, while both are open. This connection can be used meanwhile.

        Args:
            target: a connection, idle until the copy is made, or the path of a file. What it held is overwritten at the end; if
                the copy is not completed (an error, a cancellation), it stays as it was.
            pages: to copy at a time; -1 copies all in one go, as of one moment. With less, a writer in another connection
                makes it begin anew.
            sleep: seconds between two steps.
            progress: called after each step with the pages that are left and their total.

        Raises:
            OperationalError: one of the databases is locked for longer than `busy_timeout`, or cannot be read or written.
            ProgrammingError: source and target are the same connection, or one of them is in a transaction.
        """
        await copy(self._conn, target, to_target=True, pages=pages, sleep=sleep, progress=progress)

    async def restore(
        self,
        source: AsyncConnection | str | PathLike[str],
        *,
        pages: int = -1,
        sleep: float = 0.0,
        progress: Callable[[int, int], Any] | None = None,
    ) -> None:
        """Copy another database over this one: `backup` the other way round.

        Args:
            source: a connection, or the path of a file, which must exist.
            pages, sleep, progress: as for `backup`. This connection cannot be used before the end.

        Raises as `backup`.
        """
        await copy(self._conn, source, to_target=False, pages=pages, sleep=sleep, progress=progress)

    async def serialize(self) -> bytes:
        """The database as the bytes a file would hold, the write-ahead log included."""
        return await self._call("serialize")  # type: ignore[no-any-return]

    async def deserialize(self, data: bytes) -> None:
        """Replace the content of this in-memory database by that of a database file.

        Raises DatabaseError if `data` is no database, ProgrammingError if it is no bytes, or if this connection is to a file, or in
        a transaction.
        """
        try:
            view = memoryview(data)
        except TypeError:  # bytes(0) would be an empty database
            raise ProgrammingError(f"a database is deserialized from bytes, not {data!r:.100}") from None
        await self._call("deserialize", bytes(view), lasting=True)

    async def open_blob(
        self, table: str, column: str, rowid: int, *, readonly: bool = True, schema: str = "main"
    ) -> AsyncBlob:
        """Open one value of one row, to read or overwrite parts of it without loading it whole.

        Args:
            table, column: exact names, not quoted; the column holds a BLOB or a text.
            rowid: of the row.
            readonly: False allows writing. An open writable blob holds the write lock of the database.
            schema: `main`, `temp`, or the name of an attached database.

        Raises ProgrammingError if there is no such table, column or row, or a value without bytes, such as NULL.
        """
        for what, name in (("schema", schema), ("table", table), ("column", column)):
            check_name(what, name)
        check_number("rowid", rowid)
        if not isinstance(readonly, bool):
            raise ProgrammingError(f"readonly is True or False, not {readonly!r}")
        wire = self._wire
        wire.touch()
        tools = SqliteTools(wire.core)
        return AsyncBlob(wire, await wire.call(tools.open_blob, schema, table, column, rowid, readonly))

    async def encoded(self, type_name: str, value: Any) -> int | float | str | bytes | None:
        """What the codec for a declared type writes of a value: for places of a statement where it is not used by itself.

        A codec is used where a parameter stands alone beside a column or goes into it. Elsewhere, as in `lower(feeling) = ?` or
        for the column of a view, a parameter is written as if there were no codec. What this gives is what a statement is given; a column
        of numbers makes a number of a text.

        Args:
            type_name: as columns are declared with it, e.g. `mood`.
            value: what the codec encodes; None stays None.

        Raises ProgrammingError if the connection has no codec of that name that encodes, DataError as a statement would.
        """
        return await self._call("encoded", type_name, value)  # type: ignore[no-any-return]

    async def load_extension(self, path: str | PathLike[str], entry: str | None = None) -> None:
        """Load a shared library that adds functions to SQLite.

        It runs code of its own in this process. So the connection must have been opened with `allow_extensions=True`; and
        only this method can load one, not SQL.

        Args:
            path: of the library, with or without its suffix.
            entry: the function in it to call first; None for SQLite's guess.

        Raises ProgrammingError if it is not allowed, or the library cannot be loaded.
        """
        await self._call("load_extension", fspath(path), entry, lasting=True)

    def interrupt(self) -> None:
        """Make what the connection is doing fail with QueryCancelled; nothing happens if it does nothing.

        May be called from any thread and any task.
        """
        SqliteTools(self._wire.core).interrupt()

    async def last_insert_rowid(self) -> int:
        """The rowid of the last row this connection has inserted; 0 before the first. `INSERT ... RETURNING` says more."""
        return await self._call("last_insert_rowid")  # type: ignore[no-any-return]

    async def total_changes(self) -> int:
        """How many rows this connection has inserted, updated and deleted."""
        return await self._call("total_changes")  # type: ignore[no-any-return]

    async def limit(self, name: str, value: int | None = None) -> int:
        """One of SQLite's limits (https://sqlite.org/limits.html); gives the one before.

        Args:
            name: as in SQLite without `SQLITE_LIMIT_`, in lower case, e.g. `variable_number`.
            value: a new limit, cut to what SQLite was compiled for; None leaves it.

        Raises ProgrammingError for an unknown name or a negative value.
        """
        number = LIMITS.get(name)
        if number is None:
            raise ProgrammingError(f"unknown limit {name!r}. {nearest(name, LIMITS)}")
        if value is not None:
            check_number(f"the limit {name}", value)
            if value < 0:
                raise ProgrammingError(f"the limit {name} cannot be negative: {value}")
        high = -1 if value is None else min(value, MOST)
        return await self._call("limit", number, high, lasting=value is not None)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._conn._wire!r}>"
