"""SQLAlchemy's asyncio engines on this driver: `create_async_engine("postgresql+ferrow://user:password@host/database")`.

SQLAlchemy runs its own code in a greenlet and wants a PEP 249 module in there, whose calls wait by `await_only`. With the rest the dialect of plain
calls deals (`sqlalchemy.FerrowDialect`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

try:
    from sqlalchemy.connectors.asyncio import (
        AsyncAdapt_dbapi_connection,
        AsyncAdapt_dbapi_cursor,
        AsyncAdapt_dbapi_ss_cursor,
    )
    from sqlalchemy.pool import AsyncAdaptedQueuePool
    from sqlalchemy.util import await_only
except ModuleNotFoundError as _missing:
    from ferrow.driver.sqlalchemy_missing import named

    raise named(_missing) from None

import ferrow.driver
from ferrow.driver.cursor_server import AsyncServerCursor
from ferrow.driver.fetch import many
from ferrow.driver.sqlalchemy import FerrowDialect
from ferrow.wire.drive import drive


class _Cursor(AsyncAdapt_dbapi_cursor):
    """Executing waits; the rows are here then, and a connection orders its statements by itself."""

    __slots__ = ()

    _cursor: Any
    await_ = staticmethod(await_only)  # what SQLAlchemy 2.0 asks for

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = self._opened()

    def _opened(self) -> Any:
        return self._connection.cursor()

    @property
    def description(self) -> Any:
        return self._cursor.description

    def execute(self, operation: Any, parameters: Any = None) -> None:
        await_only(self._cursor.execute(operation, parameters))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        await_only(self._cursor.executemany(operation, seq_of_parameters))

    def fetchone(self) -> Any:
        return next(self._cursor._rest, None)

    def fetchmany(self, size: int | None = None) -> Any:
        return many(self._cursor._rest, self.arraysize if size is None else size)

    def fetchall(self) -> Any:
        return [*self._cursor._rest]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor._rest)

    def close(self) -> None:
        drive(self._cursor.close())

    async def _async_soft_close(self) -> None:
        """Nothing is held."""


class _ServerCursor(AsyncAdapt_dbapi_ss_cursor, _Cursor):
    __slots__ = ()

    __init__ = _Cursor.__init__

    def _opened(self) -> Any:
        return AsyncServerCursor(self._connection)  # type: ignore[arg-type]  # SQLAlchemy has a Protocol of its own


class _Connection(AsyncAdapt_dbapi_connection):
    __slots__ = ()

    _cursor_cls = _Cursor
    _ss_cursor_cls = _ServerCursor

    @property
    def autocommit(self) -> Any:
        return self._connection.autocommit

    @autocommit.setter
    def autocommit(self, value: Any) -> None:
        self._connection.autocommit = value

    def is_closed(self) -> Any:
        return self._connection.is_closed()

    def ping(self) -> Any:
        return await_only(self._connection.ping())

    def terminate(self) -> None:
        self._connection._guard.end()


class _Module:
    """`ferrow.driver`, but for the connections that are opened."""

    exceptions_module = ferrow.driver

    def __getattr__(self, name: str) -> Any:
        return getattr(ferrow.driver, name)

    def connect(
        self,
        *arguments: Any,
        async_creator_fn: Callable[..., Awaitable[Any]] = ferrow.driver.connect_async,
        **options: Any,
    ) -> _Connection:
        """As `connect_async`."""
        return _Connection(self, await_only(async_creator_fn(*arguments, **options)))


class FerrowAsyncioDialect(FerrowDialect):
    """`postgresql+ferrow` of asyncio engines. What follows `?` in the URL goes to `ferrow.driver.connect_async`."""

    is_async = True
    has_terminate = True
    poolclass = AsyncAdaptedQueuePool  # SQLAlchemy 2.0 does not see to it
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        return _Module()

    def server_side_cursor(self, dbapi_connection: Any) -> Any:
        return dbapi_connection.cursor(server_side=True)

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.terminate()

    def get_driver_connection(self, connection: Any) -> Any:
        return connection._connection
