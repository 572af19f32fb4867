"""Rows that are read in one go, without an event around each, are what they are one by one, as whatever they come."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ferrow._core import Shape
from tests.support.effort import EFFORT
from tests.support.fed import Fed
from tests.support.hostile import BOUND, NO_PARAMETERS, ONE_INT, PARSED, READY, ROW, SELECTED, message

LENGTHS = {
    16: 1,
    20: 8,
    21: 2,
    23: 4,
    26: 4,
    700: 4,
    701: 8,
    1082: 4,
    1083: 8,
    1114: 8,
    1184: 8,
    2950: 16,
    1266: 12,
    1186: 16,
}
TEXTS = [25, 1043, 1042, 19, 17, 114, 3802, 18]
OTHERS = [1700, 1007, 1009, 869, 600, 3904, 2249, 2278, 705]
USUAL = [16, 20, 23, 25, 701, 1184]
TYPES = [*LENGTHS, *TEXTS, *OTHERS]

EDGES = [
    0,
    1,
    -1,
    2**31 - 1,
    -(2**31),
    2**63 - 1,
    -(2**63),
    -63082281600000000,
    252455615999999999,
    252455616000000000,
    -211813488000000000,
]


def fitting(oid: int) -> st.SearchStrategy[bytes | None]:
    """Values of the right length, and some of another one."""
    texts = st.text("ab~\x7f\x80é€😀", max_size=40).map(str.encode)
    ascii_ = st.integers(0, 70).map(lambda length: b"x" * length) | st.sampled_from(
        [b"y" * 4095, b"y" * 4096, b"z" * 9000]
    )
    some = st.none() | st.binary(max_size=20) | texts | ascii_
    if oid in LENGTHS:
        length = LENGTHS[oid]
        whole = st.binary(min_size=length, max_size=length)
        edge = st.sampled_from(EDGES).map(lambda number: struct.pack("!q", number)[-length:].rjust(length, b"\0"))
        return st.one_of(whole, whole, edge, edge, whole, edge, some)
    if oid in (114, 3802):
        json = st.sampled_from([b"{}", b'[1, {"a": null}]', b'"x"', b"1e5", b"[" * 300 + b"]" * 300, b"nope"])
        return json.map(lambda text: b"\x01" * (oid == 3802) + text) | some
    return some


NOISE = [
    message(b"N", b"SNOTICE\0VNOTICE\0C00000\0Mhey\0\0"),
    message(b"S", b"application_name\0x\0"),
    message(b"A", struct.pack("!i", 7) + b"news\0hey\0"),
    message(b"E", b"SERROR\0VERROR\0C22012\0Mdivision by zero\0\0"),
    message(b"E", b"SFATAL\0VFATAL\0C57P01\0Mterminating\0\0"),
    message(b"D", b"\0"),
    message(b"D", struct.pack("!hi", 1, 100)),
    message(b"D", struct.pack("!hi", 1, -7)),
    message(b"D", struct.pack("!h", -1)),
    message(b"D", struct.pack("!h", 0)),
    message(b"I"),
    message(b"2"),
    message(b"s"),
    message(b"n"),
    b"D\0\0\0\x03",
    b"D\x7f\xff\xff\xff",
]


def row(values: list[bytes | None]) -> bytes:
    parts = [struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value for value in values]
    return message(b"D", struct.pack("!h", len(values)) + b"".join(parts))


def described(oids: list[int]) -> bytes:
    columns = [b"c%d\0" % at + struct.pack("!ihihih", 0, 0, oid, -1, -1, 0) for at, oid in enumerate(oids)]
    return message(b"T", struct.pack("!h", len(oids)) + b"".join(columns)) if oids else message(b"n")


@st.composite
def conversations(draw: Any) -> tuple[list[int], list[bytes]]:
    """The types of the columns, and the messages that answer one execution."""
    oids = draw(st.lists(st.sampled_from(USUAL) | st.sampled_from(TYPES), max_size=5))
    one = st.tuples(*map(fitting, oids)).map(list).map(row)
    if draw(st.booleans()):
        longer = one.map(lambda whole: message(b"D", whole[5:] + b"\0"))
        one = st.one_of(
            one, one, one, one, one, longer, st.sampled_from(NOISE), st.lists(st.none(), max_size=6).map(row)
        )
    rows = draw(st.lists(one, max_size=12))
    end = draw(
        st.sampled_from([message(b"C", b"SELECT 3\0")] * 6 + [message(b"C", b"INSERT 0 2\0"), message(b"C", b"")])
    )
    return oids, [BOUND, *rows, end, READY]


def told(answer: Any) -> object:
    """An outcome as something that can be compared: NaN is NaN, 1 is not True."""
    outcome = answer.outcome
    if outcome is None:
        return None
    if isinstance(outcome, BaseException):
        return type(outcome), str(outcome)
    return (
        outcome.status,
        outcome.rowcount,
        [[(type(value), repr(value)) for value in values(row)] for row in outcome.rows],
    )


def values(row: Any) -> list[Any]:
    return list(row.values() if isinstance(row, dict) else row)


def heard(oids: list[int], said: bytes, cuts: list[int], shape: Shape) -> object:
    """The outcome of a statement, what is left of the connection, and what the next one finds."""
    fed = Fed()
    answer = fed.ask("SELECT", shape)
    fed.hear(PARSED + NO_PARAMETERS + described(oids) + READY)
    ends = [0, *sorted({cut % (len(said) + 1) for cut in cuts}), len(said)]
    fed.hear(*(said[start:end] for start, end in pairwise(ends) if start < end))
    ended = fed.session.ended
    after = None
    if not ended and answer.done():
        another = fed.ask("SELECT 7", Shape.tuples())
        fed.hear(PARSED + NO_PARAMETERS + ONE_INT + READY, BOUND + ROW + SELECTED + READY)
        after = told(another)
    return told(answer), ended, fed.session.in_flight, after, fed.aborted


@pytest.mark.timeout(600)
@settings(max_examples=300 * EFFORT, deadline=None)
@given(conversations(), st.lists(st.integers(0, 2000), max_size=6))
@example(([], [BOUND, row([]), row([]), SELECTED, READY]), [])
@example(([23, 25], [BOUND, row([b"\0\0\0\1", b"a"]), row([b"\0\0\0\1"]), SELECTED, READY]), [])
@example(([16], [BOUND, *(row([bytes([truth])]) for truth in (0, 1, 2, 255)), SELECTED, READY]), [])
@example(([1184], [BOUND, *(row([struct.pack("!q", edge)]) for edge in EDGES), SELECTED, READY]), [])
def test_rows_are_the_same_however_they_come(conversation: tuple[list[int], list[bytes]], cuts: list[int]) -> None:
    oids, messages = conversation
    said = b"".join(messages)
    whole = heard(oids, said, [], Shape.tuples())
    ends = [sum(map(len, messages[: at + 1])) for at in range(len(messages))]
    # Each message in two pieces: it is put together, and given as an event.
    pieces = [end - 1 for end in ends]
    assert heard(oids, said, pieces, Shape.tuples()) == whole
    assert heard(oids, said, ends, Shape.tuples()) == whole
    assert heard(oids, said, cuts, Shape.tuples()) == whole
    assert heard(oids, said, [], Shape.rows()) == whole
    assert heard(oids, said, cuts, Shape.rows()) == whole
    assert heard(oids, said, [], Shape.dicts()) == whole


@pytest.mark.parametrize("shape", [Shape.tuples(), Shape.rows(), Shape.dicts()])
def test_every_cut(shape: Shape) -> None:
    oids = [23, 25, 16, 1184, 20, 701, 1700]
    first = [b"\0\0\0\1", b"Ada", b"\1", struct.pack("!q", 5), struct.pack("!q", -5), struct.pack("!d", 0.5), None]
    second = [None, "é".encode(), b"\0", None, None, None, struct.pack("!hhhhh", 1, 0, 0, 0, 7)]
    said = BOUND + row(first) + NOISE[0] + row(second) + NOISE[1] + message(b"C", b"SELECT 2\0") + READY
    whole = heard(oids, said, [], shape)
    assert isinstance(whole, tuple)
    assert "Ada" in repr(whole)
    for cut in range(len(said)):
        assert heard(oids, said, [cut], shape) == whole
        assert heard(oids, said, [cut, cut + 1], shape) == whole
    assert heard(oids, said, list(range(len(said))), shape) == whole
