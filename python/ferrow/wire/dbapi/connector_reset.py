"""What a pool does to a connection that comes back: end a transaction that was left open, and make its session as it was."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ferrow.errors import InterfaceError
from ferrow.wire.dbapi.adopt import driver_of, library_of

_POSTGRESQL = ("RESET ALL", "UNLISTEN *", "DEALLOCATE ALL")
_OWN = _POSTGRESQL[:2]  # it counts on the statements that it has prepared
_MYSQL = ("SET SESSION sql_mode = DEFAULT", "SET SESSION time_zone = DEFAULT")
_MYSQL_MODULES = ("mysql", "pymysql", "mysqldb", "aiomysql")


async def maybe(value: Any) -> Any:
    """The value, awaited if it is to be."""
    return await value if inspect.isawaitable(value) else value


async def dirty(conn: Any) -> bool:
    """Whether a transaction is open on a connection; False where there is no way to tell."""
    library = library_of(conn)
    if library:
        driver = driver_of(conn, "sqlite")  # what it is to, these know themselves
        if driver.closed:
            return False
        if driver.own_thread:  # in which alone more can be asked
            return driver.in_transaction() and bool(await conn._execute(driver.begun))
        return driver.begun()
    state = getattr(conn, "in_transaction", None)
    if state is not None:
        return bool(state() if callable(state) else state)
    info = getattr(conn, "info", None)
    if (status := getattr(info, "transaction_status", None)) is not None:
        return int(status) != 0
    status = getattr(conn, "status", None)
    return isinstance(status, int) and status != 1


def closed(conn: Any) -> bool:
    """Whether a connection is known to be closed."""
    if library_of(conn):
        try:
            return driver_of(conn, "sqlite").closed
        except InterfaceError:  # aiosqlite's has nothing left that could be asked
            return True
    state = getattr(conn, "closed", False)
    return bool(state() if callable(state) else state)


def autocommit(conn: Any) -> bool | None:
    """What a connection to MySQL does about transactions; None for any other."""
    asked = getattr(conn, "get_autocommit", None)
    return bool(asked()) if callable(asked) else None


async def reset(conn: Any, hook: Callable[[Any], Any] | None, began_with: bool | None) -> None:
    """Make the session as it was when the connection was opened."""
    if hook is not None:
        await maybe(hook(conn))
        return
    module = (type(conn).__module__ or "").lower()
    if module.startswith("psycopg"):
        await _say(conn, _POSTGRESQL)
        # psycopg 3 remembers what the server has forgotten by now.
        if (prepared := getattr(conn, "_prepared", None)) is not None and hasattr(prepared, "clear"):
            prepared.clear()
    elif module.startswith("pg8000"):
        await _say(conn, _POSTGRESQL)
    elif library_of(conn) == "ferrow":
        if driver_of(conn, "postgresql").dialect == "postgresql":
            await _say(conn, _OWN)
    elif module.startswith(_MYSQL_MODULES):
        # To what it was: 1 would commit, and a driver that thinks otherwise would never do so again.
        mode = () if began_with is None else (f"SET SESSION autocommit = {int(began_with)}",)
        await _say(conn, (*mode, *_MYSQL))


async def _say(conn: Any, statements: tuple[str, ...]) -> None:
    cursor = await maybe(conn.cursor())
    try:
        for sql in statements:
            await maybe(cursor.execute(sql))
    finally:
        await maybe(cursor.close())
    await maybe(conn.commit())
