"""Servers that do not stop talking, each one way."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable

from tests.support.hostile import BOUND, NO_PARAMETERS, PARSED, READY, ROW, SELECTED, message
from tests.support.hostility.conversation import Conversation
from tests.support.hostility.table import BACKEND, COLUMN

LOGIN = (
    message(b"R", struct.pack("!i", 0))
    + message(b"S", b"server_version\x0018.0\x00")
    + message(b"K", struct.pack("!ii", 4711, 815))
    + READY
)
ONE_INT = message(b"T", struct.pack("!h", 1) + COLUMN)
Flood = Callable[[Conversation], Awaitable[None]]


def _endless(block: bytes, *, begin: bytes = b"", login: bytes = LOGIN, ends: bool = False) -> Flood:
    """Logs in, describes a statement, begins to answer its execution with `begin` and goes on with `block` for ever."""

    async def flood(conversation: Conversation) -> None:
        writer = conversation.writer
        writer.write(login)
        if login:
            await _until(conversation, b"S")
            writer.write(PARSED + NO_PARAMETERS + ONE_INT + READY)
            await _until(conversation, b"S")
        writer.write(begin)
        while not ends:
            writer.write(block)
            await writer.drain()
        await conversation.reader.read()

    return flood


def _idle(block: bytes, *, login: bytes = LOGIN) -> Flood:
    """Talks though nobody has asked for anything."""

    async def flood(conversation: Conversation) -> None:
        conversation.writer.write(login)
        while True:
            conversation.writer.write(block)
            await conversation.writer.drain()

    return flood


async def _until(conversation: Conversation, kind: bytes) -> None:
    while (await conversation.hear())[0] != kind:
        pass


async def _parameters(conversation: Conversation) -> None:
    """900,000 parameters that no server has."""
    writer = conversation.writer
    writer.write(message(b"R", struct.pack("!i", 0)))
    for first in range(0, 900_000, 1000):
        texts = (b"parameter_%d\x00on\x00" % number for number in range(first, first + 1000))
        writer.write(b"".join(message(b"S", text) for text in texts))
        await writer.drain()
    writer.write(READY)
    await asyncio.sleep(60)


async def _counted(conversation: Conversation) -> None:
    """20,000 notices before the answer."""
    notices = (message(b"N", b"SNOTICE\x00M%d\x00\x00" % number) for number in range(20_000))
    await _endless(b"", begin=BOUND + b"".join(notices) + ROW + SELECTED + READY, ends=True)(conversation)


async def _types(conversation: Conversation) -> None:
    """A column of an unknown type; asked what that is, it tells of types without end."""
    writer = conversation.writer
    writer.write(LOGIN)
    await _until(conversation, b"S")
    column = b"tag\x00" + struct.pack("!ihihih", 0, 0, 99_999, 4, -1, 0)
    writer.write(PARSED + NO_PARAMETERS + message(b"T", struct.pack("!h", 1) + column) + READY)
    await _until(conversation, b"Q")
    writer.write(message(b"T", struct.pack("!h", 10) + COLUMN * 10))
    rest = b"".join(
        struct.pack("!i", len(text)) + text for text in (b"s", b"n" * 20, b"e", b"0", b",", b"0", b"0", b"x")
    )
    for number in range(100_000, 2**31):
        text = str(number).encode()
        row = struct.pack("!hi", 10, len(text)) + text + rest + struct.pack("!i", -1)
        writer.write(message(b"D", row))
        if number % 1000 == 0:
            await writer.drain()


async def _late(conversation: Conversation) -> None:
    """Notices without end, a moment after the login."""
    conversation.writer.write(LOGIN)
    await asyncio.sleep(0.1)
    await _idle(_block(LEAST_NOTICE), login=b"")(conversation)


async def _drip(conversation: Conversation) -> None:
    """A byte now and then, of a message that promises to be right."""
    conversation.writer.write(message(b"R", struct.pack("!i", 0)))
    for byte in message(b"S", b"x\x00" * 2 + b"\x00" * 500):
        conversation.writer.write(bytes((byte,)))
        await asyncio.sleep(0.02)


def _scram(iterations: str) -> Flood:
    async def bomb(conversation: Conversation) -> None:
        conversation.writer.write(message(b"R", struct.pack("!i", 10) + b"SCRAM-SHA-256\x00\x00"))
        first = (await conversation.hear())[1]
        nonce = first.rpartition(b"r=")[2].decode()
        answer = f"r={nonce}x,s=c2FsdA==,i={iterations}".encode()
        conversation.writer.write(message(b"R", struct.pack("!i", 11) + answer))
        await conversation.hear()

    return bomb


def _one(name: str) -> bytes:
    return message(*BACKEND[name])


def _block(one: bytes) -> bytes:
    return one * max(1, 200_000 // len(one))


def _huge(kind: bytes, size: int, begin: bytes) -> Flood:
    """One message of that many bytes, and every one of them comes."""
    return _endless(b"x" * 65_536, begin=BOUND + kind + struct.pack("!i", size) + begin)


def _longest(kind: bytes, begin: bytes) -> Flood:
    """The longest message of its kind that is accepted, and right."""
    longest = message(kind, begin + b"x" * (2**23 - len(begin) - 2) + b"\x00\x00")
    return _endless(b"", begin=BOUND + longest + SELECTED + READY, ends=True)


LEAST_NOTICE = message(b"N", b"\x00")
LEAST_NOTIFICATION = message(b"A", struct.pack("!i", 1) + b"\x00\x00")

SAID: dict[str, Flood] = {"counted_notices": _counted, "late_notices": _late}
"""For tests of their own."""

FLOODS: dict[str, Flood] = {
    "notices": _endless(_block(_one("NoticeResponse"))),
    "least_notices": _endless(_block(LEAST_NOTICE)),
    "notifications": _endless(_block(LEAST_NOTIFICATION)),
    "one_parameter": _endless(_block(message(b"S", b"\x00\x00"))),
    "rows": _endless(_block(_one("DataRow")), begin=BOUND),
    "empty_rows": _endless(_block(message(b"D", struct.pack("!hi", 1, -1))), begin=BOUND),
    "errors": _endless(_block(_one("ErrorResponse"))),
    "idle_notices": _idle(_block(LEAST_NOTICE)),
    "idle_notifications": _idle(_block(LEAST_NOTIFICATION)),
    "notices_before_login": _endless(_block(LEAST_NOTICE), login=b""),
    "parameters": _parameters,
    "drip": _drip,
    "types": _types,
    "huge_error": _huge(b"E", 2**26, b"SERROR\x00M"),
    "huge_notice": _huge(b"N", 2**26, b"SNOTICE\x00M"),
    "longest_error": _longest(b"E", b"SERROR\x00C22012\x00M"),
    "longest_notice": _longest(b"N", b"SNOTICE\x00C00000\x00M"),
    "error_of_1_gb": _huge(b"E", 10**9, b"SERROR\x00M"),
    "row_of_2_gb": _huge(b"D", 2 * 10**9, struct.pack("!hi", 1, 2 * 10**9 - 10)),
    **{f"scram_{count}": _scram(count) for count in ("100000", "100001", "10000000", "2147483647", "9" * 400)},
}
