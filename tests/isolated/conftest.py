"""Servers that can be cut off or stopped, and a connection that stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ferrow import driver
from ferrow.testing import EmbeddedPostgres
from ferrow.wire.aio import cancelling as tasks
from ferrow.wire.blocking import cancelling as threads
from tests.support import backends
from tests.support.proxy import Proxy, proxy


@pytest.fixture
def between(postgresql_url: str) -> Iterator[Proxy]:
    """A proxy in front of the server."""
    with proxy(postgresql_url) as found:
        yield found


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that nobody waits for any more is given up after one second instead of five."""
    for module in (tasks, threads):
        monkeypatch.setattr(module, "SETTLE", 1.0)


@pytest.fixture
def sender(postgresql_url: str) -> Iterator[driver.Connection]:
    """A connection that does not go through the proxy."""
    with driver.connect(postgresql_url) as conn:
        yield conn


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """A server whose processes can be stopped."""
    backends.require_postgres()
    with EmbeddedPostgres(durable=False, settings={"max_connections": "20"}) as found:
        yield found
