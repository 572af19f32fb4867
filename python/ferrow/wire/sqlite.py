"""What both SQLite wires share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import SqliteConnection
from ferrow.abc import Status

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


STATUS = {str(status): status for status in Status}


def connect(settings: Settings, *, inline_reads: bool = False) -> SqliteConnection:
    """Open the database. Raises OperationalError, or DatabaseError if it is none; the message names the file."""
    return SqliteConnection(
        settings.database,
        uri=settings.uri,
        readonly=settings.mode == "ro",
        create=settings.mode == "rwc",
        immutable=settings.immutable,
        vfs=settings.vfs,
        journal_mode=settings.journal_mode,
        synchronous=settings.synchronous,
        cache_size=settings.cache_size,
        foreign_keys=settings.foreign_keys,
        allow_extensions=settings.allow_extensions,
        busy_timeout=settings.busy_timeout,
        statement_cache_size=settings.statement_cache_size,
        inline_reads=inline_reads,
        codecs=settings.codecs,
    )


def facts(core: SqliteConnection) -> dict[str, Any]:
    """What a connection knows about itself; there is no server process, and none that could report parameters."""
    return {
        "cached_statements": core.cached_statements,
        "unnamed_statements": False,
        "backend_pid": None,
        "parameters": {},
    }
