"""What databases over given connections give, in both colours."""

from __future__ import annotations

import sqlite3
from typing import Any, assert_type

from ferrow.driver import AsyncTransaction, Transaction
from ferrow.engine import AsyncEngine, Engine
from ferrow.repository import (
    AsyncDatabase,
    Database,
    Dialect,
    MySQLDialect,
    PoolConnector,
    ResultCursor,
    SQLiteDialect,
)

pool = PoolConnector(sqlite3.connect, "a.db", check_same_thread=False, max_size=2, transaction_guard="raise")
assert_type(pool.max_size, int)
assert_type(MySQLDialect("mysql"), MySQLDialect)

db = Database(pool, SQLiteDialect())
assert_type(db, Database)
assert_type(db.engine, Engine)
assert_type(db.dialect, Dialect)
assert_type(db.execute("SELECT ?", [1]), ResultCursor)
assert_type(db.fetchone("SELECT :a", {"a": 1}), dict[str, Any] | None)
assert_type(db.fetchall("SELECT 1"), list[dict[str, Any]])
assert_type(db.close(close_pool=True), None)
with db.transaction() as tx:
    assert_type(tx, Transaction)


async def main() -> None:
    async with AsyncDatabase(sqlite3.connect("a.db")) as database:
        assert_type(database, AsyncDatabase)
        assert_type(database.engine, AsyncEngine)
        assert_type(await database.execute("SELECT 1"), ResultCursor)
        assert_type(await database.fetchone("SELECT 1"), dict[str, Any] | None)
        assert_type(await database.fetchall("SELECT 1"), list[dict[str, Any]])
        async with database.transaction() as block:
            assert_type(block, AsyncTransaction)
    assert_type(await database.aclose(), None)
