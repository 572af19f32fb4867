"""Repositories over any database: over an engine of ours, over a connection of another driver, or over a pool of them.

Names are imported on first use; the sync classes are generated into `_sync.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.repository._sync import Database as Database
    from ferrow.repository.database import AsyncDatabase as AsyncDatabase
    from ferrow.repository.dialect import Dialect as Dialect
    from ferrow.repository.dialect import MySQLDialect as MySQLDialect
    from ferrow.repository.dialect import PostgresDialect as PostgresDialect
    from ferrow.repository.dialect import SQLiteDialect as SQLiteDialect
    from ferrow.repository.statement import ResultCursor as ResultCursor
    from ferrow.wire.dbapi.connector import PoolConnector as PoolConnector

_HOME = {
    "Database": "_sync",
    "AsyncDatabase": "database",
    "ResultCursor": "statement",
    "Dialect": "dialect",
    "MySQLDialect": "dialect",
    "PostgresDialect": "dialect",
    "SQLiteDialect": "dialect",
    "PoolConnector": ".wire.dbapi.connector",
}

if not TYPE_CHECKING:  # type checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)

__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]
