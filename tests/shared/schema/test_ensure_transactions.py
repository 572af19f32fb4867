"""Schema statements inside transactions, and of several programs at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from ferrow import Engine, create_engine
from ferrow.errors import DatabaseError, NotSupportedError
from ferrow.repository import apply_schema, apply_schema_async, ensure_schema, ensure_schema_async
from tests.support import entered, maybe


@dataclass
class Thing:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = field(default="", metadata={"index": True, "max_length": 30})

    __table__ = "thing"


def functions(colour: str) -> tuple[Any, Any]:
    return (ensure_schema_async, apply_schema_async) if colour == "async" else (ensure_schema, apply_schema)


async def test_inside_a_transaction_it_is_a_part_of_that(engine: Any, colour: str, backend: str) -> None:
    """Defect 3: it had a transaction of its own, which committed the one around it."""
    await maybe(engine.script("CREATE TABLE other (id int)"))
    ensure, _ = functions(colour)
    with pytest.raises(NotSupportedError if backend == "mariadb" else ZeroDivisionError):
        async with entered(engine.transaction()):
            await maybe(engine.execute("INSERT INTO other VALUES (1)"))
            await maybe(ensure(engine, Thing))
            raise ZeroDivisionError
    assert await maybe(engine.inspector().table("thing")) is None
    assert await maybe(engine.query("SELECT * FROM other")) == []


async def test_where_nothing_is_to_be_done_any_transaction_will_do(engine: Any, colour: str) -> None:
    ensure, _ = functions(colour)
    await maybe(ensure(engine, Thing))
    async with entered(engine.transaction()):
        await maybe(engine.execute("INSERT INTO thing (name) VALUES ('a')"))
        assert await maybe(ensure(engine, Thing)) == []
    assert len(await maybe(engine.query("SELECT * FROM thing"))) == 1


async def test_an_index_that_fails_leaves_no_table(engine: Any, colour: str, backend: str) -> None:
    """Defect 8: on SQLite the table stayed."""
    if backend == "mariadb":
        pytest.skip("MariaDB cannot undo CREATE TABLE")

    @dataclass
    class Broken:
        id: int = field(metadata={"pk": True})
        a: int = field(default=0, metadata={"index": True, "index_name": "taken"})

    await maybe(engine.script("CREATE TABLE other (id int)"))
    await maybe(engine.script("CREATE INDEX taken ON other (id)"))
    for function in functions(colour):
        with pytest.raises(DatabaseError, match="taken"):
            await maybe(function(engine, Broken))
        assert await maybe(engine.inspector().table("broken")) is None


def _ensured(engine: Engine) -> list[str]:
    return ensure_schema(engine, Thing)


def _created(engine: Engine) -> list[str]:
    engine.create_all(Thing)
    return []


@pytest.mark.parametrize("act", [_ensured, _created])
def test_many_at_once_all_succeed(url: str, backend: str, act: Callable[[Engine], list[str]]) -> None:
    """CREATE TABLE IF NOT EXISTS of two connections fails on PostgreSQL by a unique violation in its catalogue."""
    start = threading.Barrier(6)
    done: list[Any] = []

    def run() -> None:
        with create_engine(url) as engine:
            engine.query("SELECT 1")
            start.wait(timeout=60)
            try:
                done.append(act(engine))
            except BaseException as error:
                done.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(one, list) for one in done), done
    # MariaDB has no transaction for this, so that several may each have done a part.
    if act is _ensured:
        assert sum(bool(one) for one in done) == 1 or backend == "mariadb"


PROGRAM = """
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from ferrow import Engine, create_engine
from ferrow.repository import ensure_schema

@dataclass
class Thing:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = field(default="", metadata={"index": True, "max_length": 30})

with create_engine(sys.argv[1]) as engine:
    engine.query("SELECT 1")
    print("ready", flush=True)
    sys.stdin.readline()
    print(len(ensure_schema(engine, Thing)))
"""


def test_two_processes_at_once_both_succeed(url: str, backend: str) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = sorted(process.communicate(timeout=60)[0].strip() for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert counts[0] == "0" or backend == "mariadb"
    assert counts[1] != "0"
