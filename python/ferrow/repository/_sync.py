"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.engine._sync import Engine, TransactionScope
from ferrow.repository.database import AsyncDatabase, OnlySync
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Any, Self

    from ferrow.repository.dialect import Dialect
    from ferrow.repository.statement import ResultCursor


# ferrow.repository.database.AsyncDatabase
class Database(OnlySync):
    """One database, as repositories and sessions use it.

        db = Database(psycopg.Connection.connect(dsn), PostgresDialect())
        db = Database(create_engine("postgresql://localhost/app"))

    Every call commits by itself, unless it is inside `transaction()`, or the program has begun a transaction on the given
    connection by hand: then it is a part of that. Tasks may share one: over a single connection they wait for each other, and
    are never in each other's transactions. A connection that blocks is used in a thread of its own.

    Args:
        source: an engine of `create_engine`, or its URL; a connection of a DB-API 2.0 driver (sqlite3, psycopg, psycopg2,
            pg8000, PyMySQL, mysqlclient, Ferrow's own, or of another whose dialect is given) or of its asyncio counterpart
            (psycopg, aiosqlite, aiomysql); or a `PoolConnector`, of which each call takes a connection and gives it back.
        dialect: what the connection is to. Not needed for engines and the drivers named.
        acquire_timeout: seconds for which a call waits for a connection that others are using; None is the engine's, or 30.

    Raises:
        InterfaceError: what is given is none of these, or the dialect cannot be told from it.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncDatabase

    @classmethod
    def _of(cls, core: AsyncDatabase) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    @property
    def dialect(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return self._core.dialect

    def __init__(self, source: Any, dialect: Dialect | None = None, *, acquire_timeout: float | None = None) -> None:
        self._core = AsyncDatabase(source, dialect, acquire_timeout=acquire_timeout, world=BLOCKING)

    @property
    def engine(self) -> Engine:
        """The engine that does the work: sessions, queries and units of Ferrow take it. Raises DatabaseClosed after `close`."""
        return Engine._of(self._core.engine)

    @property
    def conn(self) -> Any:
        """The connection, or pool, that was given; None over an engine. Raises DatabaseClosed after `close`."""
        return self._core.conn

    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> ResultCursor:
        """Run one statement. Outside a transaction it is committed.

        Args:
            sql: one statement. Its placeholders are those of the dialect's `paramstyle`, or any other of PEP 249.
            params: a sequence for placeholders by position, a mapping for those by name.

        Returns:
            What it gave back: `rowcount`, `lastrowid`, and its rows by `fetchone()`, `fetchall()` and iteration.

        Raises:
            DatabaseError: or one of its kind: what the database reported, with the driver's own error as `__cause__`.
            DatabaseClosed: after `close`.
        """
        return drive(self._core.execute(sql, params))

    def fetchone(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """The first row of a query by the names of its columns, or None. Arguments and errors as for `execute`."""
        return drive(self._core.fetchone(sql, params))

    def fetchall(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a query by the names of their columns. Arguments and errors as for `execute`."""
        return drive(self._core.fetchall(sql, params))

    def transaction(self) -> TransactionScope:
        """A transaction: `with db.transaction()`. Committed at the end, rolled back on any exception.

        Everything that goes through this database inside the block is part of it; a block inside it is a savepoint.
        """
        return TransactionScope._of(self._core.transaction())

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._core.closed

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)
