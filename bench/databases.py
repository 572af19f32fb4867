"""The two databases of a run, filled before it and gone after it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.data import TABLE, stored, users
from bench.settings import POSTGRES, SQLITE

_POSTGRES_TABLE = f"""
DROP TABLE IF EXISTS {TABLE};
CREATE TABLE {TABLE} (
    id integer PRIMARY KEY,
    email text NOT NULL,
    age integer,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL
)
"""

SQLITE_TABLE = f"""
PRAGMA journal_mode = WAL;
CREATE TABLE {TABLE} (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    age INTEGER,
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
)
"""


@contextmanager
def postgres() -> Iterator[str]:
    """The filled PostgreSQL database; gives its server's version."""
    if POSTGRES in os.environ:
        with _filled(os.environ[POSTGRES]) as version:
            yield version
        return
    from ferrow.testing import EmbeddedPostgres

    with EmbeddedPostgres(durable=False) as server:
        os.environ[POSTGRES] = server.url
        try:
            with _filled(server.url) as version:
                yield version
        finally:
            del os.environ[POSTGRES]


@contextmanager
def _filled(url: str) -> Iterator[str]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    with connect(url) as conn:
        conn.script(_POSTGRES_TABLE)
        conn.run_many(f"INSERT INTO {TABLE} VALUES ($1, $2, $3, $4, $5)", users(), Shape.tuples())
        # A checkpoint or a vacuum in the middle of a run would hit one case and not the others.
        conn.script(f"VACUUM ANALYZE {TABLE}")
        yield conn.query_one("SHOW server_version")[0]
        conn.script(f"DROP TABLE {TABLE}")


@contextmanager
def sqlite() -> Iterator[str]:
    """The filled SQLite file; gives the version of the standard library's SQLite, which the peers use.

    No Ferrow here: two SQLite libraries in one process must not open the same file, because closing it in one of them gives up
    the locks of the other.
    """
    with tempfile.TemporaryDirectory(prefix="ferrow-bench-") as folder:
        os.environ[SQLITE] = str(Path(folder) / "bench.db")
        try:
            with closing(sqlite3.connect(os.environ[SQLITE])) as conn:
                conn.executescript(SQLITE_TABLE)
                conn.executemany(f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?)", map(stored, users()))
                conn.commit()
                conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            yield sqlite3.sqlite_version
        finally:
            del os.environ[SQLITE]
