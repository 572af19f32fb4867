"""Records as only a liar sends them."""

from __future__ import annotations

import struct

import pytest

from ferrow.driver import connect
from ferrow.errors import ConnectionLost, DataError, InternalError
from tests.support.fakes import column
from tests.support.hostile import BOUND, NO_PARAMETERS, PARSED, READY, SELECTED, message, server

RECORD, MONEY, REGCLASS = 2249, 790, 2205


def record(*fields: tuple[int, bytes]) -> bytes:
    return struct.pack("!i", len(fields)) + b"".join(
        struct.pack("!Ii", oid, len(value)) + value for oid, value in fields
    )


def row(*values: bytes | None) -> bytes:
    lengths = [struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value for value in values]
    return message(b"D", struct.pack("!h", len(values)) + b"".join(lengths))


def texts(*rows: bytes, width: int = 1) -> bytes:
    """What the question about texts is answered with."""
    columns = b"".join(b"a\0" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0) for _ in range(width))
    return PARSED + BOUND + message(b"T", struct.pack("!h", width) + columns) + b"".join(rows) + SELECTED + READY


PREPARED = PARSED + NO_PARAMETERS + column(RECORD, -1) + READY
DOLLAR = (MONEY, struct.pack("!q", 100))


def executed(*values: bytes) -> bytes:
    return BOUND + b"".join(map(row, values)) + SELECTED + READY


@pytest.mark.parametrize("before", [(), (DOLLAR,)], ids=["alone", "behind a value that is asked about"])
def test_one_inside_of_the_other_without_end(before: tuple[tuple[int, bytes], ...]) -> None:
    around = [struct.pack("!iIi", 1, RECORD, 4 + 12 * inside) for inside in range(60_000)]
    deep = b"".join(reversed(around)) + record()
    answers = [PREPARED, executed(record(*before, (RECORD, deep)))]
    if before:
        answers.append(texts(row(b"$1.00")))
    with server(answers) as url, connect(url) as conn:
        with pytest.raises(DataError, match="records are nested deeper than 200 levels"):
            conn.query("SELECT a", timeout=10)
        assert not conn.is_closed()


ANSWERS = {
    "none": texts(),
    "too few": texts(row(b"$1.00")),
    "too many": texts(row(b"$1.00"), row(b"$2.00"), row(b"$3.00")),
    "NULL": texts(row(b"$1.00"), row(None)),
    "no UTF-8": texts(row(b"$1.00"), row(b"\xff")),
    "two columns": texts(row(b"$1.00", b"$1.00"), row(b"$2.00", b"$2.00"), width=2),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_no_answer_about_texts(answer: str) -> None:
    values = [record(DOLLAR), record((MONEY, struct.pack("!q", 200)))]
    with server([PREPARED, executed(*values), ANSWERS[answer]]) as url, connect(url) as conn:
        with pytest.raises(InternalError) as caught:
            conn.query("SELECT a", timeout=10)
        assert caught.value.executed
        assert not conn.is_closed()


@pytest.mark.parametrize("length", [0, 5, 40])
def test_a_connection_lost_in_the_answer(length: int) -> None:
    answer = texts(row(b"$1.00"))[:length]
    with server([PREPARED, executed(record(DOLLAR)), answer]) as url, connect(url) as conn:
        with pytest.raises(ConnectionLost):
            conn.query("SELECT a", timeout=10)
        assert conn.is_closed()
