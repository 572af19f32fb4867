"""From a connection to what knows its driver."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Literal

from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.wire.dbapi.drivers.base import Driver

Name = Literal["postgresql", "sqlite", "mysql"]

_KNOWN: dict[str, Name] = {
    "sqlite3": "sqlite",
    "_sqlite3": "sqlite",
    "aiosqlite": "sqlite",
    "psycopg": "postgresql",
    "psycopg2": "postgresql",
    "pg8000": "postgresql",
    "pymysql": "mysql",
    "aiomysql": "mysql",
    "MySQLdb": "mysql",
}


def name_of(library: str) -> Name | None:
    """The database of a driver's package."""
    return _KNOWN.get(library)


def library_of(conn: Any) -> str:
    """The package that a connection's class, or the nearest of its bases, is of; empty if none is known."""
    for cls in type(conn).__mro__:
        package = (cls.__module__ or "").partition(".")[0]
        if package in _KNOWN or package == "ferrow":
            return package
    return ""


def dialect_of(conn: Any, stated: Name | None) -> Name:
    """The database of a connection. Raises InterfaceError if that is not known, or known to be another than stated."""
    own = _own_wire(conn)
    known: Any = own.dialect if own is not None else _KNOWN.get(library_of(conn))
    if known is None and stated is None:
        raise InterfaceError(
            f"{_shown(conn)} is of no driver that is known: say what it is to, e.g. Database(conn, PostgresDialect())"
        )
    if known is not None and stated is not None and known != stated:
        raise InterfaceError(f"{_shown(conn)} is a connection to {known}, but the dialect given is that of {stated}")
    found: Any = stated or known
    return found  # type: ignore[no-any-return]


def check(conn: Any) -> None:
    """Raises InterfaceError for what is no connection."""
    if inspect.isawaitable(conn) and not callable(getattr(conn, "cursor", None)):
        if inspect.iscoroutine(conn):
            conn.close()
        raise InterfaceError(
            "a connection was given that is still to be awaited: write await in front of its connect()"
        )
    if not callable(getattr(conn, "cursor", None)):
        raise InterfaceError(
            f"{_shown(conn)} is neither an engine or URL, nor a DB-API connection (it has no cursor()), nor a PoolConnector"
        )


def driver_of(conn: Any, dialect: Name, paramstyle: str | None = None) -> Driver:
    """What knows how to use the connection."""
    own = _own_wire(conn)
    if own is not None:
        from ferrow.wire.dbapi.drivers.own import Own

        return Own(conn, own)
    library = library_of(conn)
    if library in ("sqlite3", "_sqlite3"):
        from ferrow.wire.dbapi.drivers.sqlite import Sqlite

        return Sqlite(conn)
    if library == "aiosqlite":
        from ferrow.wire.dbapi.drivers.aiosqlite import Aiosqlite

        return Aiosqlite(conn)
    if library == "psycopg":
        from ferrow.wire.dbapi.drivers import psycopg

        return psycopg.AsyncPsycopg(conn) if inspect.iscoroutinefunction(conn.commit) else psycopg.Psycopg(conn)
    if library == "psycopg2":
        from ferrow.wire.dbapi.drivers.psycopg2 import Psycopg2

        return Psycopg2(conn)
    if library == "pg8000":
        from ferrow.wire.dbapi.drivers.pg8000 import Pg8000

        return Pg8000(conn)
    if library == "pymysql":
        from ferrow.wire.dbapi.drivers.pymysql import Pymysql

        return Pymysql(conn)
    if library == "aiomysql":
        from ferrow.wire.dbapi.drivers.pymysql import Aiomysql

        return Aiomysql(conn)
    if library == "MySQLdb":
        from ferrow.wire.dbapi.drivers.mysqlclient import Mysqlclient

        return Mysqlclient(conn)
    from ferrow.wire.dbapi.drivers.other import Other

    return Other(conn, dialect, paramstyle)


def _own_wire(conn: Any) -> Any:
    """The wire of a connection of `ferrow.driver`, None for any other."""
    if library_of(conn) != "ferrow":
        return None
    core = getattr(conn, "_core", conn)
    return getattr(core, "wire", None)


def _shown(conn: Any) -> str:
    cls = type(conn)
    return f"the {cls.__module__}.{cls.__qualname__}"
