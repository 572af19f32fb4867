"""Copying a database step by step, in either direction."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ferrow._core import SqliteTools
from ferrow.driver.sqlite_functions import MOST, check_steps
from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError

if TYPE_CHECKING:
    from os import PathLike

    from ferrow._core import SqliteBackup
    from ferrow.abc import SqliteWire, World
    from ferrow.driver.connection import AsyncConnection


async def copy(
    conn: AsyncConnection,
    other: AsyncConnection | str | PathLike[str],
    *,
    to_target: bool,
    pages: int,
    sleep: float,
    progress: Callable[[int, int], Any] | None,
) -> None:
    """Copy the database of `conn` over `other`, or the other way round."""
    check_steps(pages, sleep, progress)
    pages = min(pages, MOST) if pages > 0 else -1
    mine = conn.sqlite._wire
    world = conn._world
    assert world is not None
    if not isinstance(other, str | os.PathLike):
        if not hasattr(other, "_world"):
            raise InterfaceError(
                f"the other side of a backup is a path or a connection of the same colour as this one, not {other!r}"
            )
        theirs = other.sqlite._wire
        source, target = (mine, theirs) if to_target else (theirs, mine)
        return await _copy(world, source, target, True, pages, sleep, progress)
    await _copy_file(world, mine, os.fspath(other), to_target, pages, sleep, progress)
    return None


async def _copy_file(
    world: World,
    mine: SqliteWire,
    path: str,
    to_target: bool,
    pages: int,
    sleep: float,
    progress: Callable[[int, int], Any] | None,
) -> None:
    if path.startswith(("sqlite:", "file:")):
        raise InterfaceError(
            f"the other side of a backup is a path, not the URL {path!r}; a file of this name is './{path}', a database "
            "that is in memory or wants options is another connection"
        )
    from ferrow.wire.settings import Settings
    from ferrow.wire.sqlite_url import check_path

    check_path(path)
    if await mine.call(SqliteTools(mine.core).is_at, path):
        raise ProgrammingError(
            f"{path!r} is the file of this connection's own database: a database cannot be copied onto itself"
        )
    # As quick as opening it, which comes next.
    new = to_target and not os.path.exists(path)  # noqa: ASYNC240
    empty = new or (to_target and os.path.getsize(path) == 0)  # noqa: ASYNC240
    # What is empty gets no write-ahead log of its own, which would be in it at once: what arrives says which journal the copy has.
    options: dict[str, Any] = {"journal_mode": "delete"} if empty else {"mode": "rw" if to_target else "ro"}
    opened: Any = await world.open(Settings(dialect="sqlite", database=path, **options))
    complete = False
    try:
        source, target = (mine, opened) if to_target else (opened, mine)
        await _copy(world, source, target, not to_target, pages, sleep, progress)
        complete = True
    finally:
        await world.finish(opened.close())
        if new and not complete:
            with suppress(FileNotFoundError):
                os.unlink(path)  # it is empty


async def _copy(
    world: World,
    source: SqliteWire,
    target: SqliteWire,
    stays: bool,
    pages: int,
    sleep: float,
    progress: Callable[[int, int], Any] | None,
) -> None:
    backup = SqliteTools(source.core).backup(target.core, stays)
    try:
        await source.call(backup.start)
        done = False
        while not done:
            left, total, done = await source.call(backup.step, pages)
            if progress is not None:
                progress(left, total)
            if sleep and not done:
                await world.sleep(sleep)
    finally:
        # Behind a step that a cancelled caller has left: then the target is its own again, and as it was if this is too early.
        await world.finish(_close(source, backup))


async def _close(source: SqliteWire, backup: SqliteBackup) -> None:
    try:
        await source.call(backup.close)
    except DatabaseError:
        backup.close()  # the source is closed, and this has ended with it
