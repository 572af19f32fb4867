"""libpq and Ferrow take the same server of a list and send the same password to it. What differs is listed."""

from __future__ import annotations

import itertools
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from ferrow import driver
from ferrow.errors import OperationalError
from tests.support.fakes import Fake, fake, hosts, refusal

psycopg = pytest.importorskip(
    "psycopg", reason="asks libpq through psycopg, which is LGPL and only in the extra `bench` (make bench)"
)
pq = psycopg.pq

TARGETS = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")
STATES = {"primary": (False, False), "reader": (False, True), "standby": (True, False)}
SENT = ("127.0.0.1:", "*:*:*:*:a", "*:*:*:*: a", "*:*:*:*:ä")
"""How the lines begin that hold a password for the server."""
PLAIN = "sslmode=disable&gssencmode=disable"


def libpq(url: str) -> bool:
    """Whether it connects. Step by step: it would wait with the interpreter locked, and the servers are threads of ours."""
    conn = pq.PGconn.connect_start(url.encode())
    try:
        until = time.monotonic() + 20
        while (status := conn.connect_poll()) not in (pq.PollingStatus.OK, pq.PollingStatus.FAILED):
            assert time.monotonic() < until
            time.sleep(0.0005)
        return bool(status == pq.PollingStatus.OK)
    finally:
        conn.finish()


def ferrow(url: str) -> bool:
    try:
        driver.connect(url.replace("&gssencmode=disable", "")).close()
    except OperationalError:
        return False
    return True


def visits(servers: list[Fake]) -> list[int]:
    """How often each of them was logged into since the last time."""
    found = [server.logins for server in servers]
    for server in servers:
        assert server.left()
        server.logins = 0
    return found


@pytest.mark.parametrize("wanted", TARGETS)
def test_target_session_attrs(wanted: str) -> None:
    with ExitStack() as stack:
        servers = [stack.enter_context(fake()) for _ in range(3)]
        url = hosts(*servers, options=f"{PLAIN}&target_session_attrs={wanted}")
        for states in itertools.product(STATES, repeat=3):
            for server, state in zip(servers, states, strict=True):
                server.standby, server.read_only = STATES[state]
            theirs = libpq(url), visits(servers)
            ours = ferrow(url), visits(servers)
            assert ours == theirs, states


@pytest.mark.parametrize("state", ["57P03", "28P01", "28000", "3D000", "53300", "57P01", "57P02", "hangs up"])
def test_what_ends_the_search(state: str) -> None:
    differs = state in (
        "57P01",
        "57P02",
        "hangs up",
    )  # a server that stops, or a proxy without one: the next may be there
    with fake() as first, fake() as second:
        first.answer = b"" if state == "hangs up" else refusal(state, "no")
        url = hosts(first, second, options=PLAIN)
        assert libpq(url) is (state == "57P03")
        assert ferrow(url) is (state == "57P03" or differs)


@pytest.mark.parametrize(
    "line",
    [
        "127.0.0.1:{port}:library:ada:pw",
        "127.0.0.1:{port}:library:ada:pw\r\n",
        "127.0.0.1:*:*:ada:p\\:w\\\\x",
        "*:*:*:*:a:b",
        "*:*:*:*:a\\",
        "*:*:*:*: a ",
        "*:*:*:*:",
        "*:*:*:*",
        "*:*:*:*:\n*:*:*:*:second",
        "#*:*:*:*:no\n\n:::\n*:*:*:*:yes",
        "**:*:*:*:no\n*:*:*:*:yes",
        "\\*:*:*:*:no\n*:*:*:*:yes",
        "127\\.0.0.1:*:librar\\y:\\a\\d\\a:yes",
        "127.0.0.1 :*:*:*:no",
        "localhost:*:*:*:no",
        "*:1:*:*:no",
        "*:*:other:*:no",
        "*:*:*:ad:no\n*:*:*:adam:no",
        " *:*:*:*:no",
        "*:*:*:*:ä€",
    ],
)
def test_password_files(line: str, tmp_path: Path) -> None:
    file = tmp_path / "pass"
    with fake() as server:
        server.asks_for_password = True
        file.write_bytes(line.replace("{port}", str(server.port)).encode())
        file.chmod(0o600)
        url = hosts(server, options=f"{PLAIN}&passfile={file}")
        libpq(url)
        theirs, server.passwords = server.passwords, []
        assert bool(theirs) is (line.startswith(SENT) or "yes" in line)
        ferrow(url + "&allow_cleartext_password=1")
        assert [one for one in server.passwords if one] == [one for one in theirs if one]
