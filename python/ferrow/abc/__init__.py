"""The small Protocols on which the floors meet.

Nothing here runs; a room that needs a connection, a clock or a lock takes one of these as an argument.
"""

from __future__ import annotations

from ferrow.abc.colour import async_only
from ferrow.abc.pieces import WireCopyIn, WireCopyOut, WireCursor
from ferrow.abc.special import Answer, SharedWire, SqliteWire
from ferrow.abc.statement import Description, Params, Status
from ferrow.abc.wire import Wire
from ferrow.abc.world import Waiter, World

__all__ = [
    "Answer",
    "Description",
    "Params",
    "SharedWire",
    "SqliteWire",
    "Status",
    "Waiter",
    "Wire",
    "WireCopyIn",
    "WireCopyOut",
    "WireCursor",
    "World",
    "async_only",
]
