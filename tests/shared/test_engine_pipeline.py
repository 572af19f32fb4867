"""Pipelines of an engine: on a borrowed connection, or on that of the transaction around."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import InterfaceError, UniqueViolation
from tests.support import entered, maybe

INSERT = {
    "postgresql": "INSERT INTO t VALUES ($1)",
    "sqlite": "INSERT INTO t VALUES (?1)",
    "mysql": "INSERT INTO t VALUES (?1)",
}


@pytest.fixture
def insert(engine: Any) -> str:
    return INSERT[engine.dialect.name]


async def test_a_connection_for_the_block(engine: Any, insert: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int PRIMARY KEY)"))
    async with entered(engine.pipeline()) as pipe:
        async with entered(pipe.transaction()):
            pipe.execute(insert, [1])
        count = pipe.query_one("SELECT count(*) FROM t")
        assert engine.pool.stats().used == 1
    assert await maybe(count.result()) == (1,)
    assert engine.pool.stats().used == 0
    with pytest.raises(InterfaceError):
        pipe.query("SELECT 1")


async def test_errors_give_the_connection_back(engine: Any, insert: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int PRIMARY KEY)"))
    for _ in range(3):
        with pytest.raises(UniqueViolation):
            async with entered(engine.pipeline()) as pipe:
                async with entered(pipe.transaction()):
                    pipe.execute(insert, [1])
                    pipe.execute(insert, [1])
        with pytest.raises(KeyError):
            async with entered(engine.pipeline()) as pipe:
                pipe.execute(insert, [1])
                raise KeyError
        await maybe(engine.script("DELETE FROM t"))
    assert engine.pool.stats().used == 0
    assert await maybe(engine.query("SELECT * FROM t")) == []


async def test_inside_a_transaction_of_the_engine(engine: Any, insert: str) -> None:
    await maybe(engine.script("CREATE TABLE t (a int PRIMARY KEY)"))
    async with entered(engine.transaction()):
        async with entered(engine.pipeline()) as pipe:
            pipe.execute(insert, [1])
            await maybe(engine.execute(insert, [2]))
            pipe.execute(insert, [3])
        assert await maybe(engine.query_one("SELECT count(*) FROM t")) == (3,)
    with pytest.raises(KeyError):
        async with entered(engine.transaction()), entered(engine.pipeline()) as pipe:
            pipe.execute(insert, [4])
            raise KeyError
    assert await maybe(engine.query_one("SELECT count(*) FROM t")) == (3,)


async def test_a_block_without_an_end_of_its_transaction(engine: Any, insert: str) -> None:
    """What a statement of the pipeline began is rolled back, and what it set is reset."""
    await maybe(engine.script("CREATE TABLE t (a int PRIMARY KEY)"))
    async with entered(engine.pipeline()) as pipe:
        pipe.script("BEGIN")
        pipe.execute(insert, [1])
        if engine.dialect.name == "postgresql":
            pipe.script("SET search_path = nowhere")
    assert await maybe(engine.query("SELECT a FROM t")) == []
