"""Floors on SQLite, to be added to any group: C that steps through the rows and makes no object of them.

It uses the system's SQLite, which need not be the version that Ferrow or the standard library contain.
"""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from bench.case import Group, Loop, Work, async_case, sync_case
from bench.data import SELECT_ALL, SELECT_ONE, USERS, keys
from bench.settings import sqlite_file

_NAME = "C, sqlite3_step"


def points(group: Group) -> None:
    """One query per operation of the group."""

    @sync_case(group, "floor", _NAME)
    def c() -> Iterator[Work]:
        yield Work(_points(group.ops), _found(group.ops))


def points_async(groups: dict[Loop, Group]) -> None:
    """One query per operation, in the thread of the loop; and what going to another thread and back costs by itself."""
    count = groups["asyncio"].ops

    @async_case(groups, "floor", _NAME)
    async def c() -> AsyncIterator[Work]:
        step = _points(count)

        async def run() -> int:
            return step()

        yield Work(run, _found(count))

    @async_case(groups, "info", "to a thread and back, doing nothing there")
    async def hop() -> AsyncIterator[Work]:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:

            async def run() -> None:
                for _ in range(count):
                    await loop.run_in_executor(pool, int)

            yield Work(run)


def table(group: Group) -> None:
    """The whole table in one query."""

    @sync_case(group, "floor", _NAME)
    def c() -> Iterator[Work]:
        yield Work(_table(), _found(USERS))


def table_async(groups: dict[Loop, Group]) -> None:
    """The whole table in one query, in the thread of the loop."""

    @async_case(groups, "floor", _NAME)
    async def c() -> AsyncIterator[Work]:
        step = _table()

        async def run() -> int:
            return step()

        yield Work(run, _found(USERS))


def inserts(group: Group, file: Callable[[], AbstractContextManager[str]], sql: str, empty: str) -> None:
    """The table filled anew in one transaction, in a file of its own."""

    @sync_case(group, "floor", _NAME)
    def c() -> Iterator[Work]:
        with file() as path:
            tidy, fill = _inserts(path, sql, empty)
            yield Work(fill, _found(USERS), before=tidy)


def inserts_async(
    groups: dict[Loop, Group], file: Callable[[], AbstractContextManager[str]], sql: str, empty: str
) -> None:
    """The same in the thread of the loop."""

    @async_case(groups, "floor", _NAME)
    async def c() -> AsyncIterator[Work]:
        with file() as path:
            tidy, fill = _inserts(path, sql, empty)

            async def before() -> None:
                tidy()

            async def run() -> int:
                return fill()

            yield Work(run, _found(USERS), before=before)


def _inserts(path: str, sql: str, empty: str) -> tuple[Callable[[], None], Callable[[], int]]:
    """What empties the table, and what fills it."""
    library = _library(sql, path)
    library.inserts.restype = ctypes.c_long
    library.inserts.argtypes = [ctypes.c_long]
    library.execute.argtypes = [ctypes.c_char_p]

    def tidy() -> None:
        if library.execute(empty.encode()):
            raise RuntimeError(f"{empty} failed")

    return tidy, lambda: int(library.inserts(USERS))


def _points(count: int) -> Callable[[], int]:
    library = _library(SELECT_ONE + "?")
    asked = (ctypes.c_int * count)(*keys(count))
    return lambda: int(library.points(asked, count))


def _table() -> Callable[[], int]:
    library = _library(SELECT_ALL)
    return lambda: int(library.rows())


def _library(sql: str, file: str | None = None) -> ctypes.CDLL:
    from bench.floor import compiled

    library = compiled.library("sqlite", "sqlite3")
    library.rows.restype = library.points.restype = ctypes.c_long
    library.points.argtypes = [ctypes.POINTER(ctypes.c_int), ctypes.c_long]
    path = file or sqlite_file()
    if library.prepare(path.encode(), sql.encode()):
        raise RuntimeError(f"the system's SQLite does not open {path}")
    return library


def _found(count: int) -> Callable[[object], None]:
    def check(found: object) -> None:
        if found != count:
            raise AssertionError(f"found {found} rows instead of {count}")

    return check
