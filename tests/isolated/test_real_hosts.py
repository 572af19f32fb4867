"""Hosts, password files and services with a real server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from ferrow import create_engine
from ferrow.errors import OperationalError
from tests.support import maybe
from tests.support.fakes import closed_port
from tests.support.reaching import connected

pytestmark = pytest.mark.postgresql

READ_ONLY = "-c default_transaction_read_only=on"


async def test_what_a_server_says_of_itself(postgresql_url: str, colour: str) -> None:
    for wanted, options, fits in (
        ("read-write", "", True),
        ("read-write", READ_ONLY, False),
        ("read-only", READ_ONLY, True),
        ("read-only", "", False),
        ("primary", READ_ONLY, True),
        ("standby", "", False),
        ("prefer-standby", "", True),
    ):
        if fits:
            conn = await connected(postgresql_url, colour, target_session_attrs=wanted, options=options)
            await maybe(conn.close())
        else:
            with pytest.raises(OperationalError, match=f"target_session_attrs={wanted}"):
                await connected(postgresql_url, colour, target_session_attrs=wanted, options=options)


async def test_a_password_file_and_a_service(postgresql_url: str, colour: str, tmp_path: Path) -> None:
    parts = urlsplit(postgresql_url)
    if parts.hostname is None or parts.password is None:
        pytest.skip("the server of this run is not asked for with a host and a password")
    password = unquote(parts.password).replace("\\", "\\\\").replace(":", "\\:")
    passfile, services = tmp_path / "pass", tmp_path / "services"
    passfile.write_text(f"elsewhere:*:*:*:wrong\n{parts.hostname}:{parts.port or 5432}:*:*:{password}\n")
    passfile.chmod(0o600)
    services.write_text(
        f"[tests]\nhost={parts.hostname}\nport={parts.port or 5432}\nuser={unquote(parts.username or '')}\n"
        f"dbname={parts.path[1:]}\npassfile={passfile}\n"
    )
    conn = await connected("service=tests", colour, servicefile=str(services))
    assert (await maybe(conn.query_one("SELECT current_database()")))[0] == parts.path[1:]
    await maybe(conn.close())
    engine = create_engine(
        "postgresql://?service=tests", servicefile=str(services), password=lambda: unquote(parts.password)
    )
    face = engine if colour == "sync" else engine.aio
    assert (await maybe(face.query_one("SELECT 1")))[0] == 1
    await maybe(face.close())


async def test_cancelling_on_the_second_host(postgresql_url: str, colour: str) -> None:
    """The cancel request must not go to the first host of the list."""
    parts = urlsplit(postgresql_url)
    place = parts.netloc.rpartition("@")
    url = parts._replace(netloc=f"{place[0]}@127.0.0.1:{closed_port()},{place[2]}").geturl()
    conn = await connected(url, colour)
    assert await conn.wire.settle(5.0)
    if colour == "async":
        import asyncio

        task = asyncio.ensure_future(conn.query("SELECT pg_sleep(30)"))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await maybe(conn.query_one("SELECT 1")))[0] == 1
    await maybe(conn.close())
