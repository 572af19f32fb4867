"""Connections through PgBouncer, of the distribution's and of a newer one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from tests.support import maybe
from tests.support.mixed_work import Client, together
from tests.support.packages import distribution_pgbouncer, newer_pgbouncer, require
from tests.support.pgbouncer import PgBouncer

SCARCE = {"default_pool_size": "3"}
"""Fewer servers than clients, so that each transaction may get another one."""


@pytest.fixture(params=[distribution_pgbouncer, newer_pgbouncer], ids=["distribution", "newer"], scope="module")
def program(request: pytest.FixtureRequest) -> Path:
    return require(request.param)


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def bouncers(program: Path, postgresql_url: str) -> Iterator[Callable[..., PgBouncer]]:
    running: list[PgBouncer] = []

    def start(settings: dict[str, str] | None = None, **options: Any) -> PgBouncer:
        running.append(PgBouncer(program, postgresql_url, settings=settings, **options).start())
        return running[-1]

    yield start
    for bouncer in running:
        bouncer.stop()


def is_old(program: Path) -> bool:
    """Whether it knows nothing of prepared statements."""
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    assert found is not None, said
    return (int(found[1]), int(found[2])) < (1, 21)


async def connect(colour: str, url: str, **options: Any) -> Any:
    return await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)


async def recognised(colour: str, url: str, **options: Any) -> Any:
    """A connection that knows from its login on that it goes through a pooler, as all but one in 1,024 do.

    Where one learns it later from a transaction that has done something, that is an error: see below.
    """
    for _ in range(3):
        conn = await connect(colour, url, **options)
        if options.get("prepared_statements", "auto") != "auto" or await unnamed(conn):
            break
        await maybe(conn.close())
    return conn


async def clients_at_work(colour: str, url: str, *, clients: int, queries: int, **options: Any) -> list[Client]:
    seed = 0
    conns = [await recognised(colour, url, **options) for _ in range(clients)]
    try:
        found = [Client(conn, number, seed) for number, conn in enumerate(conns)]
        each = -(-queries // clients)
        await together(colour, [lambda c=client: c.work(each) for client in found])
        return found
    finally:
        for conn in conns:
            await maybe(conn.close())


async def unnamed(conn: Any) -> bool:
    return (await maybe(conn.info()))["unnamed_statements"]  # type: ignore[no-any-return]
