"""A deadlock in a nested block over a given connection to MariaDB or MySQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import DeadlockDetected
from ferrow.repository import Database, MySQLDialect
from ferrow.wire.drive import drive
from tests.support.deadlocked import HAVE, WANT, Other
from tests.support.given import WAYS

pytestmark = pytest.mark.mariadb


@pytest.fixture
def other(mariadb_url: str) -> Iterator[Other]:
    other = Other(mariadb_url, "sync")
    yield other
    other.close()


@pytest.mark.parametrize("begun", [False, True], ids=["by us", "by the program"])
@pytest.mark.parametrize("name", ["pymysql", "pymysql-autocommit"])
def test_it_is_what_leaves_the_blocks(mariadb_url: str, other: Other, name: str, begun: bool) -> None:
    conn: Any = next(way for way in WAYS if way.name == name).open(mariadb_url)
    try:
        engine = Database(conn, MySQLDialect()).engine
        if begun:
            conn.query("BEGIN")
            conn.query("INSERT INTO locked VALUES (0, 0)")
        with pytest.raises(DeadlockDetected) as caught, engine.transaction() as tx:
            tx.execute(HAVE)
            other.begin()
            drive(other.waits())
            with engine.transaction() as inner:
                inner.execute(WANT)
        assert not hasattr(caught.value, "__notes__")
        conn.rollback()
        conn.query("SELECT count(*) FROM locked WHERE id = 0")
        assert [int(count) for (count,) in conn._result.rows] == [0]
    finally:
        conn.close()
