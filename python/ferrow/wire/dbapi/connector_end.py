"""How a pool closes a connection: in order, or where nobody can wait for it."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ferrow.wire.dbapi.connector_reset import closed, maybe

if TYPE_CHECKING:
    from ferrow.wire.dbapi.connector_queue import Member

_CLOSING: set[asyncio.Task[Any]] = set()


async def close(member: Member) -> None:
    """Close a connection, and its thread."""
    if member.threads is not None:
        member.threads.stop()
    if not closed(member.conn):
        await maybe(member.conn.close())


def drop(member: Member) -> None:
    """Close a connection when what runs on it has ended, without waiting for that."""
    call = member.conn.close
    if inspect.iscoroutinefunction(call):
        _later(member)
    elif member.threads is not None:
        member.threads.last(call)
    else:
        with suppress(Exception):
            call()


def _later(member: Member) -> None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return  # its loop is over
    task = loop.create_task(_quietly(member))
    _CLOSING.add(task)
    task.add_done_callback(_CLOSING.discard)


async def _quietly(member: Member) -> None:
    with suppress(Exception):
        await close(member)
