"""A server that breaks the protocol costs the connection: a typed error, at once, and never a wrong answer.

What the parser itself accepts and refuses is tested in crates/pgwire; this is about what the wires make of it.
"""

from __future__ import annotations

import asyncio
import struct

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, DataError, OperationalError
from tests.support import maybe
from tests.support.hostile import BOUND, EXECUTED, PREPARED, READY, ROW, SELECTED, message, server
from tests.support.reaching import connected

BREACHES = {
    "unknown type": b"@\x00\x00\x00\x04",
    "negative length": b"D\xff\xff\xff\xff",
    "endless length": b"D\x7f\xff\xff\xff",
    "wrong order": SELECTED,
    "row that does not add up": BOUND + message(b"D", struct.pack("!hii", 2, 4, 7)) + SELECTED + READY,
    "answer nobody asked for": BOUND + ROW + SELECTED + READY + ROW,
    "not utf-8 where text must be": BOUND + message(b"C", b"\xff\xfe\x00") + READY,
    "end in the middle of a message": BOUND + ROW[:7],
    "end in the middle of an answer": BOUND + ROW,
    "startup again": BOUND + message(b"R", struct.pack("!i", 0)),
}


async def test_the_mock_is_a_server_to_begin_with(colour: str) -> None:
    with server([PREPARED, EXECUTED]) as url:
        conn = await connected(url, colour)
        assert (await maybe(conn.query_one("SELECT a")))[0] == 7
        await maybe(conn.close())


@pytest.mark.parametrize("breach", sorted(BREACHES))
async def test_a_breach_costs_the_connection(colour: str, breach: str) -> None:
    with server([PREPARED, BREACHES[breach]]) as url:
        conn = await connected(url, colour)
        with pytest.raises((OperationalError, DatabaseError)) as caught:
            # An answer nobody asked for may come after the one that was: then the next statement pays.
            for _ in range(2):
                await maybe(conn.query("SELECT a"))
        assert str(caught.value)
        assert conn.is_closed()
        await maybe(conn.close())


async def test_a_row_of_another_width_is_an_error_and_no_answer(colour: str) -> None:
    two = message(b"D", struct.pack("!hiiii", 2, 4, 7, 4, 8))
    none = message(b"D", struct.pack("!h", 0))
    for row in (two, none):
        with server([PREPARED, BOUND + row + SELECTED + READY]) as url:
            conn = await connected(url, colour)
            with pytest.raises(DatabaseError):
                await maybe(conn.query("SELECT a"))
            await maybe(conn.close())


async def test_a_value_of_another_size_is_a_data_error_after_the_whole_answer(colour: str) -> None:
    short = message(b"D", struct.pack("!hi", 1, 2) + b"ab")
    with server([PREPARED, BOUND + short + SELECTED + READY, EXECUTED]) as url:
        conn = await connected(url, colour)
        with pytest.raises(DataError, match="does not decode"):
            await maybe(conn.query("SELECT a"))
        assert (await maybe(conn.query_one("SELECT a")))[0] == 7
        await maybe(conn.close())


async def test_a_statement_described_with_a_lie(colour: str) -> None:
    """ParameterDescription says there are no parameters, so giving one is refused before anything is sent."""
    with server([PREPARED, EXECUTED]) as url:
        conn = await connected(url, colour)
        with pytest.raises(driver.ProgrammingError, match="0 placeholders, 1 parameter"):
            await maybe(conn.query("SELECT a", [1]))
        await maybe(conn.close())


async def test_a_flood_of_notices_is_only_noise(colour: str) -> None:
    notice = message(b"N", b"SNOTICE\x00C00000\x00Mhello\x00\x00")
    with server([PREPARED, notice * 10_000 + EXECUTED]) as url:
        conn = await connected(url, colour)
        assert (await maybe(conn.query_one("SELECT a")))[0] == 7
        await maybe(conn.close())


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_a_server_that_accepts_and_says_nothing(colour: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://ada@127.0.0.1:{silent.getsockname()[1]}/d?connect_timeout=0.2"
        with pytest.raises(OperationalError, match=r"no answer within 0\.2 seconds"):
            if colour == "async":
                asyncio.run(driver.AsyncConnection.connect(url))
            else:
                driver.connect(url)


def test_every_split_of_an_answer_is_the_same_answer() -> None:
    """The blocking wire reads what a proxy cut into pieces at every place."""
    import socket
    import threading

    from tests.support.hostile import LOGIN

    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for cut in range(1, len(EXECUTED)):
            client, _ = listener.accept()
            with client:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.recv(65536)
                client.sendall(LOGIN)
                client.recv(65536)
                client.sendall(PREPARED)
                client.recv(65536)
                client.sendall(EXECUTED[:cut])
                client.sendall(EXECUTED[cut:])
                client.recv(65536)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    url = f"postgresql://ada@127.0.0.1:{listener.getsockname()[1]}/d"
    for _ in range(1, len(EXECUTED)):
        with driver.connect(url) as conn:
            assert conn.query_one("SELECT a").to_dict() == {"a": 7}
    thread.join(20)
    listener.close()
