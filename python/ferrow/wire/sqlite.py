"""What both SQLite wires share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow._core import SqliteConnection
from ferrow.abc import Status
from ferrow.errors import NotSupportedError

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings

STATUS = {str(status): status for status in Status}


def connect(settings: Settings) -> SqliteConnection:
    """Open the database. Raises OperationalError, or DatabaseError if it is none; the message names the file."""
    return SqliteConnection(
        settings.database,
        uri=settings.uri,
        readonly=settings.mode == "ro",
        create=settings.mode == "rwc",
        busy_timeout=settings.busy_timeout,
        statement_cache_size=settings.statement_cache_size,
    )


def no_codecs() -> NotSupportedError:
    """The error for a codec on SQLite."""
    return NotSupportedError("codecs are for the types of PostgreSQL; SQLite has no types to give them to")
