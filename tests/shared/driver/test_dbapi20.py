"""The public compliance cases of PEP 249 (PyPI: dbapi-compliance), on both databases and in every style of placeholders.

They know nothing of asyncio; the async cursor is held against the same contract by test_cursor.py.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import SkipTest

import dbapi20
import pytest

from ferrow import driver

SKIPPED = {
    "test_non_idempotent_close": "closing twice is fine, as PostPyro documents; the suite itself says that reasonable persons differ",
    "test_nextset": "optional in PEP 249: a statement has one result, so nextset raises NotSupportedError (test_cursor.py)",
    "test_setoutputsize": "abstract in the suite: 'real test for setoutputsize is driver dependant'; it does nothing here (test_cursor.py)",
}
SKIPPED_ON_SQLITE = {
    "test_callproc": "SQLite has no stored procedures: callproc raises NotSupportedError (test_cursor.py)",
}


class Compliance(dbapi20.DatabaseAPI20Test):  # type: ignore[misc]  # the package has no types
    __test__ = False

    driver: Any = driver
    skipped = SKIPPED

    def setUp(self) -> None:
        if reason := self.skipped.get(self._testMethodName):
            raise SkipTest(reason)

    def _connect(self) -> Any:
        connection = super()._connect()
        self.addCleanup(connection.close)  # not all of the cases do
        return connection

    def tearDown(self) -> None:
        pass  # every test has a clean database

    @pytest.fixture(autouse=True)
    def _clean_database(self, request: pytest.FixtureRequest) -> None:
        self.connect_args = (request.getfixturevalue(self.database),)


class Sqlite(Compliance):
    database = "sqlite_url"
    skipped = SKIPPED | SKIPPED_ON_SQLITE


class Postgresql(Compliance):
    database = "postgresql_url"


def in_style(style: str) -> Any:
    """The module as it would be if its paramstyle said something else: the cursor takes that, too."""
    return SimpleNamespace(**{name: getattr(driver, name) for name in driver.__all__} | {"paramstyle": style})


class TestSqlite(Sqlite):
    __test__ = True


class TestSqliteQmark(Sqlite):
    __test__ = True
    driver = in_style("qmark")


class TestSqliteNamed(Sqlite):
    __test__ = True
    driver = in_style("named")


class TestSqliteFormat(Sqlite):
    __test__ = True
    driver = in_style("format")


class TestSqlitePyformat(Sqlite):
    __test__ = True
    driver = in_style("pyformat")


@pytest.mark.postgresql
class TestPostgresql(Postgresql):
    __test__ = True


@pytest.mark.postgresql
class TestPostgresqlNamed(Postgresql):
    __test__ = True
    driver = in_style("named")


@pytest.mark.postgresql
class TestPostgresqlFormat(Postgresql):
    __test__ = True
    driver = in_style("format")


@pytest.mark.postgresql
class TestPostgresqlPyformat(Postgresql):
    __test__ = True
    driver = in_style("pyformat")
