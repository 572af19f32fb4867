"""Connections of other drivers, as a program opens them before it gives them to a `Database`."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.support import maybe
from tests.support.packages import mysqlclient, require


@dataclass(frozen=True)
class Way:
    """How a connection is opened: a driver, the database it is to, and how it is set to commit."""

    name: str
    backend: str
    module: str
    colours: tuple[str, ...]
    open: Callable[[str], Any] = field(repr=False)

    async def opened(self, url: str) -> Any:
        """A connection; skips the test where the driver is missing."""
        if self.module == "MySQLdb":
            require(mysqlclient)
        try:
            importlib.import_module(self.module)
        except ImportError:
            pytest.skip(f"{self.module} is not installed")
        conn = await maybe(self.open(url))
        if self.backend == "sqlite":  # the program's choice, which is left alone; ours is on
            if "always" in self.name:  # in a transaction it would say nothing, and do nothing
                conn.commit()
                conn.autocommit = True
            await maybe(conn.execute("PRAGMA foreign_keys = ON"))
            if "always" in self.name:
                conn.autocommit = False
        return conn


async def begin(conn: Any, way: Way, sql: str) -> None:
    """As a program begins a transaction: in words where its driver is set to commit, else by a statement."""
    cursor = await maybe(conn.cursor())
    if "none" in way.name or "autocommit" in way.name or (way.backend == "sqlite" and "always" not in way.name):
        await maybe(cursor.execute("BEGIN"))
    await maybe(cursor.execute(sql))
    await maybe(cursor.close())


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    named = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    return {
        key: unquote(str(value)) if key != "port" else value for key, value in named.items() if value is not None
    } | {"database": parts.path[1:]}


def _pg8000(url: str) -> Any:
    import pg8000.dbapi

    return pg8000.dbapi.connect(**_postgresql(url))


def _psycopg(url: str, **options: Any) -> Any:
    import psycopg

    return psycopg.connect(url, **options)


def _psycopg_async(url: str) -> Any:
    import psycopg

    return psycopg.AsyncConnection.connect(url)


def _psycopg2(url: str) -> Any:
    import psycopg2

    return psycopg2.connect(url)


def _own(url: str) -> Any:
    from ferrow.driver import connect

    return connect(url)


def _own_async(url: str) -> Any:
    from ferrow.driver import AsyncConnection

    return AsyncConnection.connect(url)


def _mysql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port or 3306,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "charset": "utf8mb4",
    }


def _pymysql(url: str, **options: Any) -> Any:
    import pymysql

    return pymysql.connect(**_mysql(url), database=urlsplit(url).path[1:], **options)


def _aiomysql(url: str) -> Any:
    import aiomysql

    return aiomysql.connect(**_mysql(url), db=urlsplit(url).path[1:])


def _mysqlclient(url: str) -> Any:
    import MySQLdb

    return MySQLdb.connect(**_mysql(url), database=urlsplit(url).path[1:])


def _aiosqlite(url: str) -> Any:
    import aiosqlite

    return aiosqlite.connect(_path(url))


class _Always(sqlite3.Connection):
    """`autocommit=False`, as Python 3.12 has it, for Python 3.11."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, isolation_level=None, **options)
        self._on = True
        self.autocommit = False

    @property
    def autocommit(self) -> bool:
        self.cursor().close()  # it asks whether it is open, and whose thread this is
        return self._on

    @autocommit.setter
    def autocommit(self, on: bool) -> None:
        if on != self._on:
            self.execute("COMMIT" if on else "BEGIN")
        self._on = on

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, word: str) -> None:
        if not self._on:
            self.execute(word)
            self.execute("BEGIN")


def always(path: str, **options: Any) -> Any:
    """A connection of sqlite3 on which there always is a transaction."""
    if sys.version_info >= (3, 12):
        return sqlite3.connect(path, autocommit=False, **options)
    return sqlite3.connect(path, factory=_Always, **options)


def _committing(url: str) -> Any:
    return sqlite3.connect(_path(url), check_same_thread=False, autocommit=True)  # type: ignore[call-overload]


_BOTH, _ASYNC = ("sync", "async"), ("async",)

_NEWER = [Way("sqlite3-autocommit", "sqlite", "sqlite3", _BOTH, _committing)] if sys.version_info >= (3, 12) else []

WAYS = [
    Way("sqlite3", "sqlite", "sqlite3", _BOTH, lambda url: sqlite3.connect(_path(url), check_same_thread=False)),
    Way(
        "sqlite3-none",
        "sqlite",
        "sqlite3",
        ("sync",),
        lambda url: sqlite3.connect(_path(url), check_same_thread=False, isolation_level=None),
    ),
    Way("sqlite3-always", "sqlite", "sqlite3", _BOTH, lambda url: always(_path(url), check_same_thread=False)),
    *_NEWER,
    Way("sqlite3-one-thread", "sqlite", "sqlite3", _ASYNC, lambda url: sqlite3.connect(_path(url))),
    Way("aiosqlite", "sqlite", "aiosqlite", _ASYNC, _aiosqlite),
    Way("own-sqlite", "sqlite", "ferrow", ("sync",), _own),
    Way("own-sqlite-async", "sqlite", "ferrow", _ASYNC, _own_async),
    Way("pg8000", "postgresql", "pg8000", _BOTH, _pg8000),
    Way("psycopg", "postgresql", "psycopg", _BOTH, _psycopg),
    Way("psycopg-autocommit", "postgresql", "psycopg", ("sync",), lambda url: _psycopg(url, autocommit=True)),
    Way("psycopg-async", "postgresql", "psycopg", _ASYNC, _psycopg_async),
    Way("psycopg2", "postgresql", "psycopg2", _BOTH, _psycopg2),
    Way("own-postgresql", "postgresql", "ferrow", ("sync",), _own),
    Way("own-postgresql-async", "postgresql", "ferrow", _ASYNC, _own_async),
    Way("pymysql", "mariadb", "pymysql", _BOTH, _pymysql),
    Way("pymysql-autocommit", "mariadb", "pymysql", ("sync",), lambda url: _pymysql(url, autocommit=True)),
    Way("aiomysql", "mariadb", "aiomysql", _ASYNC, _aiomysql),
    Way("mysqlclient", "mariadb", "MySQLdb", _BOTH, _mysqlclient),
]

PAIRS = [
    pytest.param(
        (way, colour),
        id=f"{way.name}-{colour}",
        marks=[getattr(pytest.mark, way.backend)] if way.backend != "sqlite" else [],
    )
    for way in WAYS
    for colour in way.colours
]
"""Every way in every colour that it can be used in."""

ON_MARIADB = pytest.mark.parametrize(
    ("way", "colour"),
    [pytest.param(*pair.values[0], id=pair.id) for pair in PAIRS if pair.values[0][0].backend == "mariadb"],
)
"""Those to MariaDB, for a test that opens the connection itself."""
