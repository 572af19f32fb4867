"""Where the password of a login is hashed, and how often."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from ferrow import driver
from ferrow.errors import OperationalError
from ferrow.wire.aio import connecting

pytestmark = pytest.mark.postgresql

ROLE = "CREATE ROLE ferrow_slow LOGIN PASSWORD 'pencil'"


@pytest.fixture
def slow(postgresql_url: str) -> Iterator[str]:
    """The URL of a role whose password takes as many iterations as are allowed."""
    with driver.connect(postgresql_url) as conn:
        if conn.server_version_num < 160000:
            pytest.skip("the number of iterations can be set from PostgreSQL 16 on")
        conn.script(f"DROP ROLE IF EXISTS ferrow_slow; SET scram_iterations = 100000; {ROLE}")
        parts = urlsplit(postgresql_url)
        place = parts.netloc.rpartition("@")[2]
        yield parts._replace(netloc=f"ferrow_slow:pencil@{place}").geturl()
        conn.script("DROP ROLE ferrow_slow")


async def test_a_long_hashing_leaves_the_loop_alone_and_is_done_once(
    slow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    class Job:
        def __init__(self, job: Any) -> None:
            self.finish = job.finish
            self._run = job.run

        def run(self) -> None:
            threads.append(threading.get_ident())
            self._run()

    elsewhere = connecting.hash_elsewhere
    monkeypatch.setattr(connecting, "hash_elsewhere", lambda job: elsewhere(Job(job)))  # type: ignore[arg-type]
    for _ in range(3):
        async with await driver.connect_async(slow) as conn:
            assert await conn.query_one("SELECT 7") == (7,)
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_a_login_that_is_given_up_while_it_hashes(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password is hashed each time: only keys that were right are kept."""
    wrong = slow.replace("pencil", "wrong")
    for _ in range(2):
        with pytest.raises(OperationalError, match="password authentication failed"):
            await driver.connect_async(wrong)
    started = asyncio.Event()
    elsewhere = connecting.hash_elsewhere

    def start(job: Any) -> None:
        started.set()
        elsewhere(job)

    monkeypatch.setattr(connecting, "hash_elsewhere", start)
    task = asyncio.ensure_future(driver.connect_async(wrong))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_blocking_login_hashes_too(slow: str) -> None:
    for _ in range(2):
        with driver.connect(slow) as conn:
            assert conn.query_one("SELECT 7") == (7,)
    with pytest.raises(OperationalError, match="password authentication failed"):
        driver.connect(slow.replace("pencil", "wrong"))
