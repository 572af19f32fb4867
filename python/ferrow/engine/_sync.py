"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

# pyright: reportIncompatibleVariableOverride=false
from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ferrow.driver._sync import Connection, Pieces, Pipeline, Transaction
from ferrow.driver.pieces import T
from ferrow.engine.engine import AsyncEngine
from ferrow.engine.inspector import AsyncInspector
from ferrow.engine.pair import OnlySync
from ferrow.engine.pipeline import AsyncPipelineScope
from ferrow.engine.pool import AsyncPool
from ferrow.engine.scope import AsyncConnectionScope
from ferrow.engine.stream import AsyncEngineStream
from ferrow.engine.transaction import AsyncTransactionScope
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Any, Self

    from ferrow._core import Kinds, Result, Row, Shape
    from ferrow.abc import Params
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.blocks import AsyncBlocks
    from ferrow.engine.limits import Limits
    from ferrow.engine.pair import Pair
    from ferrow.engine.part import AsyncPart
    from ferrow.engine.result import QueryResult
    from ferrow.engine.slot import Slot
    from ferrow.engine.source import Source
    from ferrow.engine.stats import PoolStats
    from ferrow.engine.stream import AsyncStreaming, S
    from ferrow.engine.tables import AsyncTables
    from ferrow.schema.compare import Difference
    from ferrow.schema.found import FoundTable
    from ferrow.schema.info import ColumnInfo, ConstraintInfo, IndexInfo, TableInfo
    from ferrow.sql.dialect import Dialect
    from ferrow.wire.settings import Settings


# ferrow.engine.part.AsyncPart
class Part:
    """A part of an engine."""

    __slots__ = ()
    _core: AsyncPart


# ferrow.engine.blocks.AsyncBlocks
class Blocks(Part):
    """Blocks, for engines."""

    __slots__ = ()
    _core: AsyncBlocks

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> TransactionScope:
        """A transaction: `with engine.transaction() as tx`. Committed at the end, rolled back on an exception.

        Everything that goes through this engine inside the block joins it; a block inside it is a savepoint.

        Args:
            isolation: `read uncommitted`, `read committed`, `repeatable read` or `serializable`; None is the server's
                default. SQLite is always serializable.
            readonly: refuse writes. On SQLite it also waits for no other writer.
            deferrable: with `serializable` and `readonly`, wait for a snapshot that can never fail (PostgreSQL).

        Raises:
            CommitUnknown: the connection was lost, or `command_timeout` passed, before COMMIT was answered.
        """
        return TransactionScope._of(
            self._core.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable)
        )

    def connection(self) -> ConnectionScope:
        """One connection for a block: `with engine.connection() as conn`. Inside a transaction it is that one's."""
        return ConnectionScope._of(self._core.connection())

    def pipeline(self) -> PipelineScope:
        """Statements that do not wait for each other: `with engine.pipeline() as pipe`, all on one connection.

        `pipe` is what `conn.pipeline()` gives; inside a transaction of this engine its statements are a part of that.
        """
        return PipelineScope._of(self._core.pipeline())


# ferrow.engine.tables.AsyncTables
class Tables(Part):
    """The part of an engine that knows tables. Names of tables are those of the schema in which the connection creates tables."""

    __slots__ = ()
    _core: AsyncTables

    def create_all(self, *models: type) -> None:
        """Create the tables and indexes of these models that do not exist yet, in one transaction.

        Models of any style; without arguments every declared `Base` subclass. Raises ModelError for what is not a model.
        """
        drive(self._core.create_all(*models))

    def drop_all(self, *models: type) -> None:
        """Drop the tables of these models where they exist, in one transaction. Models as for `create_all`."""
        drive(self._core.drop_all(*models))

    def inspector(self) -> Inspector:
        """What reads the tables that the database has, and compares them with models; see `ferrow.engine.inspector`."""
        return Inspector._of(self._core.inspector())

    def get_tables(self) -> list[str]:
        """The names of all tables, sorted; not those of views."""
        return drive(self._core.get_tables())

    def get_table_info(self, table: str) -> TableInfo:
        """The columns, indexes and constraints of a table or view; `engine.inspector()` knows more.

        Raises:
            ProgrammingError: there is no such table; names the nearest.
        """
        return drive(self._core.get_table_info(table))

    def get_columns(self, table: str) -> list[ColumnInfo]:
        """The columns of a table or view, in order. Raises as `get_table_info`."""
        return drive(self._core.get_columns(table))

    def get_indexes(self, table: str) -> list[IndexInfo]:
        """The indexes of a table that belong to no constraint; MariaDB has no unique constraints but such indexes.

        Raises as `get_table_info`.
        """
        return drive(self._core.get_indexes(table))

    def get_constraints(self, table: str) -> list[ConstraintInfo]:
        """Primary key, foreign keys, unique constraints and checks of a table. Raises as `get_table_info`."""
        return drive(self._core.get_constraints(table))

    def is_postgres(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._core.is_postgres()

    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self._core.is_sqlite()

    def is_mysql(self) -> bool:
        """Whether the database is MariaDB or MySQL."""
        return self._core.is_mysql()


# ferrow.engine.stream.AsyncEngineStream
class EngineStream(Pieces[T]):
    """The rows of one statement, so many of them in memory at a time. Made by `engine.stream()`, where more is said."""

    __slots__ = ()
    _core: AsyncEngineStream[T]

    def __init__(
        self,
        engine: Engine,
        sql: str,
        params: Params,
        *,
        chunk: int,
        shape: Shape,
        timeout: float | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        self._core = AsyncEngineStream(
            engine._core, sql, params, chunk=chunk, shape=shape, timeout=timeout, kinds=kinds
        )


# ferrow.engine.stream.AsyncStreaming
class Streaming:
    """Streams, for engines."""

    __slots__ = ()
    _core: AsyncStreaming

    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: None = None, timeout: float | None = None
    ) -> EngineStream[Row]: ...

    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: Shape[S], timeout: float | None = None
    ) -> EngineStream[S]: ...

    def stream(
        self,
        sql: str,
        params: Params = None,
        *,
        chunk: int = 1000,
        shape: Shape | None = None,
        timeout: float | None = None,
    ) -> EngineStream[Any]:
        """The rows of one statement, read in pieces: `for row in engine.stream(sql)`.

        At no time more than `chunk` rows are in memory. Until its end a stream holds a connection of the pool, in a transaction of
        its own, which commits at the end and rolls back when it is left early; inside `transaction()` it belongs to that, and
        other calls may run between its pieces.

        Args:
            sql, params: as for `run`.
            chunk: rows fetched at a time, at least 1.
            shape: what rows become; `Row`s if not given.
            timeout: seconds; they bound each wait for the database: for the beginning, for each piece, for the end.

        Raises:
            InterfaceError: `chunk` or `timeout` is not positive.
            When it is read, as `run`.
        """
        return EngineStream._of(self._core.stream(sql, params, chunk=chunk, shape=shape, timeout=timeout))


# ferrow.engine.engine.AsyncEngine
class Engine(OnlySync, Blocks, Tables, Streaming):
    """One database, for as long as the program runs; made by `create_engine`.

    Each call borrows a connection, uses it and gives it back; outside `transaction()` it commits by itself. Calls inside a
    `transaction()` block run on its connection.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncEngine

    @classmethod
    def _of(cls, core: AsyncEngine) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    @property
    def pool(self) -> Pool:
        """Where the connections come from."""
        return Pool._of(self._core.pool)

    def __init__(self, pair: Pair) -> None:
        self._core = AsyncEngine(pair, world=BLOCKING)

    @property
    def settings(self) -> Settings:
        """Address and options of the database. Its password does not show itself."""
        return self._core.settings

    @property
    def url(self) -> str:
        """The URL of the database, `****` for the password."""
        return self._core.url

    @property
    def dialect(self) -> Dialect:
        """The SQL dialect of the database."""
        return self._core.dialect

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)

    def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run one statement; its rows come in the asked shape.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders.
            shape: what rows become, e.g. `ferrow.driver.Shape.tuples()`.
            kinds: of the parameters, where the database does not describe them (SQLite).
            timeout: seconds, more than 0, for the connection and the statement together; None is the engine's
                `command_timeout`, math.inf no limit. The statement is then cancelled in the background.

        Raises:
            PoolTimeout: no connection became free in time.
            QueryTimeout: the statement did not end in time.
            DatabaseError: what the database reported.
        """
        return drive(self._core.run(sql, params, shape, kinds, timeout))

    def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run one statement once per row of parameters, all or nothing; the rows it returns are concatenated in order.

        `timeout` (for all rows together), and what is raised, are as for `run`.
        """
        return drive(self._core.run_many(sql, rows, shape, kinds, timeout))

    def script(self, sql: str, timeout: float | None = None) -> None:
        """Run several statements, separated by semicolons, without parameters and without results. `timeout` and
        errors as for `run`.

        Outside a transaction PostgreSQL runs them as one; SQLite commits each by itself.
        """
        drive(self._core.script(sql, timeout))

    def execute(self, sql: str, params: Params = None, timeout: float | None = None) -> QueryResult:
        """Run one statement and return its rows, if any, and how many it affected.

            result = engine.execute("SELECT name FROM users WHERE age > $1", [18])
            names = result.column("name")

        Arguments (`timeout` too) and errors as for `run`; PostgreSQL's placeholders are `$1`, `$2`, SQLite's `?`.
        """
        return drive(self._core.execute(sql, params, timeout))

    def query(self, sql: str, params: Params = None, timeout: float | None = None) -> list[Row]:
        """Run one statement and return all its rows, an empty list where it gives none.

        Arguments (`sql`, `params`, `timeout`) and errors as for `run`.
        """
        return drive(self._core.query(sql, params, timeout))

    def query_one(self, sql: str, params: Params = None, timeout: float | None = None) -> Row:
        """Run a statement that returns exactly one row. Raises NoResultFound, MultipleResultsFound, and as `run`.

        `timeout` is as for `run`.
        """
        return drive(self._core.query_one(sql, params, timeout))

    def open(self) -> Self:
        """Connect `min_size` times, at least once, and return the engine: a wrong address or password is an error here.

        Not needed: without it the first statement connects.

        Raises:
            OperationalError: connecting fails.
            InterfaceError: the engine is closed.
        """
        core = drive(self._core.open())
        return self if core is self._core else self._of(core)

    def close(self, timeout: float | None = None) -> None:
        """Close the connections of this colour; those of the other one are closed by its own `close`.

        Waits up to `timeout` seconds (default: `close_timeout`) for connections in use, then cuts them off. Calls that come
        afterwards raise PoolClosed.
        """
        drive(self._core.close(timeout))

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.engine.pool.AsyncPool
class Pool:
    """Connections to one database, lent in the order in which they were asked for.

    Connections belong to the event loop (blocking: the process) that opened them: another loop gets its own, those of a loop
    that has ended are dropped, and a forked child never touches its parent's. There is no background thread: connections are
    retired when they are asked for or given back.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncPool

    @classmethod
    def _of(cls, core: AsyncPool) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, source: Source, limits: Limits) -> None:
        self._core = AsyncPool(source, limits, world=BLOCKING)

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)

    def open(self) -> None:
        """Connect `min_size` times, at least once, so that a wrong password is an error here and not later."""
        drive(self._core.open())

    def acquire(self, timeout: float | None = None) -> Slot:
        """Borrow a connection; give it back with `release`.

        `timeout` in seconds (default: `acquire_timeout` of the pool) covers everything: the queue, connecting, trying out.
        Raises PoolTimeout, which says who holds what; PoolClosed; and what connecting raised.
        """
        return drive(self._core.acquire(timeout))

    def release(self, slot: Slot) -> None:
        """Give a connection back. Never waits and never fails, so a cancelled task can always do it.

        A connection given back in the middle of something is rolled back in the background (blocking: now, or in a thread
        if a statement is still being cancelled on it).
        """
        self._core.release(slot)

    def close(self, timeout: float | None = None) -> None:
        """Close every connection; wait up to `timeout` seconds (default: `close_timeout`) for borrowed ones, then cut them off.

        Callers still in the queue get PoolClosed. Closing twice does no harm.
        """
        drive(self._core.close(timeout))

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._core.closed

    def stats(self) -> PoolStats:
        """How many connections are doing what at this moment, in this process."""
        return self._core.stats()


# ferrow.engine.inspector.AsyncInspector
class Inspector:
    """Reads what an engine's database has; made by `engine.inspector()`. It changes nothing and keeps nothing."""

    __slots__ = ("_core",)
    _core: AsyncInspector

    @classmethod
    def _of(cls, core: AsyncInspector) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: Engine) -> None:
        self._core = AsyncInspector(engine._core)

    def tables(self, schema: str | None = None) -> list[FoundTable]:
        """All tables and views of a schema, by name.

        `schema` is one of PostgreSQL, an attached database of SQLite or a database of MariaDB's server; None: the one in which the
        connection creates tables.
        """
        return drive(self._core.tables(schema))

    def table(self, name: str, schema: str | None = None) -> FoundTable | None:
        """The table or view called `name`, None if there is none; `schema` as for `tables`."""
        return drive(self._core.table(name, schema))

    def compare(self, *models: type) -> list[Difference]:
        """What the database and these models, of any style, do not agree in; empty if they agree.

        `str()` of a difference is a sentence, its class says what it is, and `conflicts` whether programs will fail.
        Raises ModelError for what is no model.
        """
        return drive(self._core.compare(*models))


# ferrow.engine.pipeline.AsyncPipelineScope
class PipelineScope:
    """Borrows a connection for the length of a block, and opens a pipeline on it. Inside a transaction of the same engine both
    are that transaction's."""

    __slots__ = ("_core",)
    _core: AsyncPipelineScope

    @classmethod
    def _of(cls, core: AsyncPipelineScope) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: Engine) -> None:
        self._core = AsyncPipelineScope(engine._core)

    def __enter__(self) -> Pipeline:
        return Pipeline._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.engine.scope.AsyncConnectionScope
class ConnectionScope:
    """Borrows a connection for the length of a block. Inside a transaction of the same engine it is that transaction's."""

    __slots__ = ("_core",)
    _core: AsyncConnectionScope

    @classmethod
    def _of(cls, core: AsyncConnectionScope) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: Engine) -> None:
        self._core = AsyncConnectionScope(engine._core)

    def __enter__(self) -> Connection:
        return Connection._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.engine.transaction.AsyncTransactionScope
class TransactionScope:
    """A transaction for the length of a block: committed at its end, rolled back if an exception leaves it.

    Every call through the same engine inside the block runs in it, also from functions called there and from tasks started
    there while it is open. A block inside a block is a savepoint; such blocks in concurrent tasks take turns.
    """

    __slots__ = ("_core",)
    _core: AsyncTransactionScope

    @classmethod
    def _of(cls, core: AsyncTransactionScope) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: Engine, isolation: Isolation | None, readonly: bool, deferrable: bool) -> None:
        self._core = AsyncTransactionScope(engine._core, isolation, readonly, deferrable)

    def __enter__(self) -> Transaction:
        return Transaction._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))
