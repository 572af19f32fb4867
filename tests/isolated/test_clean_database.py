"""The database that the shared tests get: emptied between tests, and nobody else's connections left in it."""

from __future__ import annotations

import pytest

from ferrow.driver import connect
from tests.support import postgres

pytestmark = pytest.mark.postgresql


def test_clean_database_is_empty_and_reachable(postgresql_database: postgres.TestDatabase) -> None:
    with connect(postgresql_database.clean()) as other:
        other.script("CREATE SCHEMA more; CREATE TABLE more.t (x int); CREATE TABLE t (x int)")
        with connect(postgresql_database.clean()) as again:
            tables = "SELECT count(*) FROM pg_class WHERE relname = 't'"
            assert again.query_one(tables)[0] == 0
            again.script("CREATE TABLE t (x int)")
        assert other.ping() is False  # disconnected, so that it could not hold locks
