"""Errors in a pipeline: whose they are, who is told of them, and what runs all the same."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, InterfaceError, ProgrammingError, UniqueViolation
from tests.support import entered, maybe
from tests.support.pipelines import create, insert, numbers

__all__ = ["insert"]


@pytest.mark.parametrize("place", [0, 3, 6])
async def test_an_error_outside_a_transaction_is_that_of_one_statement(conn: Any, insert: str, place: int) -> None:
    await create(conn)
    await maybe(conn.execute(insert, [100 + place, ""]))
    with pytest.raises(UniqueViolation):
        async with entered(conn.pipeline()) as pipe:
            pending = [pipe.execute(insert, [100 + number, ""]) for number in range(7)]
    for number, one in enumerate(pending):
        if number != place:
            assert await maybe(one.result()) == 1
    assert await numbers(conn) == [100 + number for number in range(7)]


async def test_an_error_that_was_taken_is_not_raised_again(conn: Any, insert: str) -> None:
    await create(conn)
    async with entered(conn.pipeline()) as pipe:
        pipe.execute(insert, [1, ""])
        bad = pipe.execute(insert, [1, ""])
        with pytest.raises(UniqueViolation):
            await maybe(bad.result())
    with pytest.raises(UniqueViolation):
        await maybe(bad.result())


async def test_the_first_error_that_nobody_took(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(ProgrammingError, match="nowhere"):
        async with entered(conn.pipeline()) as pipe:
            pipe.execute(insert, [1, ""])
            bad = pipe.execute(insert, [1, ""])
            pipe.query("SELECT * FROM nowhere")
            pipe.execute(insert, [1, ""])
            with pytest.raises(UniqueViolation):
                await maybe(bad.result())
    assert await numbers(conn) == [1]


async def test_values_that_do_not_fit_are_an_error_of_their_statement(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(DatabaseError):
        async with entered(conn.pipeline()) as pipe:
            pipe.execute(insert, [1, ""])
            bad = pipe.execute(insert, [object(), ""])
            short = pipe.execute(insert, [2])
            pipe.execute(insert, [3, ""])
    for one in (bad, short):
        with pytest.raises((DataError, ProgrammingError)):
            await maybe(one.result())
    assert await numbers(conn) == [1, 3]


async def test_an_exception_lets_what_was_queued_end(conn: Any, insert: str) -> None:
    await create(conn)
    with pytest.raises(KeyError) as caught:
        async with entered(conn.pipeline()) as pipe:
            pipe.execute(insert, [1, ""])
            pipe.execute(insert, [1, ""])
            raise KeyError("mine")
    assert await numbers(conn) == [1]
    assert "a statement of the pipeline failed too: UniqueViolation" in caught.value.__notes__[0]


async def test_misuse_is_told(conn: Any) -> None:
    pipe = conn.pipeline()
    with pytest.raises(InterfaceError, match="inside of its block"):
        pipe.query("SELECT 1")
    async with entered(pipe):
        with pytest.raises(ProgrammingError, match="a pipeline is open"):
            async with entered(conn.pipeline()):
                pass
        pending = pipe.query("SELECT 1")
    with pytest.raises(InterfaceError, match="inside of its block"):
        pipe.query("SELECT 1")
    with pytest.raises(ProgrammingError, match="used once"):
        async with entered(pipe):
            pass
    assert await maybe(pending.result()) == [(1,)]
    async with entered(conn.pipeline()) as again:
        assert await maybe(again.query("SELECT 2").result()) == [(2,)]
    assert repr(again) == f"<{type(again).__name__} done>"


@pytest.mark.parametrize("colour", ["sync"])
async def test_a_pipeline_belongs_to_its_thread(pg: Any) -> None:
    told: list[BaseException] = []
    with pg.pipeline() as pipe:
        pending = pipe.query("SELECT 1")

        def other() -> None:
            try:
                told.append(AssertionError(pg.query("SELECT 2")))  # takes its turn
                pipe.query("SELECT 3")
            except InterfaceError as error:
                told.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        assert pending.result() == [(1,)]
    assert [str(error).partition(":")[0] for error in told] == [
        "[Row(?column?=2)]",
        "a pipeline belongs to the thread that opened it",
    ]


async def test_a_failure_that_was_taken_is_garbage_afterwards(pg: Any) -> None:
    """The error of a pending leads to the frames that took it, and those to the pending."""

    class Mark:
        pass

    async def once() -> weakref.ref[Mark]:
        mark = Mark()
        async with entered(pg.pipeline()) as pipe:
            bad = pipe.query("SELECT nonsense")
            try:
                await maybe(bad.result())
            except ProgrammingError:
                pass
        return weakref.ref(mark)

    left = await once()
    gc.collect()
    assert left() is None


async def test_what_is_behind_an_error_adds_nothing_to_it(conn: Any, insert: str) -> None:
    """Why it was not run is the very error that leaves the block."""
    await create(conn)
    with pytest.raises(UniqueViolation) as caught:
        async with entered(conn.pipeline()) as pipe, entered(pipe.transaction()):
            pipe.execute(insert, [1, ""])
            twice = pipe.execute(insert, [1, ""])
            behind = pipe.execute(insert, [2, ""])
            await maybe(twice.result())
    assert not hasattr(caught.value, "__notes__")
    with pytest.raises(DatabaseError) as aborted:
        await maybe(behind.result())
    assert aborted.value.__cause__ is caught.value
    assert await numbers(conn) == []
