"""Whose transaction it is: ours, the program's, or nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import DatabaseError, ProgrammingError, UniqueViolation
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.given import Way, begin

_TABLE = "CREATE TABLE things (name VARCHAR(40) NOT NULL UNIQUE)"


@pytest.fixture
def table(db: Any, runner: Runner) -> None:
    runner.run(maybe(db.execute(_TABLE)))


@pytest.fixture
def other(way: Way, url: str, colour: str, runner: Runner, table: None) -> Iterator[Any]:
    """Another connection to the same database, which sees what is committed."""
    from ferrow import create_engine

    engine = create_engine(url, **({"allow_sqlite3": True} if url.startswith("sqlite") else {}))
    yield engine
    engine.close()


def names(other: Any) -> list[str]:
    return [row["name"] for row in other.query("SELECT name FROM things ORDER BY name")]


async def add(db: Any, name: str) -> None:
    await maybe(db.execute("INSERT INTO things VALUES (%s)", [name]))


def idle(db: Any) -> bool:
    """Whether nothing is open on the connection, as its own driver says."""
    core = getattr(db, "_core", db)
    driver = core._given.engine._pair.source.driver
    return not (driver.in_transaction() if driver.own_thread else driver.begun())


async def test_a_write_is_committed_and_a_read_leaves_nothing_open(db: Any, other: Any) -> None:
    """Defects 1 and 10: nothing was committed, and a read left its transaction open."""
    await add(db, "a")
    assert idle(db)
    assert names(other) == ["a"]

    assert await maybe(db.fetchall("SELECT name FROM things")) == [{"name": "a"}]
    assert await maybe(db.fetchone("SELECT name FROM things WHERE name = %s", ["b"])) is None
    assert idle(db)


async def test_a_failed_statement_leaves_nothing_open(db: Any, other: Any) -> None:
    await add(db, "a")
    with pytest.raises(UniqueViolation) as caught:
        await add(db, "a")
    with pytest.raises(ProgrammingError):
        await maybe(db.execute("SELECT nothing FROM nowhere"))

    assert caught.value.sqlstate == "23505"
    assert idle(db)
    await add(db, "b")
    assert names(other) == ["a", "b"]


async def test_commit_and_rollback(db: Any, other: Any) -> None:
    async with entered(db.transaction()):
        await add(db, "a")
    assert names(other) == ["a"]

    with pytest.raises(LookupError):
        async with entered(db.transaction()):
            await add(db, "b")
            raise LookupError
    assert names(other) == ["a"]
    assert idle(db)


async def test_nested_blocks_are_savepoints(db: Any, other: Any) -> None:
    """Defect 2: the inner block committed the outer one."""
    async with entered(db.transaction()):
        await add(db, "a")
        with pytest.raises(LookupError):
            async with entered(db.transaction()):
                await add(db, "b")
                raise LookupError
        with pytest.raises(UniqueViolation):
            async with entered(db.transaction()):
                await add(db, "a")
        async with entered(db.transaction()):
            await add(db, "c")

    assert names(other) == ["a", "c"]
    with pytest.raises(LookupError):
        async with entered(db.transaction()):
            async with entered(db.transaction()):
                await add(db, "d")
            raise LookupError
    assert names(other) == ["a", "c"]


async def test_many_rows_are_one(db: Any, other: Any) -> None:
    mark = "$1" if db.engine.dialect.name == "postgresql" else "?"
    with pytest.raises(UniqueViolation):
        await maybe(db.engine.run_many(f"INSERT INTO things VALUES ({mark})", [["a"], ["b"], ["a"]]))
    assert names(other) == []
    assert idle(db)

    async with entered(db.transaction()):
        await add(db, "a")
        with pytest.raises(UniqueViolation):
            await maybe(db.engine.run_many(f"INSERT INTO things VALUES ({mark})", [["b"], ["a"]]))
        await add(db, "c")
    assert names(other) == ["a", "c"]


async def end(conn: Any, way: Way, how: str) -> None:
    """As the program does it. With autocommit=True sqlite3's own commit() and rollback() do nothing."""
    await maybe(conn.execute(how) if way.name == "sqlite3-autocommit" else getattr(conn, how)())


async def test_a_transaction_of_the_program_is_joined_and_left_to_it(
    db: Any, other: Any, conn: Any, way: Way, colour: str
) -> None:
    await begin(conn, way, "INSERT INTO things VALUES ('mine')")

    await add(db, "a")
    assert len(await maybe(db.fetchall("SELECT name FROM things"))) == 2
    async with entered(db.transaction()):
        await add(db, "b")
    with pytest.raises(LookupError):
        async with entered(db.transaction()):
            await add(db, "c")
            raise LookupError
    assert not idle(db)
    assert names(other) == [], "nothing was committed"

    await end(conn, way, "rollback")
    assert await maybe(db.fetchall("SELECT name FROM things")) == []
    await add(db, "d")
    assert names(other) == ["d"], "outside of it each call commits again"

    await begin(conn, way, "INSERT INTO things VALUES ('mine')")
    await add(db, "e")
    await end(conn, way, "commit")
    assert names(other) == ["d", "e", "mine"]


async def test_tables_are_made_in_transactions(db: Any, way: Way) -> None:
    if way.backend == "mariadb":
        pytest.skip("MariaDB commits before it creates a table")
    with pytest.raises(DatabaseError):
        async with entered(db.transaction()):
            await maybe(db.execute("CREATE TABLE one (a INTEGER)"))
            await maybe(db.execute("CREATE INDEX i ON nothing (a)"))

    with pytest.raises(ProgrammingError):
        await maybe(db.execute("SELECT * FROM one"))


async def test_percent_signs_and_question_marks_are_text(db: Any) -> None:
    row = await maybe(db.fetchone("SELECT '%s ? $1 :a 100%%' AS a, %s AS b -- %s ?", ["x"]))
    assert row == {"a": "%s ? $1 :a 100%", "b": "x"} or row == {"a": "%s ? $1 :a 100%%", "b": "x"}
    assert await maybe(db.fetchone("SELECT '100%' AS a")) == {"a": "100%"}
