"""Mistakes with databases over given connections."""

from __future__ import annotations

import sqlite3

from ferrow.repository import Database, MySQLDialect, PoolConnector

db = Database(sqlite3.connect("a.db"), "sqlite")  # E
db.execute("SELECT 1", 1)  # E
db.fetchone(b"SELECT 1")  # E
db.engine = None  # E
PoolConnector(sqlite3.connect, "a.db", transaction_guard="commit")  # E
MySQLDialect("oracle")  # E
