"""When SQLite calls what is written in Python: where, how often, and not again once it has raised."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from ferrow.errors import DatabaseError, OperationalError
from tests.support import entered, maybe

LETTERS = "(VALUES ('d'), ('b'), ('a'), ('e'), ('c'))"


async def test_functions_in_the_place_of_built_in_ones_are_called_in_the_threads_of_others(
    lite: Any, colour: str
) -> None:
    """Whatever SQLite's own `lower` can do in the thread of a loop."""
    sql = "SELECT lower('A')"
    for _ in range(10):
        assert (await maybe(lite.query_one(sql)))[0] == "a"
    await maybe(lite.sqlite.create_function("lower", lambda text: threading.get_ident(), arguments=1))
    for _ in range(10):
        assert ((await maybe(lite.query_one(sql)))[0] == threading.get_ident()) == (colour == "sync")


async def test_collations_are_called_in_the_thread_of_functions(lite: Any, colour: str) -> None:
    called: set[int] = set()

    def compare(one: str, other: str) -> int:
        called.add(threading.get_ident())
        return (one > other) - (one < other)

    await maybe(lite.sqlite.create_collation("c", compare))
    for _ in range(10):
        found = await maybe(lite.query(f"SELECT column1 FROM {LETTERS} ORDER BY column1 COLLATE c"))
        assert "".join(row[0] for row in found) == "abcde"
    assert len(called) == 1
    assert (called == {threading.get_ident()}) == (colour == "sync")


async def test_a_collation_that_has_raised_is_not_asked_again(lite: Any) -> None:
    calls: list[str] = []

    def compare(one: str, other: str) -> int:
        calls.append(one)
        raise LookupError(f"failure {len(calls)}")

    await maybe(lite.sqlite.create_collation("c", compare))
    with pytest.raises(OperationalError, match="the collation c raised LookupError: failure 1"):
        await maybe(lite.query(f"SELECT column1 FROM {LETTERS} ORDER BY column1 COLLATE c"))
    assert len(calls) == 1


@pytest.mark.parametrize("broken", ["__init__", "step"])
async def test_an_aggregate_that_has_raised_is_neither_made_again_nor_finalized(lite: Any, broken: str) -> None:
    calls: list[str] = []

    class Broken:
        def __init__(self) -> None:
            self.call("__init__")

        def step(self, value: str) -> None:
            self.call("step")

        def finalize(self) -> None:
            self.call("finalize")

        def call(self, name: str) -> None:
            calls.append(name)
            if name == broken:
                raise LookupError(name)

    await maybe(lite.sqlite.create_aggregate("broken", Broken))
    with pytest.raises(OperationalError, match=rf"the function broken\(\) raised LookupError: {broken}"):
        await maybe(lite.query(f"SELECT broken(column1) FROM {LETTERS}"))
    assert calls == ["__init__", "step"][: 1 + (broken == "step")]


@pytest.mark.parametrize(
    "create", ["create_function", "create_aggregate", "create_window_function", "create_collation"]
)
async def test_what_sqlite_refuses_is_let_go_of(lite: Any, create: str) -> None:
    class Own:
        step = inverse = value = finalize = lambda self, *values: 0

        def __call__(self, *values: str) -> int:
            return 0

    def own() -> Any:
        return Own() if create in ("create_function", "create_collation") else type("Another", (Own,), {})

    await maybe(getattr(lite.sqlite, create)("mine", own()))
    async with entered(lite.transaction()), entered(lite.stream(f"SELECT column1 FROM {LETTERS}", chunk=1)) as rows:
        await maybe(rows.fetch())
        refused = own()
        gone = weakref.ref(refused)
        with pytest.raises(
            DatabaseError, match=r"mine.* cannot be changed: .*; close the cursors of this connection first"
        ):
            await maybe(getattr(lite.sqlite, create)("mine", refused))
        del refused
    gc.collect()
    assert gone() is None
