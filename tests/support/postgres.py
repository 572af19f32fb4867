"""The PostgreSQL server of the test run, and a clean database on it for each test.

FERROW_TEST_TLS puts TLS between the tests and the server. FERROW_TEST_POSTGRES_URL names a server to use instead of the embedded one; its user must be allowed to create databases.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from ferrow.errors import NotSupportedError

VARIABLE = "FERROW_TEST_POSTGRES_URL"
ENCRYPTED = "FERROW_TEST_TLS"

CONTRIB = ("hstore", "ltree", "citext", "xml")
"""What the wheel's server was built without, and a distribution's has."""

DISCONNECT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
)
EMPTY = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    CREATE SCHEMA public;
END $$
"""


def describe() -> str | None:
    """What the tests would run on, for the header; None if there is no server."""
    if url := os.environ.get(VARIABLE):
        parts = urlsplit(url)
        return f"postgresql at {parts.hostname}:{parts.port or 5432} ({VARIABLE})"
    from ferrow.testing.postgres.binaries import installed

    found = installed()
    return f"postgresql {next(iter(found))} (embedded)" if found else None


@contextmanager
def server_url() -> Iterator[str]:
    """The URL of a server, started if none is named; in TLS if FERROW_TEST_TLS is set."""
    with ExitStack() as stack:
        url = os.environ.get(VARIABLE)
        if not url:
            from ferrow.testing import EmbeddedPostgres

            url = stack.enter_context(EmbeddedPostgres(durable=False, settings={"max_prepared_transactions": "8"})).url
        yield stack.enter_context(encrypted(url))


@contextmanager
def encrypted(url: str) -> Iterator[str]:
    """The same server behind TLS if FERROW_TEST_TLS is set; the server may have none itself."""
    if not os.environ.get(ENCRYPTED):
        yield url
        return
    from tests.support.certificates import Authority
    from tests.support.tls_proxy import tls_proxy

    with TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        certificate = authority.issue("server", "localhost", "127.0.0.1")
        with tls_proxy(url, certificate) as between:
            yield between.at("127.0.0.1", sslmode="verify-full", sslrootcert=str(authority.cert))


def with_options(url: str, options: str) -> str:
    """The URL with more options, `name=value`."""
    return f"{url}{'&' if '?' in url else '?'}{options}"


class TestDatabase:
    """A database for this test process; `clean` empties it, which takes a few milliseconds."""

    __test__ = False

    def __init__(self, server: str) -> None:
        from ferrow.driver import connect

        # The number keeps several test runs on one server apart.
        self.name = f"ferrow_test_{os.getpid()}"
        self.url = urlsplit(server)._replace(path=f"/{self.name}").geturl()
        self._server = connect(server)
        self._server.script(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self._server.script(f"CREATE DATABASE {self.name}")
        self._inside = connect(self.url)

    def clean(self) -> str:
        """Disconnect everybody, drop everything, and return the URL."""
        self._inside.query(DISCONNECT, [self.name])
        self._inside.script(EMPTY)
        return self.url

    def offers(self, needed: str) -> bool:
        """Whether the server has an extension, or was built with "xml"."""
        if needed == "xml":
            try:
                self._inside.query("SELECT '<a/>'::xml")
            except NotSupportedError:
                return False
            return True
        return bool(self._inside.query("SELECT 1 FROM pg_available_extensions WHERE name = $1", [needed]))

    def close(self) -> None:
        self._inside.close()
        self._server.script(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self._server.close()
