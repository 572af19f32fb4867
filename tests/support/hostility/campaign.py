"""A scene with each message of its conversation wrong in each way, and what must hold all the same."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ferrow import driver
from ferrow.errors import Error
from ferrow.wire.drive import drive
from tests.support import maybe
from tests.support.hostility.mutations import Mutation, is_harmless, mutations
from tests.support.hostility.opponent import Opponent
from tests.support.hostility.scenes import ASYNC, Scene, query

DEADLINE = 15  # seconds for one case: the server hangs up long before
TOGETHER = 64
_tags = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Case:
    scene: str
    user: str
    at: int
    kind: bytes
    body: bytes
    mutation: Mutation

    def __str__(self) -> str:
        return f"{self.scene} ({self.user}), message {self.at} {self.kind!r}: {self.mutation.name}"

    @property
    def spec(self) -> dict[str, Any]:
        return {"at": self.at, "kind": self.kind.decode(), "say": self.mutation.say, "then": self.mutation.then}

    @property
    def lies(self) -> bool:
        """Whether the server only gives another answer, where the protocol lets it answer."""
        return self.kind in (b"2", b"D", b"C", b"s") and "DataRow" in self.mutation.name

    @property
    def lets_in(self) -> bool:
        """Whether a client that insists on a proof may be let in."""
        proven = self.at > 2 or self.user != "scram"
        return proven or self.skips_proof or is_harmless(self.mutation, self.kind, self.body)

    @property
    def skips_proof(self) -> bool:
        """The server does not ask for a password at all, which is its right."""
        return self.at == 0 and self.mutation.name == "AuthenticationOk instead"


def cases(opponent: Opponent, scene: str, user: str = "trust") -> list[Case]:
    """Every case of a scene. The messages of its conversation are found by having it once with an honest server."""
    asyncio.run(_rehearsal(opponent, scene, user))
    said = [(kind.encode(), bytes.fromhex(body)) for kind, body in opponent.line()]
    first = 0 if scene == "login" else _logged_in(said)
    return [
        Case(scene, user, at, kind, body, mutation)
        for at, (kind, body) in enumerate(said)
        if at >= first
        for mutation in mutations(kind, body)
    ]


def _logged_in(said: list[tuple[bytes, bytes]]) -> int:
    return next(at for at, (kind, _) in enumerate(said) if kind == b"Z") + 1


async def _rehearsal(opponent: Opponent, scene: str, user: str) -> None:
    conn = await driver.connect_async(opponent.url(user, {"record": True}))
    tag = next(_tags)
    found = await ASYNC[scene](conn, tag)
    assert all(value == tag for value in found)
    await conn.close()


async def judge(case: Case, scene: Scene, conn: Any) -> str | None:
    """What is wrong with what the client makes of it; None if nothing is."""
    tag = next(_tags)
    try:
        found = await scene(conn, tag)
    except Error:
        found = []
    if any(value != tag for value in found) and not case.lies:
        return f"wrong answer {found}, not {tag}"
    for _ in range(2):
        tag = next(_tags)
        with contextlib.suppress(Error):
            after = await query(conn, tag)
            if after != [tag] and not case.lies:
                return f"wrong answer {after} afterwards, not {[tag]}"
    return None


async def play(opponent: Opponent, case: Case, scene: Scene, colour: str) -> str | None:
    url = opponent.url(case.user, case.spec)
    try:
        conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    except Error:
        return None
    try:
        if not case.lets_in:
            return "let in without a proof"
        return await judge(case, scene, conn)
    finally:
        with contextlib.suppress(Error):
            await maybe(conn.close())


async def _judged(opponent: Opponent, case: Case, scene: Scene, colour: str) -> str | None:
    try:
        return await play(opponent, case, scene, colour)
    except BaseException as error:
        # PanicException is no Exception.
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"{type(error).__name__}: {error}"


async def on_a_loop(opponent: Opponent, some: Iterable[Case], scene: Scene) -> list[str]:
    """What went wrong in those cases, many of them at once."""
    found: list[str] = []
    waiting = iter(some)

    async def work() -> None:
        for case in waiting:
            try:
                async with asyncio.timeout(DEADLINE):
                    wrong = await _judged(opponent, case, scene, "async")
            except TimeoutError:
                wrong = "no end within the deadline"
            if wrong is not None:
                found.append(f"{case}: {wrong}")

    with _heard() as complaints:
        await asyncio.gather(*(work() for _ in range(TOGETHER)))
    return [*found, *complaints]


def in_threads(opponent: Opponent, some: Iterable[Case], scene: Scene) -> list[str]:
    def one(case: Case) -> str | None:
        wrong = drive(_judged(opponent, case, scene, "sync"))
        return None if wrong is None else f"{case}: {wrong}"

    with ThreadPoolExecutor(TOGETHER) as threads:
        return [wrong for wrong in threads.map(one, some) if wrong is not None]


@contextlib.contextmanager
def _heard() -> Iterator[list[str]]:
    """What asyncio logs: exceptions that nobody has retrieved, callbacks that failed."""
    complaints: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complaints.append(f"asyncio logged: {record.getMessage()} {record.exc_info}")

    ear = Ear()
    logger = logging.getLogger("asyncio")
    logger.addHandler(ear)
    try:
        yield complaints
        gc.collect()
    finally:
        logger.removeHandler(ear)
