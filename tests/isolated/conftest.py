"""A server that can be cut off, and a connection that stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ferrow import driver
from tests.support.proxy import Proxy, proxy


@pytest.fixture
def between(postgresql_url: str) -> Iterator[Proxy]:
    """A proxy in front of the server."""
    with proxy(postgresql_url) as found:
        yield found


@pytest.fixture
def sender(postgresql_url: str) -> Iterator[driver.Connection]:
    """A connection that does not go through the proxy."""
    with driver.connect(postgresql_url) as conn:
        yield conn
