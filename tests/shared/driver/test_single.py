"""What exists once is neither copied nor pickled, and says so."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import maybe

WAYS: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy, pickle.dumps]


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def way(request: pytest.FixtureRequest) -> Any:
    return request.param


def refused(way: Callable[[Any], Any], what: Any) -> None:
    name = type(what).__name__
    with pytest.raises(TypeError, match=f"^{name} cannot be copied or pickled: .* Pass on the URL, and connect where"):
        way(what)
    gc.collect()


async def test_connections_and_what_is_at_work_on_them(conn: Any, way: Any) -> None:
    cursor, transaction, pipeline = conn.cursor(), conn.transaction(), conn.pipeline()
    for what in (conn, cursor, transaction, pipeline, pipeline.transaction(), conn.stream("SELECT 1")):
        refused(way, what)
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42


async def test_an_open_transaction(conn: Any, way: Any) -> None:
    tx = await maybe(conn.begin())
    await maybe(tx.query("SELECT 1"))
    refused(way, tx)
    stream = tx.stream("SELECT 1 AS i UNION ALL SELECT 2")
    await maybe(stream.fetch(1))
    refused(way, stream)
    await maybe(stream.close())
    await maybe(tx.commit())


@pytest.mark.postgresql
async def test_a_copy(pg: Any, way: Any) -> None:
    refused(way, pg.copy_out(sql="SELECT 1"))


@pytest.mark.postgresql
async def test_a_listener(postgresql_url: str, colour: str, way: Any) -> None:
    from ferrow import driver

    refused(way, (driver.AsyncListener if colour == "async" else driver.Listener)(postgresql_url, "news"))


async def test_what_only_sqlite_has(lite: Any, way: Any) -> None:
    refused(way, lite.sqlite)
    await maybe(lite.script("CREATE TABLE t (b BLOB); INSERT INTO t VALUES (x'00')"))
    blob = await maybe(lite.sqlite.open_blob("t", "b", 1))
    refused(way, blob)
    await maybe(blob.close())
