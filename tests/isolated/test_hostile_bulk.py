"""A server that misbehaves in the middle of a COPY or of a stream: a typed error, and no wrong answer."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ferrow.errors import ConnectionLost, DatabaseError, DataError, OperationalError
from tests.support import items, maybe
from tests.support.hostile import BOUND, EXECUTED, ONE_INT, PARSED, PREPARED, READY, ROW, SELECTED, message, server
from tests.support.reaching import connected

TAKES = PARSED + BOUND + message(b"G", struct.pack("!bhh", 0, 1, 0))
GIVES = PARSED + BOUND + message(b"H", struct.pack("!bhh", 0, 1, 0))
DATA = message(b"d", b"7\n")
DONE = message(b"c")
COPIED = message(b"C", b"COPY 1\x00")
REFUSED = message(b"E", b"SERROR\x00C22P02\x00Minvalid input\x00\x00")
FATAL = message(b"E", b"SFATAL\x00C57P01\x00Mterminating connection\x00\x00")
ROWS = 100_000
SYNC = message(b"S")


def copy_out(conn: Any) -> Any:
    return items(conn.copy_out(sql="COPY t TO STDOUT"))


def copy_in(conn: Any, source: Any = "7\n") -> Any:
    return maybe(conn.copy_in(sql="COPY t FROM STDIN", source=source))


async def test_the_mock_is_a_server_to_begin_with(colour: str) -> None:
    with server([GIVES + DATA + DONE + COPIED, (SYNC, READY), TAKES, (SYNC, COPIED + READY)]) as url:
        conn = await connected(url, colour)
        assert await copy_out(conn) == [b"7\n"]
        assert await copy_in(conn) == 1
        await maybe(conn.close())


OUT = {
    "a row among the data": GIVES + DATA + ROW,
    "an end without its beginning": GIVES + DATA + COPIED,
    "ready in the middle": GIVES + DATA + READY,
    "a second beginning": GIVES + DATA + GIVES,
    "a negative length": GIVES + b"d\xff\xff\xff\xff",
    "an end in the middle of the data": GIVES + DATA[:6],
    "an end between two": GIVES + DATA,
    "an end after the end": GIVES + DATA + DONE,
    "a format that does not exist": PARSED + BOUND + message(b"H", struct.pack("!bh", 7, 0)),
    "nothing": b"",
    "a fatal error": GIVES + DATA + FATAL,
}


@pytest.mark.parametrize("breach", sorted(OUT))
async def test_copy_out(colour: str, breach: str) -> None:
    with server([OUT[breach]]) as url:
        conn = await connected(url, colour)
        with pytest.raises((OperationalError, DatabaseError)) as caught:
            await copy_out(conn)
        assert str(caught.value)
        assert conn.is_closed() or breach == "a fatal error"
        with pytest.raises((OperationalError, DatabaseError)):
            await maybe(conn.query("SELECT 1"))
        assert conn.is_closed()
        await maybe(conn.close())


IN = {
    "complete before the data are": TAKES + COPIED,
    "ready before the data are": TAKES + READY,
    "rows": TAKES + ROW,
    "data": TAKES + DATA,
    "a second beginning": TAKES + TAKES,
    "an end in a message": TAKES + REFUSED[:9],
    "nothing": b"",
    "a fatal error": TAKES + FATAL,
}


@pytest.mark.parametrize("breach", sorted(IN))
async def test_copy_in(colour: str, breach: str) -> None:
    with server([IN[breach]]) as url:
        conn = await connected(url, colour)
        with pytest.raises((OperationalError, DatabaseError)) as caught:
            await copy_in(conn, ("7\n" * 1000 for _ in range(5_000)))
        assert str(caught.value)
        with pytest.raises((OperationalError, DatabaseError)):
            await maybe(conn.query("SELECT 1"))
        assert conn.is_closed()
        await maybe(conn.close())


async def test_a_server_that_goes_away_while_data_are_sent(colour: str) -> None:
    sent = 0

    def produce() -> Any:
        nonlocal sent
        while sent < ROWS:
            sent += 1
            yield "x" * 1000

    with server([TAKES]) as url:
        conn = await connected(url, colour)
        with pytest.raises(ConnectionLost):
            await copy_in(conn, produce())
        assert sent < ROWS
        assert conn.is_closed()
        await maybe(conn.close())


async def test_a_server_that_does_not_read_stops_the_producer() -> None:
    """What waits to be sent is what the sockets hold, not what the producer has."""
    produced = 0
    begun = asyncio.Event()

    async def produce() -> AsyncIterator[bytes]:
        nonlocal produced
        while produced < ROWS:
            produced += 1
            begun.set()
            yield b"x" * 65_536

    async def still(turns: int) -> None:
        """The producer has not moved for so many turns of the loop."""
        last, quiet = -1, 0
        while quiet < turns:
            await asyncio.sleep(0)
            last, quiet = produced, quiet + 1 if produced == last else 0

    with server([TAKES], hang_up=False) as url:
        conn = await connected(url, "async")
        task = asyncio.ensure_future(copy_in(conn, produce()))
        await begun.wait()
        await still(2_000)
        assert produced < 1_000  # of 6.5 GB no more than 65 MB
        assert conn.wire._transport.get_write_buffer_size() < 600_000  # TLS: half a megabyte
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task  # at once, though the server says nothing
        conn.wire.abort()


async def test_an_error_before_and_after_the_data_leaves_the_connection_usable(colour: str) -> None:
    with server([PARSED + BOUND + REFUSED, (SYNC, READY), TAKES, (SYNC, REFUSED + READY), PREPARED, EXECUTED]) as url:
        conn = await connected(url, colour)
        for _ in range(2):
            with pytest.raises(DataError, match="invalid input"):
                await copy_in(conn)
        assert (await maybe(conn.query_one("SELECT a")))[0] == 7
        await maybe(conn.close())


async def test_a_copy_the_other_way_round(colour: str) -> None:
    with server(
        [GIVES + DATA + DONE + COPIED, (SYNC, READY), TAKES, (SYNC, REFUSED + READY), PREPARED, EXECUTED]
    ) as url:
        conn = await connected(url, colour)
        with pytest.raises(DatabaseError, match="COPY gives data, where it was to take them"):
            await copy_in(conn)
        with pytest.raises(DatabaseError):
            await copy_out(conn)
        assert (await maybe(conn.query_one("SELECT a")))[0] == 7
        await maybe(conn.close())


@pytest.mark.parametrize("data", [b"nonsense", b"PGCOPY\n\xff\r\n\0" + b"\0" * 8 + b"\0\x02", b"PGCOPY"])
async def test_binary_data_that_are_none(colour: str, data: bytes) -> None:
    binary = PARSED + BOUND + message(b"H", struct.pack("!bhh", 1, 1, 1))
    answers: list[Any] = [PREPARED, binary + message(b"d", data) + DONE + COPIED, (SYNC, READY)]
    with server(answers) as url:
        conn = await connected(url, colour)
        with pytest.raises(DataError):
            await items(conn.copy_out(sql="SELECT a"))
        await maybe(conn.close())


async def test_a_stream_whose_server_lies(colour: str) -> None:
    begun = PARSED + BOUND + message(b"C", b"BEGIN\x00")  # under the Sync of what follows
    prepared = PARSED + message(b"t", struct.pack("!h", 0)) + ONE_INT + message(b"Z", b"T")
    bound = BOUND + message(b"Z", b"T")
    wide = message(b"D", struct.pack("!hiiii", 2, 4, 7, 4, 8))
    for lie in (
        SELECTED + ROW,
        message(b"s") + ROW,
        BOUND,
        DATA,
        message(b"D", b"\0"),
        wide + SELECTED + READY,
        ROW[:5],
    ):
        with server([begun + prepared, bound, lie]) as url:
            conn = await connected(url, colour)
            with pytest.raises((OperationalError, DatabaseError)):
                await items(conn.stream("SELECT a"))
            with pytest.raises((OperationalError, DatabaseError)):
                await maybe(conn.query("SELECT 1"))
            await maybe(conn.close())
