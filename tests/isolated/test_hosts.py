"""Several servers in one URL: which one is taken, which are passed over, and what is said when none will do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.errors import OperationalError, PoolTimeout
from ferrow.types import Codec
from tests.support import maybe
from tests.support.deadlines import in_time
from tests.support.fakes import Fake, closed_port, fake, gone, hosts, refusal
from tests.support.reaching import connected

STARTING = refusal("57P03", "the database system is starting up")
WRONG_PASSWORD = refusal("28P01", 'password authentication failed for user "ada"')


async def visited(url: str, colour: str, **options: Any) -> int:
    """The port of the server that a connection leads to."""
    conn = await connected(url, colour, **options)
    try:
        port: int = (await maybe(conn.query_one("SELECT a")))[0]
        return port
    finally:
        await maybe(conn.close())


async def test_the_first_that_answers_is_taken(colour: str) -> None:
    with fake() as first, fake() as second:
        assert await visited(hosts(first, second), colour) == first.port
        assert second.startups == []


@pytest.mark.parametrize("trouble", ["nobody listens", "hangs up", "is starting", "says nothing", "has no address"])
async def test_who_cannot_take_it_is_passed_over(colour: str, trouble: str) -> None:
    with fake() as bad, fake() as good:
        bad.silent = trouble == "says nothing"
        bad.answer = {"hangs up": b"", "is starting": STARTING}.get(trouble)
        place = {"nobody listens": f"127.0.0.1:{closed_port()}", "has no address": "no-such-host.invalid:1"}.get(
            trouble, f"127.0.0.1:{bad.port}"
        )
        url = f"postgresql://ada@{place},127.0.0.1:{good.port}/d?connect_timeout=1&sslmode=disable"
        assert await visited(url, colour) == good.port
        assert await gone(colour, bad)


async def test_a_wrong_password_ends_the_search_as_in_libpq(colour: str) -> None:
    with fake() as starting, fake() as first, fake() as second:
        starting.answer, first.answer = STARTING, WRONG_PASSWORD
        with pytest.raises(OperationalError, match="password authentication failed") as caught:
            await connected(hosts(starting, first, second), colour)
        assert caught.value.sqlstate == "28P01"
        assert second.startups == []
        said, before = caught.value.__notes__
        assert f"127.0.0.1:{first.port}" in said
        assert f"127.0.0.1:{starting.port}: the database system is starting up" in before


async def test_the_error_lists_everybody(colour: str) -> None:
    with fake() as silent, fake() as starting, fake(standby=True) as standby:
        silent.silent, starting.answer = True, STARTING
        nobody = closed_port()
        url = hosts(silent, starting, standby, options="connect_timeout=2&target_session_attrs=primary")
        with pytest.raises(OperationalError) as caught:
            await connected(
                url.replace("/library", f",127.0.0.1:{nobody},no-such-host.invalid/library"), colour, sslmode="disable"
            )
        lines = str(caught.value).splitlines()
        assert "no server of the list will do" in lines[0]
        expected = [
            f"127.0.0.1:{silent.port}: no answer within 2 seconds",
            f"127.0.0.1:{starting.port}: the database system is starting up",
            f"127.0.0.1:{standby.port}: it is a standby, and target_session_attrs=primary",
            f"127.0.0.1:{nobody}: .*refused",
            "no-such-host.invalid:5432: ",
        ]
        assert len(lines) == 1 + len(expected)
        for line, pattern in zip(lines[1:], expected, strict=True):
            assert re.match("  " + pattern, line), line
        assert await gone(colour, silent, standby)


async def test_the_error_about_one_server_is_one_sentence(colour: str) -> None:
    with pytest.raises(
        OperationalError, match=r"^cannot connect to PostgreSQL at 127.0.0.1:\d+: .*refused.* port right\?$"
    ):
        await connected(f"postgresql://ada@127.0.0.1:{closed_port()}/d", colour)
    with fake(read_only=True) as only:
        with pytest.raises(OperationalError, match="its session is read-only, and target_session_attrs=read-write"):
            await connected(hosts(only, options="target_session_attrs=read-write"), colour)
        assert await gone(colour, only)


@pytest.mark.parametrize("reports", [True, False])
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("any", "reader"),
        ("read-write", "primary"),
        ("read-only", "reader"),
        ("primary", "reader"),
        ("standby", "standby"),
        ("prefer-standby", "standby"),
    ],
)
async def test_target_session_attrs(colour: str, wanted: str, expected: str, reports: bool) -> None:
    with fake(read_only=True) as reader, fake() as primary, fake(standby=True) as standby:
        servers = {"reader": reader, "primary": primary, "standby": standby}
        for server in servers.values():
            server.reports = reports
        port = await visited(hosts(*servers.values(), options=f"target_session_attrs={wanted}"), colour)
        assert {server.port: name for name, server in servers.items()}[port] == expected
        assert await gone(colour, *servers.values())


@pytest.mark.parametrize(("wanted", "expected"), [("read-write", 1), ("standby", 2)])
async def test_codecs_do_not_hide_what_a_server_is(colour: str, wanted: str, expected: int) -> None:
    codecs = [Codec(name, decode=lambda value: f"<{value}>") for name in ("text", "bool", "bpchar", "varchar")]
    with fake(read_only=True) as reader, fake() as primary, fake(standby=True) as standby:
        servers = (reader, primary, standby)
        for server in servers:
            server.reports = False
        url = hosts(*servers, options=f"target_session_attrs={wanted}")
        assert await visited(url, colour, codecs=codecs) == servers[expected].port
        assert await gone(colour, *servers)


async def test_without_a_standby_whoever_answered_will_do(colour: str) -> None:
    with fake() as down, fake() as first, fake() as second:
        down.answer = STARTING
        url = hosts(down, first, second, options="target_session_attrs=prefer-standby")
        assert await visited(url, colour) == first.port
        assert [len(one.startups) for one in (down, first, second)] == [1, 2, 1]


async def test_load_balancing_reaches_everybody(colour: str) -> None:
    with fake() as first, fake() as second, fake() as third:
        url = hosts(first, second, third, options="load_balance_hosts=random")
        ports = {await visited(url, colour) for _ in range(60)}
        assert ports == {first.port, second.port, third.port}  # but once in 10^10 runs
        fixed = hosts(first, second, third, options="load_balance_hosts=disable")
        assert {await visited(fixed, colour) for _ in range(5)} == {first.port}


async def test_every_address_of_a_name_is_tried(colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host != "db.test":
            return real(host, port, *args, **options)
        return [entry for one in ("127.0.0.2", "127.0.0.1") for entry in real(one, port, *args, **options)]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with fake() as server:
        url = f"postgresql://ada@db.test:{server.port}/d?sslmode=disable"
        assert await visited(url, colour) == server.port
        server.answer = STARTING
        with pytest.raises(OperationalError) as caught:
            await connected(url, colour)
        _, first, second = str(caught.value).splitlines()
        assert f"db.test:{server.port} (127.0.0.2): " in first
        assert f"db.test:{server.port} (127.0.0.1): the database" in second


async def test_an_address_spares_the_look_up(colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake() as server:
        url = f"postgresql://ada@no-such-host.invalid:{server.port}/d?hostaddr=127.0.0.1"
        assert await visited(url, colour) == server.port


async def test_the_deadline_is_shared_among_the_hosts(colour: str) -> None:
    """Without that, the first silent host would use up the time that the pool gives to connecting."""
    with fake() as first, fake() as second, fake() as good:
        first.silent = second.silent = True
        engine = create_engine(hosts(first, second, good), acquire_timeout=4.0)
        face = engine if colour == "sync" else engine.aio
        assert (await maybe(face.query_one("SELECT a")))[0] == good.port
        await maybe(face.close())


async def test_the_deadline_ends_a_search_without_success(colour: str) -> None:
    with fake() as first, fake() as second:
        first.silent = second.silent = True
        engine = create_engine(hosts(first, second), acquire_timeout=0.3)
        face = engine if colour == "sync" else engine.aio
        with in_time(4.0), pytest.raises((PoolTimeout, OperationalError)):
            await maybe(face.query_one("SELECT a"))
        await maybe(face.close())
        assert await gone(colour, first, second)


async def test_new_connections_follow_the_primary(colour: str) -> None:
    def promote(old: Fake, new: Fake) -> None:
        old.standby, new.standby = True, False

    with fake() as first, fake(standby=True) as second:
        engine = create_engine(hosts(first, second, options="target_session_attrs=read-write"), max_lifetime=0)
        face = engine if colour == "sync" else engine.aio
        assert (await maybe(face.query_one("SELECT a")))[0] == first.port
        promote(first, second)
        assert (await maybe(face.query_one("SELECT a")))[0] == second.port
        promote(second, first)
        assert (await maybe(face.query_one("SELECT a")))[0] == first.port
        await maybe(face.close())
