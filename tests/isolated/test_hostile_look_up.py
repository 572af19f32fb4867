"""What a server may say when it is asked about a type: the statement that mentions it fails, or gets text; nothing else does."""

from __future__ import annotations

import struct

import pytest

from ferrow.errors import DatabaseError, InternalError, OperationalError, ProgrammingError
from tests.support import maybe
from tests.support.hostile import BOUND, EXECUTED, NO_PARAMETERS, PARSED, PREPARED, READY, SELECTED, message, server
from tests.support.reaching import connected

TYPE = 99_999


def described(oid: int) -> bytes:
    column = b"a\x00" + struct.pack("!ihihih", 0, 0, oid, 4, -1, 0)
    return PARSED + NO_PARAMETERS + message(b"T", struct.pack("!h", 1) + column) + READY


def row(*values: str | bytes | None) -> bytes:
    body = struct.pack("!h", len(values))
    for value in values:
        encoded = value.encode() if isinstance(value, str) else value
        body += struct.pack("!i", -1) if encoded is None else struct.pack("!i", len(encoded)) + encoded
    return message(b"D", body)


def answer(*rows: bytes) -> bytes:
    columns = b"".join(b"c\x00" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0) for _ in range(12))
    return message(b"T", struct.pack("!h", 12) + columns) + b"".join(rows) + SELECTED + READY


def failed(code: str) -> bytes:
    return message(b"E", b"SERROR\0VERROR\0C" + code.encode() + b"\0Mno such thing\0\0") + READY


# The statement that failed is closed together with the next request.
CLOSED = message(b"3") + READY
TEXT = BOUND + row("value") + SELECTED + READY


async def test_a_type_that_is_gone_is_text(colour: str) -> None:
    with server([described(TYPE), answer(), TEXT]) as url:
        conn = await connected(url, colour)
        assert (await maybe(conn.query_one("SELECT a")))[0] == "value"
        await maybe(conn.close())


GARBAGE = {
    "a number that is none": row("x", "public", "t", "e", None, ",", "0", None, None, None, "true", "0"),
    "no utf-8": row(str(TYPE), b"\xff", "t", "e", None, ",", "0", None, None, None, "true", "0"),
    "no json": row(str(TYPE), "public", "t", "c", None, ",", "0", None, None, "{", "true", "0"),
    "fields of another form": row(str(TYPE), "public", "t", "c", None, ",", "0", None, None, '[["a"]]', "true", "0"),
    "a range of nothing": row(str(TYPE), "public", "t", "r", None, ",", "0", None, None, None, "true", "0"),
    "a number too large": row(str(TYPE), "public", "t", "d", None, ",", str(2**32), None, None, None, "true", "0"),
}


@pytest.mark.parametrize("garbage", sorted(GARBAGE))
async def test_what_is_no_answer_is_an_error_after_which_the_connection_goes_on(colour: str, garbage: str) -> None:
    with server([described(TYPE), answer(GARBAGE[garbage]), CLOSED + PREPARED, EXECUTED]) as url:
        conn = await connected(url, colour)
        with pytest.raises(InternalError, match="described a type in a way"):
            await maybe(conn.query("SELECT a"))
        assert (await maybe(conn.query_one("SELECT b")))[0] == 7
        await maybe(conn.close())


async def test_an_error_is_that_of_the_statement(colour: str) -> None:
    with server([described(TYPE), failed("42P01"), CLOSED + PREPARED, EXECUTED]) as url:
        conn = await connected(url, colour)
        with pytest.raises(ProgrammingError, match="no such thing") as caught:
            await maybe(conn.query("SELECT a"))
        assert caught.value.query == "SELECT a"
        assert (await maybe(conn.query_one("SELECT b")))[0] == 7
        await maybe(conn.close())


@pytest.mark.parametrize("length", [0, 7, 200])
async def test_a_connection_lost_in_the_middle(colour: str, length: int) -> None:
    cut = answer(row(str(TYPE), "public", "t", "e", None, ",", "0", None, None, None, "true", "0"))[:length]
    with server([described(TYPE), cut]) as url:
        conn = await connected(url, colour)
        with pytest.raises((OperationalError, DatabaseError)):
            await maybe(conn.query("SELECT a"))
        assert conn.is_closed()
        await maybe(conn.close())


async def test_a_type_that_is_a_part_of_itself(colour: str) -> None:
    fields = f'[["a", {TYPE}], ["b", {TYPE + 1}], ["c", {TYPE}]]'
    rows = (
        row(str(TYPE), "public", "t", "c", None, ",", "0", None, None, fields, "true", "0"),
        row(str(TYPE + 1), "public", "_t", "b", str(TYPE), ",", "0", None, "array_send", None, "true", "0"),
    )
    record = BOUND + row('(own,"{of it}",)') + SELECTED + READY
    with server([described(TYPE), answer(*rows), record]) as url:
        conn = await connected(url, colour)
        value = (await maybe(conn.query_one("SELECT a")))[0]
        assert value == ("own", ["of it"], None)
        await maybe(conn.close())
