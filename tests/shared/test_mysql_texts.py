"""The texts that are kept of MariaDB's dialect are what the server takes: each of them is prepared there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError
from ferrow.sql import ColumnRef
from tests.pure.sql import columns as all_columns
from tests.pure.sql.columns import posts, t
from tests.support import mariadb

TESTS = Path(__file__).parents[1]
SNAPSHOTS = TESTS / "pure/sql/snapshots/mysql.sql"
TEXTS = TESTS / "support/mysql_texts.json"

NOT_ABOUT = re.compile(r"Unknown (column|table)|doesn't exist|No database selected|FUNCTION .* does not exist")
"""Texts about other tables than those two: what they say was understood."""


@pytest.fixture
def server(mariadb_url: str) -> Any:
    """A connection to a database with the tables of the examples."""
    if mariadb.is_mysql():
        pytest.skip("MySQL is told some of it in other words")
    conn = driver.connect(mariadb_url)
    for table in (t, posts):
        known = [one for one in vars(all_columns).values() if isinstance(one, ColumnRef) and one.table == table]
        declared = ", ".join([f"`{one.name}` {one.type.name('mysql')}" for one in known])
        conn.script(f"CREATE TABLE {table.name} ({declared}{', UNIQUE (one)' if table is t else ''})")
    yield conn
    conn.close()


def refused(server: Any, sql: str) -> str | None:
    """What the server says of a statement, with a text for each parameter."""
    text = re.sub(r"\?\*\d+", "('1')", sql)
    text = re.sub(r"(LIMIT|OFFSET) \?\d+", r"\1 1", text)
    text = re.sub(r"\?\d+(?= (PRECEDING|FOLLOWING))", "1", text)
    text = re.sub(r"\?\d+", "'1'", text)
    try:
        server.script(f"PREPARE ferrow_test FROM '{text.translate(_QUOTED)}'")
    except DatabaseError as error:
        return None if NOT_ABOUT.search(str(error)) else str(error)
    return None


_QUOTED = str.maketrans({"'": "''", "\\": "\\\\"})


@pytest.mark.mariadb
def test_the_server_takes_every_snapshot(server: Any) -> None:
    lines = SNAPSHOTS.read_text().splitlines()
    found = {
        name: said
        for name, sql in zip(lines[::2], lines[1::2], strict=True)
        if not sql.startswith("not supported") and (said := refused(server, sql))
    }
    assert found == {}


@pytest.mark.mariadb
def test_the_server_takes_every_recorded_text(server: Any) -> None:
    texts = sorted({sql for sql in json.loads(TEXTS.read_text()).values() if not sql.startswith("not supported")})
    assert len(texts) > 200
    assert {sql: said for sql in texts if (said := refused(server, sql))} == {}
