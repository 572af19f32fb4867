"""Statements of MariaDB and MySQL that go together, while other tasks or threads use the same connection: these are not undone with them."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import IntegrityError
from tests.support import entered, maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.only(backend="mariadb")

# More than one to be sent: with what is computed, no rows are made one INSERT.
APART = "INSERT INTO many (n) VALUES (? + 0)"
OTHER = "INSERT INTO many (n) VALUES (77)"

WAYS: dict[str, Callable[[Any, list[int]], Any]] = {
    "run_many": lambda conn, numbers: conn.run_many(APART, [(number,) for number in numbers]),
    "run_many, joined": lambda conn, numbers: conn.run_many(APART.replace(" + 0", ""), [(n,) for n in numbers]),
    "batch": lambda conn, numbers: conn.execute_batch([APART.replace("?", str(number)) for number in numbers]),
}
OTHERS: dict[str, Callable[[Any], Any]] = {
    "execute": lambda conn: conn.execute(OTHER),
    "run_many": lambda conn: conn.run_many(APART, [(77,), (78,)]),
    "transaction": lambda conn: conn.script(f"BEGIN; {OTHER}; COMMIT"),
}

Meanwhile = Callable[[Any, str, Callable[[], Any]], Callable[[], Any]]


@pytest.fixture
def meanwhile(colour: str, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has another task or thread make a call when a text with this mark is about to be sent; what is given back waits for its end."""

    def meanwhile(conn: Any, mark: str, call: Callable[[], Any]) -> Callable[[], Any]:
        kind, asked, ended, begun = type(conn.wire.inner), threading.Event(), threading.Event(), []
        ask_all, take = kind.ask_all, kind._take_turn
        here: Callable[[], Any] = asyncio.current_task if colour == "async" else threading.current_thread
        own = here()

        async def work() -> None:
            try:
                await maybe(call())
            finally:
                ended.set()

        def thread() -> None:
            try:
                call()
            finally:
                ended.set()

        async def all_of(self: Any, texts: Any, *args: Any, **options: Any) -> None:
            if not begun and any(mark in text for text in texts):
                if colour == "async":
                    begun.append(asyncio.create_task(work()))
                else:
                    begun.append(threading.Thread(target=thread))
                    begun[0].start()
                await eventually(colour, lambda: ended.is_set() or asked.is_set())
            await ask_all(self, texts, *args, **options)

        async def turn(self: Any, *args: Any) -> None:
            if begun and here() is not own:
                asked.set()
            await take(self, *args)

        async def end() -> None:
            assert begun
            if colour == "async":
                await begun[0]
            else:
                begun[0].join()

        monkeypatch.setattr(kind, "ask_all", all_of)
        monkeypatch.setattr(kind, "_take_turn", turn)
        return end

    return meanwhile


async def _numbers(conn: Any) -> list[int]:
    return [number for (number,) in await maybe(conn.query("SELECT n FROM many ORDER BY n"))]


@pytest.mark.parametrize(
    ("inside", "other"),
    [("alone", "transaction"), *itertools.product(("alone", "in a block", "after BEGIN"), ("execute", "run_many"))],
)
@pytest.mark.parametrize("fails", [False, True], ids=["done", "undone"])
@pytest.mark.parametrize("way", WAYS)
async def test_what_others_write_stays(
    engine: Any, meanwhile: Meanwhile, way: str, inside: str, other: str, fails: bool
) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE many (n integer PRIMARY KEY)"))

        async def work(to: Any) -> None:
            end = meanwhile(conn, "3", lambda: OTHERS[other](to))
            if fails:
                with pytest.raises(IntegrityError):
                    await maybe(WAYS[way](to, [1, 2, 3, 3]))
            else:
                await maybe(WAYS[way](to, [1, 2, 3, 4]))
            await end()

        if inside == "in a block":
            async with entered(conn.transaction()) as tx:
                await work(tx)
        elif inside == "after BEGIN":
            await maybe(conn.script("BEGIN"))
            await work(conn)
            await maybe(conn.script("COMMIT"))
        else:
            await work(conn)
        assert await _numbers(conn) == [
            *([] if fails else [1, 2, 3, 4]),
            77,
            *([78] if other == "run_many" else []),
        ]


async def test_the_end_of_a_block_waits(engine: Any, meanwhile: Meanwhile) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE many (n integer PRIMARY KEY)"))
        tx = conn.transaction()
        await maybe(tx.start())
        end = meanwhile(conn, "3", lambda: tx.rollback())
        await maybe(tx.run_many(APART, [(1,), (2,), (3,), (4,)]))
        await end()
        assert await _numbers(conn) == []
