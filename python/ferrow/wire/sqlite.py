"""What both SQLite wires share."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ferrow._core import SqliteConnection
from ferrow.abc import Status
from ferrow.errors import OperationalError
from ferrow.wire.sqlite_copies import claimed

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


STATUS = {str(status): status for status in Status}


def connect(settings: Settings, *, inline_reads: bool = False) -> SqliteConnection:
    """Open the database.

    Raises OperationalError, DatabaseError if the file is no database, or InterfaceError if sqlite3 has it open; the message names the file.
    """
    with claimed(settings) as keep:
        if settings.immutable:
            _check_whole(settings.database)
        core = SqliteConnection(
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
        keep(core)
    return core


_WAL_HEADER = 32
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


def _check_whole(path: str) -> None:
    """Raises OperationalError if a database has a journal or write-ahead log: opened as immutable, SQLite would ignore it."""
    real = os.path.realpath(path)
    with suppress(OSError):
        if os.path.getsize(f"{real}-wal") > _WAL_HEADER:
            raise OperationalError(
                f'cannot open "{path}": its write-ahead log "{real}-wal" may hold what immutable=1 would not read. If a program has it open, '
                "leave immutable out; otherwise copy both files to where they may be written, and open the copy"
            )
    with suppress(OSError), open(f"{real}-journal", "rb") as journal:
        if journal.read(len(_JOURNAL_MAGIC)) == _JOURNAL_MAGIC:
            raise OperationalError(
                f'cannot open "{path}": a transaction was cut short, which immutable=1 would not undo by "{real}-journal". If a program is writing, '
                "leave immutable out; otherwise copy both files to where they may be written, and open the copy"
            )


def facts(core: SqliteConnection) -> dict[str, Any]:
    """What a connection knows about itself; there is no server process, and none that could report parameters."""
    return {
        "cached_statements": core.cached_statements,
        "unnamed_statements": False,
        "backend_pid": None,
        "parameters": {},
    }
