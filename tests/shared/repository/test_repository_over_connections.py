"""The same tests over a connection of another driver: sqlite3, our own as PEP 249 has it, PyMySQL; asyncio uses it in a thread."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import ferrow.driver
import ferrow.repository as room
from ferrow.errors import DatabaseError
from ferrow.repository import C
from tests.shared.repository.conftest import Kit, create
from tests.shared.repository.test_repository import (  # noqa: F401  # collected here again, with this file's fixtures
    test_insert_many,
    test_insert_returns_the_same_object_with_its_key,
    test_it_joins_the_transaction_around_it,
    test_update,
    test_values_of_every_kind_come_back_as_they_are,
    test_what_is_written_outside_a_transaction_is_kept,
)
from tests.shared.repository.test_repository_found import test_update_where  # noqa: F401
from tests.shared.repository.test_repository_get_or_create import (  # noqa: F401
    test_a_conflict_leaves_the_transaction_usable,
)
from tests.shared.repository.test_repository_hub import test_every_method  # noqa: F401
from tests.shared.repository.test_repository_relations import (  # noqa: F401
    test_a_failure_leaves_nothing_behind,
    test_it_commits_nothing_of_the_transaction_around_it,
    test_related_rows_are_read,
    test_rows_that_are_there_are_linked,
)
from tests.shared.repository.test_repository_session import (  # noqa: F401
    test_a_block_inside_is_a_savepoint,
)
from tests.shared.repository.test_repository_units import test_a_repository_sees_what_is_pending  # noqa: F401
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.repository_models import Article, Person


def connect(url: str) -> tuple[Any, Any]:
    """A connection to the database, and the dialect of it."""
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False), room.SQLiteDialect()
    if url.startswith("postgresql"):
        return ferrow.driver.connect(url), room.PostgresDialect()
    import pymysql

    parts = urlsplit(url)
    made: Any = pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=parts.username,
        password=unquote(parts.password or ""),
        database=parts.path.strip("/"),
    )
    return made, room.MySQLDialect()


async def tables(url: str) -> None:
    """The tables of all models, made over a connection of ours."""
    with ferrow.create_engine(url) as engine:
        await create(Kit(engine, "sync"))


@pytest.fixture
def orm(kit: Any) -> Any:
    return (ferrow.AsyncSession if kit.colour == "async" else ferrow.Session)(kit.engine)


@pytest.fixture
def kit(url: str, colour: str, runner: Runner) -> Iterator[Kit]:
    connection, dialect = connect(url)
    db = (room.AsyncDatabase if colour == "async" else room.Database)(connection, dialect)
    made = Kit(db.engine, colour, db)
    runner.run(tables(url))
    yield made
    runner.run(maybe(db.aclose() if colour == "async" else db.close()))  # type: ignore[union-attr]


async def test_after_close_every_call_says_so(url: str, colour: str) -> None:
    connection, dialect = connect(url)
    db: Any = (room.AsyncDatabase if colour == "async" else room.Database)(connection, dialect)
    kit = Kit(db.engine, colour, db)
    await tables(url)
    repo, session = kit.repo(Person), kit.Session(db)
    assert await maybe(repo.count()) == 0
    await maybe(db.aclose() if colour == "async" else db.close())
    for call in (repo.list, lambda: repo.get(1), lambda: session.insert(Person()), repo.count):
        with pytest.raises(RuntimeError, match="connection is closed"):
            await maybe(call())


async def test_what_the_program_has_begun_is_its_own(sqlite_url: str, colour: str) -> None:
    connection, dialect = connect(sqlite_url)
    db: Any = (room.AsyncDatabase if colour == "async" else room.Database)(connection, dialect)
    kit = Kit(db.engine, colour, db)
    await tables(sqlite_url)
    repo = kit.repo(Person)
    await maybe(repo.insert(Person(email="a")))
    connection.execute("BEGIN")
    assert not (await maybe(repo.get_or_create(lookup={"email": "a"})))[1]
    assert (await maybe(repo.get_or_create(lookup={"email": "b"})))[1]
    connection.rollback()
    assert [one.email for one in await maybe(repo.list())] == ["a"]
    await maybe(db.aclose() if colour == "async" else db.close())


# Python 3.12 says so to whoever reads by the converters that are its own, with us or without.
@pytest.mark.filterwarnings("ignore:The default timestamp converter:DeprecationWarning")
async def test_what_the_program_reads_is_its_own_affair(sqlite_url: str, colour: str) -> None:
    """sqlite3 may give rows, texts and dates as the program likes: models are read as ever, and the connection stays as it was."""
    connection = sqlite3.connect(
        sqlite_url.removeprefix("sqlite:///"), check_same_thread=False, detect_types=sqlite3.PARSE_DECLTYPES
    )
    connection.row_factory, connection.text_factory = sqlite3.Row, bytes
    db: Any = (room.AsyncDatabase if colour == "async" else room.Database)(connection)
    await tables(sqlite_url)
    repo = Kit(db.engine, colour, db).repo(Article)
    at = datetime.datetime(2024, 1, 2, 3, 4, 5)
    made = await maybe(repo.insert(Article(tags=["a"], at=at, price=Decimal("1.50"))))
    assert await maybe(repo.list(C.eq("at", at))) == [made]
    assert await maybe(db.fetchone("SELECT 'a' AS a")) == {"a": "a"}
    found = connection.execute("SELECT 'a' AS a").fetchone()
    assert (type(found), found["a"]) == (sqlite3.Row, b"a")
    await maybe(db.aclose() if colour == "async" else db.close())


async def test_a_transaction_that_the_program_ends_below_is_over(sqlite_url: str, colour: str) -> None:
    connection, dialect = connect(sqlite_url)
    db: Any = (room.AsyncDatabase if colour == "async" else room.Database)(connection, dialect)
    await tables(sqlite_url)
    repo = Kit(db.engine, colour, db).repo(Person)
    for end in (connection.rollback, connection.commit):
        with pytest.raises(DatabaseError, match="the transaction is over"):
            async with entered(db.transaction()):
                await maybe(repo.insert(Person(email="before")))
                end()
                await maybe(repo.insert(Person(email="after")))
    assert [one.email for one in await maybe(repo.list())] == ["before"]  # as the program said
    assert (await maybe(repo.insert(Person(email="later")))).id is not None
    assert not connection.in_transaction
    await maybe(db.aclose() if colour == "async" else db.close())


def test_the_colours_of_databases_and_repositories_go_together(sqlite_url: str) -> None:
    connection, dialect = connect(sqlite_url)
    with pytest.raises(ferrow.driver.InterfaceError, match="Database is needed here, and this is a AsyncDatabase"):
        room.Repository(room.AsyncDatabase(connection, dialect), Person)
    with pytest.raises(ferrow.driver.InterfaceError, match="AsyncDatabase is needed here, and this is a Database"):
        room.AsyncSession(room.Database(connection, dialect))
    connection.close()
