"""A connection in the colour of the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.colours import Runner, maybe


@pytest.fixture
def conn(url: str, colour: str, runner: Runner) -> Iterator[Any]:
    from ferrow import driver

    conn = runner.run(driver.connect_async(url)) if colour == "async" else driver.connect(url)
    yield conn
    runner.run(maybe(conn.close()))


@pytest.fixture
def pg(postgresql_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """The same, on PostgreSQL only."""
    from ferrow import driver

    conn = runner.run(driver.connect_async(postgresql_url)) if colour == "async" else driver.connect(postgresql_url)
    yield conn
    runner.run(maybe(conn.close()))


@pytest.fixture
def lite(sqlite_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """The same, on SQLite only."""
    from ferrow import driver

    conn = runner.run(driver.connect_async(sqlite_url)) if colour == "async" else driver.connect(sqlite_url)
    yield conn
    runner.run(maybe(conn.close()))
