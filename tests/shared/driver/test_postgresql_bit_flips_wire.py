"""Bits that change on their way between a real server and a connection, in every kind of message and of statement.

Whatever it is: a value or an error of ours, and never an answer to the wrong question; then the next answer is right, or the
connection says that it is closed, and a new one answers. What values make of it: test_postgresql_bit_flips.py.
"""

from __future__ import annotations

import asyncio
import os
import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import Error
from ferrow.wire.drive import drive
from tests.support import maybe
from tests.support.effort import times
from tests.support.flips import messages
from tests.support.postgres import ENCRYPTED
from tests.support.reaching import connected
from tests.support.spoiling import LOGGED_IN, NOWHERE, Spoiler, spec, spoiler
from tests.support.spoilt_scenes import ASYNC, BOTH, SETUP, Asked, Scene, select, types, word

pytestmark = pytest.mark.postgresql

EACH = times(1)
"""Flips in the head, in the length and in the body of messages of each kind, and lengths that take in the message behind."""
TOGETHER = 16
DEADLINE = 60


@pytest.fixture(scope="module")
def between(database_with: Any) -> Iterator[Spoiler]:
    if os.environ.get(ENCRYPTED):
        pytest.skip("what is encrypted is changed by nobody unnoticed")
    url = database_with(None).clean()
    with driver.connect(url) as conn:
        conn.script(SETUP)
    with spoiler(url) as found:
        yield found


async def played(between: Spoiler, said: str, scene: Scene, colour: str) -> tuple[Asked, str | None]:
    """What came of it, and what is wrong with that."""
    asked, after = Asked(), Asked()
    try:
        conn = await connected(between.url(said), colour)
    except Error as error:
        if not between.passed[said].is_spoilt:
            raise
        asked.errors.append(error)
        return asked, await anew(between, colour)
    try:
        with suppress(Error):
            await scene(conn, asked)
        if not between.passed[said].is_spoilt:
            return asked, None
        for letter in "yz":
            await after(letter, conn.query, select(letter))
            if letter not in after.right and not conn.is_closed():
                return asked, f"then {after.wrong or after.errors} from a connection that is open"
        lost = await anew(between, colour) if conn.is_closed() else None
        return asked, lost or doubtful(asked)
    finally:
        with suppress(Error):
            await maybe(conn.close())


async def anew(between: Spoiler, colour: str, scene: Scene | None = None) -> str | None:
    """What is wrong with the answers to somebody who connects again, and is told what the server says."""
    conn = await connected(between.url(spec(NOWHERE, bytes(4))), colour)
    asked = Asked()
    try:
        if scene is None:
            await asked("z", conn.query, select("z"))
        else:
            await scene(conn, asked)
    finally:
        await maybe(conn.close())
    return None if asked.right and not asked.wrong and not asked.errors else f"a new connection: {asked}"


def doubtful(asked: Asked) -> str | None:
    """One value may be another. What has a word of another question in it is that one's answer."""
    if len(asked.wrong) > 1:
        return f"several wrong answers: {asked.wrong}"
    for letter, got in asked.wrong.items():
        if any(word(other) in repr(got) for other in "abcd" if other != letter):
            return f"an answer to another question: {asked.wrong}"
    return None


async def judged(between: Spoiler, said: str, scene: Scene, colour: str) -> str | None:
    try:
        return (await played(between, said, scene, colour))[1]
    except BaseException as error:  # PanicException is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"{type(error).__name__}: {error}"


def chosen(between: Spoiler, name: str, colour: str) -> Iterator[tuple[str, str]]:
    """Where something is spoilt, and what that is."""
    login = name == "login"
    said = spec(NOWHERE, bytes(4), login=login)
    asked, _ = asyncio.run(played(between, said, ASYNC[name], colour))
    assert asked.right, asked
    assert not asked.wrong, asked.wrong
    data = bytes(between.passed[said].said)
    if login:
        data = data[: data.index(LOGGED_IN) + len(LOGGED_IN)]
    random = Random(zlib.crc32(f"{name} {colour}".encode()))
    kinds: dict[bytes, list[tuple[int, int]]] = {}
    for kind, start, end in messages(data):
        kinds.setdefault(kind, []).append((start, end))
    for kind, places in kinds.items():
        for _ in range(EACH):
            start, end = random.choice(places)
            ranges = [("type", start - 5, start - 4), ("length", start - 2, start), ("body", start, end)]
            for what, first, last in ranges:
                if first < last:
                    at, bit = random.randrange(first, last), 1 << random.randrange(8)
                    yield spec(at, bytes([bit, 0, 0, 0]), login=login), f"{what} of {kind!r} at {at}, bit {bit}"
            if end < len(data):
                (length,) = struct.unpack_from("!i", data, start - 4)
                (next_one,) = struct.unpack_from("!i", data, end + 1)
                change = struct.pack("!i", length ^ (length + next_one + 1))
                yield spec(start - 4, change, login=login), f"{kind!r} at {start} takes in what follows"


def of_all(found: list[tuple[str, str | None]]) -> list[str]:
    return [f"{what}: {wrong}" for what, wrong in found if wrong is not None]


@pytest.mark.parametrize("name", ASYNC)
def test_on_an_event_loop(between: Spoiler, name: str) -> None:
    some = [*dict(chosen(between, name, "async")).items()]
    turns = asyncio.Semaphore(TOGETHER)

    async def one(said: str, what: str) -> tuple[str, str | None]:
        async with turns, asyncio.timeout(DEADLINE):
            return f"{said} {what}", await judged(between, said, ASYNC[name], "async")

    async def every() -> list[tuple[str, str | None]]:
        told: list[tuple[str, str | None]] = []  # what a loop makes a lost connection of: a panic, for one

        def tell(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            told.append(("the loop", repr(context)))

        asyncio.get_running_loop().set_exception_handler(tell)
        found = await asyncio.gather(*(one(*case) for case in some))
        return [*found, *told, ("all of it", await anew(between, "async", types))]

    assert not of_all(asyncio.run(every()))


@pytest.mark.parametrize("name", BOTH)
def test_in_threads(between: Spoiler, name: str) -> None:
    some = [*dict(chosen(between, name, "sync")).items()]

    def one(case: tuple[str, str]) -> tuple[str, str | None]:
        return " ".join(case), drive(judged(between, case[0], BOTH[name], "sync"))

    with ThreadPoolExecutor(TOGETHER) as threads:
        found = [*threads.map(one, some, timeout=DEADLINE)]
    assert not of_all([*found, ("all of it", drive(anew(between, "sync", types)))])
