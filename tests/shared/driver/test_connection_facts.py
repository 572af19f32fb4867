"""What a connection says about itself: `prepare`, `clear_cache`, `ping`, `info`, versions."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import InterfaceError, ProgrammingError
from tests.support import entered, maybe

KEPT = "SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1%'"


async def test_prepare_returns_the_text(conn: Any) -> None:
    sql = "SELECT $1 || 'x' AS joined"
    assert await maybe(conn.prepare(sql)) == sql
    assert (await maybe(conn.info()))["cached_statements"] == 1
    assert await maybe(conn.prepare(sql)) == sql
    assert await maybe(conn.query_one(sql, ["y"])) == ("yx",)
    assert (await maybe(conn.info()))["cached_statements"] == 1


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT nope"])
async def test_prepare_finds_mistakes(conn: Any, sql: str) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(conn.prepare(sql))
    assert caught.value.query == sql
    assert (await maybe(conn.info()))["cached_statements"] == 0


async def test_prepare_runs_nothing(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer)"))
    await maybe(conn.prepare("INSERT INTO t VALUES (1)"))
    assert await maybe(conn.query("SELECT * FROM t")) == []


async def test_clear_cache(conn: Any) -> None:
    for number in range(10):
        await maybe(conn.query(f"SELECT {number}"))
    assert (await maybe(conn.info()))["cached_statements"] == 10
    await maybe(conn.clear_cache())
    assert (await maybe(conn.info()))["cached_statements"] == 0
    await maybe(conn.clear_cache())
    assert await maybe(conn.query_one("SELECT 5")) == (5,)


async def test_cleared_statements_are_gone_on_the_server(pg: Any) -> None:
    for number in range(10, 15):
        await maybe(pg.query(f"SELECT {number}"))
    assert len(await maybe(pg.query(KEPT))) == 5
    await maybe(pg.clear_cache())
    assert await maybe(pg.query(KEPT)) == []


async def test_the_cache_can_be_cleared_in_a_failed_transaction(pg: Any) -> None:
    await maybe(pg.query("SELECT 1"))
    tx = await maybe(pg.begin())
    with pytest.raises(ProgrammingError):
        await maybe(tx.query("SELEC 1"))
    await maybe(pg.clear_cache())
    await maybe(tx.rollback())
    assert await maybe(pg.query_one("SELECT 1")) == (1,)


async def test_ping_never_raises(conn: Any, backend: str) -> None:
    assert await maybe(conn.ping()) is True
    tx = await maybe(conn.begin())
    with pytest.raises(ProgrammingError):
        await maybe(tx.query("SELEC 1"))
    assert await maybe(conn.ping()) is True
    await maybe(tx.rollback())
    await maybe(conn.close())
    assert await maybe(conn.ping()) is False


@pytest.mark.postgresql
async def test_ping_of_a_connection_that_the_server_ended(pg: Any, postgresql_database: Any) -> None:
    postgresql_database._inside.query(
        "SELECT pg_terminate_backend($1, 5000)", [(await maybe(pg.info()))["backend_pid"]]
    )
    assert await maybe(pg.ping()) is False
    assert pg.is_closed()


@pytest.mark.postgresql
async def test_info_of_a_connection_that_the_server_ended(pg: Any, postgresql_database: Any) -> None:
    postgresql_database._inside.query("SELECT pg_terminate_backend($1, 5000)", [pg.backend_pid])
    info = await maybe(pg.info())
    assert (info["closed"], info["healthy"], info["status"]) == (True, False, None)


async def test_info(conn: Any, backend: str) -> None:
    info = await maybe(conn.info())
    assert info.keys() == {
        "dialect",
        "closed",
        "healthy",
        "status",
        "server_version",
        "server_version_num",
        "backend_pid",
        "cached_statements",
        "unnamed_statements",
        "parameters",
    }
    assert (info["dialect"], info["closed"], info["healthy"], info["status"]) == (backend, False, True, "idle")
    assert info["server_version"] == conn.server_version
    assert info["server_version_num"] == conn.server_version_num > 0
    if backend == "postgresql":
        assert info["backend_pid"] == (await maybe(conn.query_one("SELECT pg_backend_pid()")))[0]
        assert info["parameters"]["server_encoding"] == "UTF8"
    else:
        assert (info["backend_pid"], info["parameters"]) == (None, {})
    tx = await maybe(conn.begin())
    assert (await maybe(conn.info()))["status"] == "transaction"
    await maybe(tx.rollback())


async def test_info_of_a_closed_connection(conn: Any, backend: str) -> None:
    await maybe(conn.close())
    info = await maybe(conn.info())
    assert (info["closed"], info["healthy"], info["server_version"]) == (True, False, None)
    assert info["dialect"] == backend


async def test_versions(conn: Any, backend: str) -> None:
    sql = {"postgresql": "SHOW server_version", "sqlite": "SELECT sqlite_version()"}[backend]
    assert conn.server_version == (await maybe(conn.query_one(sql)))[0]
    if backend == "postgresql":
        assert conn.server_version_num == int((await maybe(conn.query_one("SHOW server_version_num")))[0])
    assert conn.dialect == backend
    await maybe(conn.close())
    with pytest.raises(InterfaceError, match="Connection is closed"):
        _ = conn.server_version


def test_without_a_cache_nothing_is_kept(url: str) -> None:
    from ferrow import driver

    with driver.connect(url, statement_cache_size=0) as conn:
        assert conn.prepare("SELECT 1") == "SELECT 1"
        assert conn.query_one("SELECT 1") == (1,)
        assert conn.info()["cached_statements"] == 0


async def opened(colour: str, *where: str, **options: str) -> Any:
    return await driver.connect_async(*where, **options) if colour == "async" else driver.connect(*where, **options)


async def test_the_url_has_a_second_name(url: str, colour: str) -> None:
    conn = await opened(colour, connection_string=url)
    assert (await maybe(conn.query_one("SELECT 1")))[0] == 1
    await maybe(conn.close())
    kind = driver.AsyncConnection if colour == "async" else driver.Connection
    async with entered(kind(connection_string=url)) as conn:
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1
    conn = await maybe(kind.connect(connection_string=url))
    assert not conn.is_closed()
    await maybe(conn.close())


async def test_one_of_its_names_is_needed(url: str, colour: str) -> None:
    with pytest.raises(InterfaceError, match="Give the URL"):
        await opened(colour)
    with pytest.raises(InterfaceError, match="give one of them"):
        await opened(colour, url, connection_string=url)
