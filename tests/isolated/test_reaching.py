"""What a connection goes through on its way: sockets of every kind, their options, look-ups, cancellation."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import OperationalError, QueryTimeout
from tests.support import maybe
from tests.support.fakes import Fake, fake, gone, hosts
from tests.support.reaching import CLEAR, connected, greeted


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def sock_of(conn: Any) -> Any:
    wire = conn.wire
    return wire._sock if hasattr(wire, "_sock") else wire._transport.get_extra_info("socket")


# --- sockets -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
async def test_ipv6(colour: str) -> None:
    with fake("::1") as server:
        await greeted(f"postgresql://ada@[::1]:{server.port}/d", colour)
        await greeted(f"host=::1 port={server.port} user=ada", colour)
        await greeted(f"postgresql://ada@localhost:{server.port}/d?hostaddr=::1", colour)


@pytest.mark.parametrize("seconds", ["1e10", "1e300"])
async def test_more_time_than_a_socket_can_wait(colour: str, seconds: str) -> None:
    with fake("127.0.0.1") as server:
        await greeted(f"postgresql://ada@127.0.0.1:{server.port}/d?connect_timeout={seconds}", colour)


async def test_unix_sockets(colour: str, tmp_path: Path) -> None:
    with fake(f"{tmp_path}/.s.PGSQL.6001") as server:
        await greeted(f"postgresql://ada@{str(tmp_path).replace('/', '%2F')}:6001/d", colour)
        await greeted(f"postgresql:///d?host={tmp_path}&port=6001&user=ada", colour)
        await greeted(f"host='{tmp_path}' port=6001 user=ada", colour)
        assert server.logins == 3


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
async def test_abstract_sockets(colour: str) -> None:
    name = f"ferrow-{os.getpid()}-{colour}"
    with fake(f"\0{name}/.s.PGSQL.6001") as server:
        await greeted(f"postgresql://ada@%40{name}:6001/d", colour)
        await greeted(f"host=@{name} port=6001 user=ada", colour)
        assert server.logins == 2


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="the platform does not say who is at the other end")
async def test_requirepeer(colour: str, tmp_path: Path) -> None:
    import pwd

    with fake(f"{tmp_path}/.s.PGSQL.5432") as server:
        await greeted(f"host={tmp_path} user=ada", colour, requirepeer=pwd.getpwuid(os.getuid()).pw_name)
        with pytest.raises(OperationalError, match="requirepeer='eve', but the server at the socket runs as user"):
            await connected(f"host={tmp_path} user=ada", colour, requirepeer="eve")
        assert len(server.startups) == 1  # nothing was said to it
        assert await gone(colour, server)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the platform has no TCP_USER_TIMEOUT")
async def test_keepalives(colour: str) -> None:
    def options(conn: Any) -> list[int]:
        sock = sock_of(conn)
        names = ("TCP_NODELAY", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
        found = [sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
        return [sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), *found]

    with fake() as server:
        conn = await connected(hosts(server), colour)
        assert options(conn) == [1, 1, 15, 5, 3, 15_000]
        await maybe(conn.close())
        chosen = "keepalives_idle=7&keepalives_interval=8&keepalives_count=9&tcp_user_timeout=1234"
        conn = await connected(hosts(server, options=chosen), colour)
        assert options(conn) == [1, 1, 7, 8, 9, 1234]
        await maybe(conn.close())
        conn = await connected(hosts(server, options="keepalives=0&tcp_user_timeout=0"), colour)
        assert (options(conn)[0], options(conn)[-1]) == (0, 0)
        await maybe(conn.close())


async def test_a_connection_says_which_host_it_is_on(colour: str) -> None:
    with fake(standby=True) as first, fake() as second:
        conn = await connected(hosts(first, second, options="target_session_attrs=primary"), colour)
        assert f"postgresql://ada@127.0.0.1:{second.port}/library" in repr(conn)
        assert f":{first.port}" not in repr(conn)
        await maybe(conn.close())


# --- cancellation and ends -----------------------------------------------------------------------------------------------


def test_cancelled_at_any_step_connecting_leaves_no_socket() -> None:
    """The task is cancelled after 0, 1, 2, ... turns of the loop, until it gets through."""

    async def attempt(url: str, turns: int) -> bool:
        task = asyncio.ensure_future(driver.AsyncConnection.connect(url, password=_soon))
        for _ in range(turns):
            await asyncio.sleep(0.0005 * max(1, turns / 100) if turns > 20 else 0)
        task.cancel()
        try:
            conn = await task
        except asyncio.CancelledError:
            return False
        await conn.close()
        return True

    with fake(standby=True) as first, fake() as second:
        first.asks_for_password = True
        url = hosts(first, second, options=f"{CLEAR}&target_session_attrs=primary").replace("127.0.0.1", "localhost")
        through = 0
        for turns in range(2000):
            through += asyncio.run(attempt(url, turns))
            if through == 3:
                break
        assert through
        assert first.left()
        assert second.left()


async def _soon() -> str:
    await asyncio.sleep(0)
    return "pw"


def test_a_look_up_does_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    looking, go = threading.Event(), threading.Event()

    def getaddrinfo(*args: Any, **options: Any) -> Any:
        looking.set()
        go.wait(20)
        raise socket.gaierror("nobody")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def main() -> None:
        task = asyncio.ensure_future(driver.AsyncConnection.connect("postgresql://ada@db.test/d?sslmode=disable"))
        await asyncio.to_thread(looking.wait, 20)
        for _ in range(100):
            await asyncio.sleep(0)  # the loop runs
        go.set()
        with pytest.raises(OperationalError, match="nobody"):
            await task

    asyncio.run(main())


def test_a_look_up_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: go.wait(20) and [])
    try:
        with pytest.raises(OperationalError, match=r"db\.test:5432: no answer within 0\.2 seconds"):
            driver.connect("postgresql://ada@db.test/d?sslmode=disable&connect_timeout=0.2")
    finally:
        go.set()


async def test_a_cancel_request_goes_to_the_server_of_the_session(colour: str) -> None:
    with fake(standby=True) as first, fake() as second:
        conn = await connected(hosts(first, second, options="target_session_attrs=primary"), colour)
        second.hold()
        with pytest.raises(QueryTimeout):
            await maybe(conn.query("SELECT 1", timeout=0.1))
        await maybe(conn.query("SELECT 1"))  # which is sent when that is over
        await maybe(conn.close())
        assert (len(first.cancels), len(second.cancels)) == (0, 1)


@pytest.mark.parametrize("where", ["uvloop"])
def test_uvloop(where: str, tmp_path: Path) -> None:
    loops = pytest.importorskip(where)

    async def main(server: Fake, local: Fake, abstract: str) -> None:
        await greeted(hosts(server), "async")
        await greeted(hosts(server).replace("127.0.0.1", "localhost"), "async")
        await greeted(f"host={tmp_path} user=ada", "async")
        if sys.platform == "linux":
            await greeted(f"host=@{abstract} user=ada", "async")

    abstract = f"ferrow-uv-{os.getpid()}"
    with fake() as server, fake(f"{tmp_path}/.s.PGSQL.5432") as local, fake(f"\0{abstract}/.s.PGSQL.5432"):
        with asyncio.Runner(loop_factory=loops.new_event_loop) as runner:
            runner.run(main(server, local, abstract))
