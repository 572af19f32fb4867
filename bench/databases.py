"""The two databases of a run, filled before it and gone after it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.data import AUTHORS, ORDERS, POSTS, TABLE, authors, orders, posts, stored, users
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

_POSTGRES_ORDERS = f"""
DROP TABLE IF EXISTS {ORDERS};
CREATE TABLE {ORDERS} (
    id integer PRIMARY KEY,
    customer text NOT NULL,
    total numeric(12, 2) NOT NULL,
    weight double precision NOT NULL,
    paid boolean NOT NULL,
    placed_at timestamptz NOT NULL,
    details jsonb NOT NULL,
    tags text[] NOT NULL,
    note text
)
"""

_POSTGRES_POSTS = f"""
DROP TABLE IF EXISTS {POSTS}, {AUTHORS};
CREATE TABLE {AUTHORS} (id integer PRIMARY KEY, name text NOT NULL, age integer NOT NULL);
CREATE TABLE {POSTS} (
    id integer PRIMARY KEY,
    author_id integer NOT NULL REFERENCES {AUTHORS} (id),
    title text NOT NULL,
    views integer NOT NULL,
    published boolean NOT NULL
);
CREATE INDEX ON {POSTS} (author_id)
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
def postgres(*, socket: bool = False) -> Iterator[str]:
    """The filled PostgreSQL database; gives its server's version.

    `socket`: reach the embedded server over a unix socket instead of TCP.
    """
    if POSTGRES in os.environ:
        with _filled(os.environ[POSTGRES]) as version:
            yield version
        return
    from ferrow.testing import EmbeddedPostgres

    with EmbeddedPostgres(durable=False) as server:
        os.environ[POSTGRES] = server.socket_url if socket else server.url
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
        conn.script(_POSTGRES_ORDERS)
        conn.run_many(f"INSERT INTO {TABLE} VALUES ($1, $2, $3, $4, $5)", users(), Shape.tuples())
        conn.run_many(f"INSERT INTO {ORDERS} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", orders(), Shape.tuples())
        conn.script(_POSTGRES_POSTS)
        conn.run_many(f"INSERT INTO {AUTHORS} VALUES ($1, $2, $3)", authors(), Shape.tuples())
        conn.run_many(f"INSERT INTO {POSTS} VALUES ($1, $2, $3, $4, $5)", posts(), Shape.tuples())
        # A checkpoint or a vacuum in the middle of a run would hit one case and not the others.
        conn.script(f"VACUUM ANALYZE {TABLE}")
        conn.script(f"VACUUM ANALYZE {ORDERS}")
        conn.script(f"VACUUM ANALYZE {AUTHORS}")
        conn.script(f"VACUUM ANALYZE {POSTS}")
        yield conn.query_one("SHOW server_version")[0]
        conn.script(f"DROP TABLE {TABLE}, {ORDERS}, {POSTS}, {AUTHORS}")


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
