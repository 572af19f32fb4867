"""A server that can be cut off, and a connection that stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ferrow import driver
from ferrow.wire.aio import cancelling as tasks
from ferrow.wire.blocking import cancelling as threads
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
