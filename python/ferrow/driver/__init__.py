"""The driver: connections, rows and transactions, without models and without a query builder.

import ferrow.driver as pg

with pg.connect("postgresql://user:password@localhost/app") as conn:
    rows = conn.query("SELECT id, name FROM users WHERE active = $1", [True])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow._core import Kinds, Result, Row, Shape, __version__
from ferrow.driver._sync import (
    Blob,
    Connection,
    CopyOut,
    Cursor,
    Listener,
    Pending,
    Pipeline,
    PipelineTransaction,
    Sqlite,
    Stream,
    Transaction,
)
from ferrow.driver.connection import AsyncConnection
from ferrow.driver.copy_out import AsyncCopyOut
from ferrow.driver.cursor import AsyncCursor
from ferrow.driver.listener import AsyncListener
from ferrow.driver.pending import AsyncPending
from ferrow.driver.pep249 import (
    BINARY,
    DATETIME,
    NUMBER,
    ROWID,
    STRING,
    Binary,
    Date,
    DateFromTicks,
    Time,
    TimeFromTicks,
    Timestamp,
    TimestampFromTicks,
)
from ferrow.driver.pipeline import AsyncPipeline
from ferrow.driver.pipeline_transaction import AsyncPipelineTransaction
from ferrow.driver.sqlite import AsyncSqlite
from ferrow.driver.sqlite_blob import AsyncBlob
from ferrow.driver.stream import AsyncStream
from ferrow.driver.transaction import AsyncTransaction
from ferrow.errors import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,
)
from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.driver.notification import Gap as Gap
    from ferrow.driver.notification import Notification as Notification
    from ferrow.driver.trace import Trace as Trace
    from ferrow.driver.trace import log_statement as log_statement
    from ferrow.wire.notices import Notice as Notice

_HOME = {
    "Gap": "notification",
    "Notification": "notification",
    "Trace": "trace",
    "log_statement": "trace",
    "Notice": ".wire.notices",
}
"""What is imported on first use: dataclasses, whose import would take longer than all the rest."""

__all__ = [
    "AsyncBlob",
    "AsyncConnection",
    "AsyncListener",
    "AsyncCursor",
    "AsyncCopyOut",
    "AsyncPending",
    "AsyncPipeline",
    "AsyncPipelineTransaction",
    "AsyncSqlite",
    "AsyncStream",
    "AsyncTransaction",
    "BINARY",
    "Binary",
    "Blob",
    "Connection",
    "Cursor",
    "DATETIME",
    "CopyOut",
    "DataError",
    "DatabaseError",
    "Date",
    "DateFromTicks",
    "Error",
    "Gap",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "Kinds",
    "Listener",
    "NUMBER",
    "NotSupportedError",
    "Notice",
    "Notification",
    "OperationalError",
    "ProgrammingError",
    "Pending",
    "Pipeline",
    "PipelineTransaction",
    "ROWID",
    "Result",
    "Row",
    "STRING",
    "Shape",
    "Trace",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
    "Sqlite",
    "Stream",
    "Transaction",
    "Warning",
    "__version__",
    "apilevel",
    "connect",
    "connect_async",
    "get_version",
    "log_statement",
    "paramstyle",
    "threadsafety",
]

apilevel = "2.0"
threadsafety = 2
paramstyle = "numeric"


def connect(
    url: str | None = None,
    *,
    connection_string: str | None = None,
    autocommit: bool = False,
    trace: Callable[[Trace], object] | None = None,
    trace_values: bool = False,
    **options: Any,
) -> Connection:
    """Connect to `postgresql://user:password@host/database` or `sqlite:///file.db` now, and return the open connection.

    Args:
        url: where to, as libpq reads URLs and keyword DSNs (PostgreSQL manual, "Connection Strings"): also several hosts, and
            `host=... dbname=...`. `sqlite::memory:` is a database in memory. Options may stand in it: `...?connect_timeout=5`.
        connection_string: PostPyro's name for `url`, instead of that.
        autocommit: whether statements of cursors commit by themselves; those of `query` and `execute` do so anyway.
        trace: called with a `Trace` after every statement; see `Connection.trace`.
        trace_values: whether traces hold the parameters, which may be secret.
        options: win over those of the URL, e.g. `connect_timeout=5` (seconds for each address, default 30),
            `application_name="worker"`, `password=function` (asked for each connection; `async def` in async code only),
            `codecs=[...]` (`ferrow.types.Codec`s), `readonly=True` (SQLite).

    Raises:
        InterfaceError: a malformed URL, an unknown option, a file for TLS that cannot be used.
        OperationalError: connecting fails; also because the server cannot encrypt, or its certificate is not accepted. Every
            host that was tried is named with its reason.
    """
    return Connection(
        url,
        connection_string=connection_string,
        autocommit=autocommit,
        trace=trace,
        trace_values=trace_values,
        **options,
    )


async def connect_async(
    url: str | None = None,
    *,
    connection_string: str | None = None,
    autocommit: bool = False,
    trace: Callable[[Trace], object] | None = None,
    trace_values: bool = False,
    **options: Any,
) -> AsyncConnection:
    """`connect` for asyncio: `conn = await connect_async(url)`, or `async with await connect_async(url) as conn`.

    Args:
        url, connection_string, autocommit, trace, trace_values, options: as `connect`.

    Raises as `connect`.
    """
    return await AsyncConnection.connect(
        url,
        connection_string=connection_string,
        autocommit=autocommit,
        trace=trace,
        trace_values=trace_values,
        **options,
    )


def get_version() -> str:
    """The version of this package, e.g. "0.1.0"."""
    return __version__


if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
