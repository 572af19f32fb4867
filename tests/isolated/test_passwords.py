"""Where a connection's password comes from: functions of both colours, files, and what is no password."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ferrow import create_engine, driver
from ferrow.errors import InterfaceError, OperationalError
from tests.support import maybe
from tests.support.fakes import fake, hosts
from tests.support.reaching import CLEAR, connected, greeted


async def test_a_function_is_asked_for_each_connection(colour: str) -> None:
    tokens = iter(["one", "two", "three"])
    with fake() as server:
        server.asks_for_password = True
        engine = create_engine(hosts(server, options=CLEAR), password=lambda: next(tokens), max_lifetime=0)
        face = engine if colour == "sync" else engine.aio
        for _ in range(3):
            await maybe(face.query_one("SELECT a"))
        assert server.passwords == ["one", "two", "three"]
        assert "three" not in repr(engine.settings) + engine.url
        await maybe(face.close())


async def test_an_asynchronous_function(colour: str) -> None:
    async def password() -> str:
        await asyncio.sleep(0)
        return "token"

    with fake() as server:
        server.asks_for_password = True
        if colour == "async":
            await greeted(hosts(server, options=CLEAR), colour, password=password)
            assert server.passwords == ["token"]
        else:
            with pytest.raises(
                InterfaceError, match=r"asynchronous.*give a plain function, or connect with connect_async"
            ):
                await connected(hosts(server, options=CLEAR), colour, password=password)
            assert server.startups == []


async def test_what_a_function_raises_reaches_the_caller(colour: str) -> None:
    class VaultError(Exception):
        pass

    def password() -> str:
        raise VaultError("sealed")

    with fake() as server:
        with pytest.raises(VaultError, match="sealed"):
            await connected(hosts(server), colour, password=password)
        with pytest.raises(TimeoutError, match="vault"):
            await connected(hosts(server), colour, password=_late)
        assert server.startups == []


def _late() -> str:
    raise TimeoutError("the vault is late")


async def test_what_is_no_password_is_refused_and_not_shown(colour: str) -> None:
    with fake() as server:
        for answer in (b"hunter2", "hunter2\0"):
            with pytest.raises(InterfaceError, match="the function given as password= returned") as caught:
                await connected(hosts(server), colour, password=lambda answer=answer: answer)
            assert "hunter2" not in str(caught.value)


def test_a_function_that_hangs_is_left_at_the_deadline() -> None:
    async def password() -> str:
        await asyncio.sleep(60)
        return "late"

    with fake() as server:
        with pytest.raises(OperationalError, match=r"password=: no answer within 0\.2 seconds"):
            asyncio.run(driver.AsyncConnection.connect(hosts(server), password=password, connect_timeout=0.2))


async def test_the_password_file_is_asked_for_each_host(colour: str, tmp_path: Path) -> None:
    file = tmp_path / "pass"
    with fake() as first, fake() as second:
        first.asks_for_password = second.asks_for_password = True
        first.read_only = True
        file.write_text(f"127.0.0.1:{first.port}:*:*:for first\n127.0.0.1:{second.port}:library:ada:for second\n")
        file.chmod(0o600)
        url = hosts(first, second, options=f"{CLEAR}&target_session_attrs=read-write&passfile={file}")
        await greeted(url, colour)
        assert (first.passwords, second.passwords) == (["for first"], ["for second"])
        await greeted(url, colour, password="given")
        assert second.passwords == ["for second", "given"]
        file.write_text("*:*:*:*:changed\n")
        await greeted(url, colour)
        assert second.passwords[-1] == "changed"
