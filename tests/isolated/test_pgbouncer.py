"""Behind PgBouncer in transaction mode, with what both sides do unless they are told otherwise."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ferrow import create_engine, driver
from tests.support import maybe
from tests.support.effort import times
from tests.support.mixed_work import TABLES, Client, together
from tests.support.packages import distribution_pgbouncer, newer_pgbouncer, require
from tests.support.pgbouncer import PgBouncer

pytestmark = pytest.mark.postgresql

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


async def connect(colour: str, url: str, **options: Any) -> Any:
    return await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)


async def clients_at_work(colour: str, url: str, *, clients: int, queries: int, **options: Any) -> list[Client]:
    seed = 0
    conns = [await connect(colour, url, **options) for _ in range(clients)]
    try:
        found = [Client(conn, number, seed) for number, conn in enumerate(conns)]
        each = -(-queries // clients)
        await together(colour, [lambda c=client: c.work(each) for client in found])
        return found
    finally:
        for conn in conns:
            await maybe(conn.close())


@pytest.mark.parametrize(
    "settings",
    [{}, SCARCE, {**SCARCE, "max_prepared_statements": "0"}, {**SCARCE, "max_prepared_statements": "100"}],
    ids=["defaults", "scarce", "untracked", "tracked"],
)
async def test_a_thousand_queries_by_ten_clients(
    colour: str, bouncers: Any, program: Path, postgresql_url: str, settings: dict[str, str]
) -> None:
    if "max_prepared_statements" in settings and "newer" not in str(program) and "trixie" not in str(program):
        pytest.skip("that version does not know the option")
    bouncer = bouncers(settings)
    with driver.connect(postgresql_url) as direct:
        direct.script(TABLES)
    clients = await clients_at_work(colour, bouncer.url, clients=10, queries=times(1000))
    assert sum(client.count for client in clients) >= 1000


async def test_it_comes_to_light_at_login(colour: str, bouncers: Any, postgresql_url: str) -> None:
    conn = await connect(colour, bouncers().url)
    direct = await connect(colour, postgresql_url)
    try:
        # One key of 1,024 looks like that of a process: then the first error says it.
        assert [(await maybe(c.info()))["unnamed_statements"] for c in (conn, direct)] == [True, False]
    finally:
        await maybe(conn.close())
        await maybe(direct.close())
