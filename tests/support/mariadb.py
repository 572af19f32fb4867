"""The MariaDB server of the test run, and a clean database on it for each test.

FERROW_TEST_MARIADB_URL names a server to use instead of the distribution's; its user must be allowed to create databases.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from ferrow.errors import DatabaseError
from tests.support.mysqld import placed

VARIABLE = "FERROW_TEST_MARIADB_URL"
PASSWORD = "p@ss:word/%"
"""One that a URL must quote."""

_PROCESSES = {
    False: "SELECT id FROM information_schema.processlist WHERE db = ?",
    # The other cannot be read while a statement runs that has characters beyond the first plane.
    True: "SELECT processlist_id FROM performance_schema.threads WHERE processlist_db = ?",
}
"""Who uses a database, on MySQL or not."""
_TABLES = ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
_ACCOUNT = f"""
FLUSH PRIVILEGES;
CREATE USER 'ferrow'@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON *.* TO 'ferrow'@'%' WITH GRANT OPTION;
"""


def describe() -> str | None:
    """What the tests would run on, for the header; None if there is no server."""
    if url := os.environ.get(VARIABLE):
        parts = urlsplit(url)
        return f"mariadb at {parts.hostname}:{parts.port or 3306} ({VARIABLE})"
    from tests.support.packages import Missing, distribution_mariadb

    try:
        root = distribution_mariadb()
    except Missing:
        return None
    return f"mariadb of the distribution ({'installed' if root == Path('/') else 'fetched'})"


@cache
def is_mysql() -> bool:
    """Whether the server of the tests is MySQL's own (`make mysql`), which understands some things in other words, or not at all."""
    from ferrow.driver import connect

    if (url := os.environ.get(VARIABLE)) is None:
        return False
    with connect(url) as server:
        (version,) = server.query_one("SELECT version()")
    return "mariadb" not in version.lower()


@contextmanager
def server_url() -> Iterator[str]:
    """The URL of a server, started if none is named; its data go with it."""
    if url := os.environ.get(VARIABLE):
        yield url
        return
    with started() as url:
        yield url


@contextmanager
def started(*options: str) -> Iterator[str]:
    """A server of the distribution with further options."""
    from tests.support.packages import distribution_mariadb, require
    from tests.support.packages.programs import MARIADB

    root = require(distribution_mariadb)
    with placed("MariaDB", root) as place:
        command = place.command(root / MARIADB if root == Path("/") else root / "bin" / "mariadbd")
        data = place.folder / "data"
        data.mkdir()
        place.account.own(data)
        scripts = [(root / "usr/share/mysql" / name).read_text() for name in _TABLES]
        made = subprocess.run(
            [*command, "--bootstrap", "--log-warnings=0"],
            input="\n".join(["CREATE DATABASE mysql;", "USE mysql;", *scripts, _ACCOUNT]),
            text=True,
            capture_output=True,
            check=False,
            cwd=place.folder,
            **place.account.popen(),
        )
        if made.returncode:
            raise RuntimeError(f"MariaDB could not make its system tables: {made.stderr[-2000:]}")
        with place.listening([*command, *options]) as port:
            yield f"mysql://ferrow:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/mysql"


class TestDatabase:
    """A database for this test process; `clean` makes it anew."""

    __test__ = False

    def __init__(self, server: str) -> None:
        from ferrow.driver import connect

        # The number keeps several test runs on one server apart.
        self.name = f"ferrow_test_{os.getpid()}"
        self.url = urlsplit(server)._replace(path=f"/{self.name}").geturl()
        self._server = connect(server)

    def clean(self) -> str:
        """Disconnect everybody, drop everything, and return the URL."""
        others = self._server.query(_PROCESSES[is_mysql()], [self.name])
        for (number,) in others:
            with suppress(DatabaseError):  # it has gone by itself
                self._server.script(f"KILL {int(number)}")
        self._server.script(f"DROP DATABASE IF EXISTS {self.name}; CREATE DATABASE {self.name}")
        return self.url

    def close(self) -> None:
        self._server.script(f"DROP DATABASE IF EXISTS {self.name}")
        self._server.close()
