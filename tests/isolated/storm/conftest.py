"""A server in plain text, and one in TLS: that of a distribution where there is one, because the embedded one has none; else a proxy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.certificates import Authority
from tests.support.postgres import ENCRYPTED, TestDatabase
from tests.support.tls_proxy import tls_proxy
from tests.support.tls_server import programs, tls_server


@pytest.fixture(scope="session")
def encrypted_database(postgresql_server: str) -> Iterator[TestDatabase]:
    # Not below pytest's own folder, which another user cannot enter.
    with TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        certificate = authority.issue("server", "localhost", "127.0.0.1")
        options = {"sslmode": "verify-full", "sslrootcert": str(authority.cert)}
        if (found := programs()) is not None:
            with tls_server(Path(folder), found, certificate, authority.cert) as server:
                database = TestDatabase(server.url(host="127.0.0.1", **options))
                yield database
                database.close()
        else:
            with tls_proxy(postgresql_server, certificate) as between:
                database = TestDatabase(between.at("127.0.0.1", **options))
                yield database
                database.close()


@pytest.fixture(params=["plain", "tls"])
def storm_url(request: pytest.FixtureRequest) -> str:
    """A clean database in either way."""
    if request.param == "plain" or ENCRYPTED in os.environ:  # then all are
        return str(request.getfixturevalue("postgresql_url"))
    database: TestDatabase = request.getfixturevalue("encrypted_database")
    return database.clean()
