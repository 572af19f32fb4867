"""What a server says before it hangs up is heard to the end, however much it is, and why it hung up as well."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ferrow import driver
from ferrow.errors import OperationalError
from tests.support.certificates import Authority, Certificate
from tests.support.hostile import BOUND, PREPARED, READY, ROW, SELECTED, message, server
from tests.support.loops import Run, run
from tests.support.tls_proxy import tls_proxy

__all__ = ["run"]

NOTICE = message(b"N", b"SNOTICE\x00C00000\x00Mhello\x00\x00")
GOODBYE = message(b"E", b"SFATAL\x00VFATAL\x00C57P01\x00Mterminating connection due to administrator command\x00\x00")
MANY = 100_000
ANSWERS = {"rows": BOUND + ROW * MANY, "notices": BOUND + NOTICE * MANY + ROW}


@pytest.fixture(params=ANSWERS)
def said(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["goodbye", "no goodbye"])
def url(request: pytest.FixtureRequest, said: str, authority: Authority, certificate: Certificate) -> Iterator[str]:
    """A server that answers one statement and is shut down; TLS has a goodbye of its own, which PostgreSQL does not say."""
    with (
        server([PREPARED, ANSWERS[said] + SELECTED + READY + GOODBYE]) as behind,
        tls_proxy(behind, certificate, goodbye=request.param) as between,
    ):
        yield between.at("localhost", sslmode="verify-full", sslrootcert=str(authority.cert))


def test_in_a_loop(run: Run, url: str, said: str) -> None:
    async def main() -> None:
        conn = await driver.connect_async(url)
        assert len(await conn.query("SELECT a")) == (MANY if said == "rows" else 1)
        while not conn.is_closed():  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0)
        with pytest.raises(OperationalError, match="terminating connection due to administrator command"):
            await conn.query("SELECT a")
        await conn.close()

    run(main())


def test_in_a_thread(url: str, said: str) -> None:
    with driver.connect(url) as conn:
        assert len(conn.query("SELECT a")) == (MANY if said == "rows" else 1)
        with pytest.raises(OperationalError, match="terminating connection due to administrator command"):
            conn.query("SELECT a")
