"""A task whose answer comes alone goes on within the read; nobody can tell but by the time it takes."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import socket
import sys
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.driver import AsyncConnection
from ferrow.errors import DatabaseError
from tests.support.loops import Run, run
from tests.support.postgres import ENCRYPTED

__all__ = ["run"]

WHERE: contextvars.ContextVar[str] = contextvars.ContextVar("where", default="nowhere")


def below() -> list[str]:
    """The names of the functions that the running code was called by."""
    names = []
    frame = sys._getframe(1)
    while (above := frame.f_back) is not None:
        frame = above
        names.append(frame.f_code.co_name)
    return names


READ = "_read_ready__get_buffer"
IDLE = b"Z\0\0\0\x05I"  # the end of an answer


async def test_no_turn_of_the_loop_lies_between_an_answer_and_its_task(postgresql_url: str) -> None:
    async with AsyncConnection(postgresql_url) as conn:
        await conn.query("SELECT 1")
        assert READ in below()
        with pytest.raises(DatabaseError):
            await conn.query("SELECT 1 / 0")
        assert READ not in below(), "errors take their time"


@pytest.mark.skipif(ENCRYPTED in os.environ, reason="the ends of answers are counted, which TLS hides")
async def test_answers_that_come_together_take_the_usual_way(postgresql_url: str) -> None:
    async with AsyncConnection(postgresql_url) as conn:
        await conn.query("SELECT $1::int", [0])
        wire: Any = conn.wire
        transport = wire._transport

        async def one(number: int) -> tuple[Any, bool]:
            row = await conn.query_one("SELECT $1::int", [number])
            return row[0], READ in below()

        transport.pause_reading()
        both = asyncio.gather(one(1), one(2))
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as peek:
            peek.setblocking(False)
            arrived = b""
            while arrived.count(IDLE) < 2:
                await asyncio.sleep(0)
                with contextlib.suppress(BlockingIOError):
                    arrived = peek.recv(65536, socket.MSG_PEEK)
        transport.resume_reading()
        assert await both == [(1, False), (2, False)]


def test_a_task_goes_on_as_itself_in_its_own_context(postgresql_url: str, run: Run) -> None:
    async def visit(conn: AsyncConnection, name: str) -> None:
        WHERE.set(name)
        me = asyncio.current_task()
        for _ in range(20):
            await conn.query("SELECT 1")
            assert WHERE.get() == name
            assert asyncio.current_task() is me

    async def main() -> None:
        async with AsyncConnection(postgresql_url) as first, AsyncConnection(postgresql_url) as second:
            await asyncio.gather(visit(first, "here"), visit(second, "there"), visit(first, "everywhere"))
            assert WHERE.get() == "nowhere"

    run(main())


def test_the_end_of_the_program_is_not_taken_for_a_failure_of_the_connection(postgresql_url: str, run: Run) -> None:
    states = []

    async def main() -> None:
        conn = await AsyncConnection.connect(postgresql_url)
        try:
            await conn.query("SELECT 1")
            sys.exit(3)
        finally:
            states.append(conn.is_closed())
            await conn.close()

    with pytest.raises(SystemExit) as caught:
        run(main())
    assert caught.value.code == 3
    assert states == [False]


def test_a_task_may_close_the_connection_that_woke_it(postgresql_url: str, run: Run) -> None:
    complaints: list[Any] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        for close in (AsyncConnection.close, abort):
            conn = await AsyncConnection.connect(postgresql_url)
            await conn.query("SELECT 1")
            await close(conn)
            assert conn.is_closed()
        await asyncio.sleep(0)

    run(main())
    assert not complaints


async def abort(conn: AsyncConnection) -> None:
    conn.wire.abort()


def test_who_else_looks_at_an_answer_hears_of_it(postgresql_url: str, run: Run) -> None:
    async def main() -> None:
        async with AsyncConnection(postgresql_url) as conn:
            wire: Any = conn.wire
            seen: list[Any] = []
            future = wire.send("SELECT 1", None, Shape.rows())
            future.add_done_callback(seen.append)
            assert len((await future).rows) == 1
            await asyncio.sleep(0)
            assert seen == [future]

    run(main())


def test_a_future_of_another_class_is_left_to_itself(postgresql_url: str) -> None:
    class Own(asyncio.Future):  # type: ignore[type-arg]
        results = 0

        def set_result(self, result: Any) -> None:
            Own.results += 1
            super().set_result(result)

    class Loop(asyncio.SelectorEventLoop):
        def create_future(self) -> asyncio.Future[Any]:
            return Own(loop=self)

    async def main() -> None:
        async with AsyncConnection(postgresql_url) as conn:
            before = Own.results
            assert (await conn.query_one("SELECT 5"))[0] == 5
            assert READ not in below()
            assert Own.results > before

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(main())
