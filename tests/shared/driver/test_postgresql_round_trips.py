"""Whatever a value is, it comes back unchanged: as a parameter, a result, an element, a field, and through COPY, in both
colours and in rows of every shape; in streams, pipelines, cursors and many rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.types import Array
from ferrow.wire.drive import drive
from tests.support.colours import COLOURS, items, maybe, runner
from tests.support.copied import fields, lines
from tests.support.effort import times
from tests.support.other_ways import Found, by_other_ways
from tests.support.postgres import TestDatabase
from tests.support.shapes import WAYS, way
from tests.support.values import ALL, SETUP, Kind, same

pytestmark = pytest.mark.postgresql
T = TypeVar("T")


class Awaited:
    """A connection of an event loop, to be called as a blocking one is."""

    def __init__(self, url: str) -> None:
        self._runner = runner("async")
        self._conn = self._runner.run(maybe(driver.connect_async(url)))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*args: Any, **options: Any) -> Any:
            found = getattr(self._conn, name)(*args, **options)
            return await (items(found) if hasattr(found, "__aiter__") else maybe(found))

        return lambda *args, **options: self._runner.run(call(*args, **options))

    def run_all(self, work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        return self._runner.run(work(self._conn))

    def __enter__(self) -> Awaited:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._conn.close())
        self._runner.close()


CONNECT: dict[str, Callable[[str], Any]] = {"sync": driver.connect, "async": Awaited}


@pytest.fixture(scope="module")
def server_for(database_with: Any) -> Iterator[Callable[[str | None], Any]]:
    """A connection in each colour to a server that has what a type needs, with the types of these tests."""
    with ExitStack() as stack:

        @cache
        def prepared(database: TestDatabase) -> Any:
            url = database.clean()
            conns = {colour: stack.enter_context(CONNECT[colour](url)) for colour in COLOURS}
            conns["sync"].script(SETUP)
            for colour, conn in conns.items():  # each with tables and types of its own
                conn.script(f"SET lc_monetary TO 'C'; CREATE SCHEMA {colour}; SET search_path TO {colour}, public")
            return conns

        yield lambda needed: prepared(database_with(needed))


@pytest.fixture
def pg(server_for: Callable[[str | None], Any], kind: Kind) -> Any:
    conns = server_for(kind.needs)
    server = conns["sync"]
    if kind.needs not in (None, "xml"):
        if not server.query("SELECT 1 FROM pg_available_extensions WHERE name = $1", [kind.needs]):
            pytest.skip(f"the server at hand has no extension {kind.needs}")
        server.script(f"CREATE EXTENSION IF NOT EXISTS {kind.needs} SCHEMA public")
    for conn in conns.values():
        conn.script(
            "DROP TABLE IF EXISTS t; DROP TYPE IF EXISTS deep; DROP TYPE IF EXISTS priced; DROP TYPE IF EXISTS holder"
        )
        conn.script(f"CREATE TYPE holder AS (v {kind.sql}, n {kind.sql})")
        array = kind.sql if kind.is_array else f"{kind.sql}[]"
        conn.script(f"CREATE TYPE priced AS (v {kind.sql}, price money, n {kind.sql}, vs {array})")
        conn.script(
            f"CREATE TYPE deep AS (one priced, many priced[], h holder); CREATE TABLE t (n integer, v {kind.sql}, d deep)"
        )
        if not kind.is_array:
            conn.script(f"ALTER TABLE t ADD a {kind.sql}[]")
    return conns


def every_way(pg: Any, kind: Kind, values: list[Any], shape: str) -> Iterator[Found]:
    names = tuple(f"c{n}" for n in range(len(values)))
    sql = "SELECT " + ", ".join(f"${n}::{kind.sql} AS {name}" for n, name in enumerate(names, 1))
    yield "parameter and result", [*pg.query_one(sql, values)], values
    built = way(shape, names, len(names) - 1)
    (row,) = pg.run(sql, values, built.shape).rows
    yield f"in rows as {shape}", built.values(row), [values[at] for at in built.columns]
    if not kind.is_array:
        flat, deep = arrays(values)
        sql = f"SELECT $1::{kind.sql}[], $2::{kind.sql}[]"
        yield "element", pg.query_one(sql, [flat, deep]), ([*flat], kind.arrives(deep))
    yield from inside(pg, kind, values)
    yield from beside_money(pg, kind, values)
    if kind.text_only:
        yield from as_text(pg, kind, values)
    pg.execute("DELETE FROM t")


def arrays(values: list[Any]) -> tuple[Array[Any], Array[Any]]:
    """Of one dimension and of two."""
    return Array([*values, None], (1,)), Array([[value] for value in values], (1, 1))


def inside(pg: Any, kind: Kind, values: list[Any]) -> Iterator[Found]:
    """In composites and through COPY."""
    pairs = [(values[0], None), (None, values[0])]
    yield "field", pg.query_one("SELECT $1::holder, $2::holder", pairs), tuple(pairs)
    if kind.sql != "aclitem":
        yield "record", pg.query_one(f"SELECT ROW($1::{kind.sql}, 1)", values[:1])[0], (values[0], 1)
    names = ["n", "v"] if kind.is_array else ["n", "v", "a"]
    rows: list[tuple[Any, ...]] = [(n, value) for n, value in enumerate(values)]
    if not kind.is_array:
        rows = [(*row, arrays(values)[0]) for row in rows]
    rows.append((len(rows), *[None] * (len(rows[0]) - 1)))
    pg.execute("DELETE FROM t")
    assert pg.copy_in("t", rows, columns=names) == len(rows)
    rows = [(*row[:2], *(array and [*array] for array in row[2:])) for row in rows]
    yield "copied in", [*map(tuple, pg.query(f"SELECT {', '.join(names)} FROM t ORDER BY n"))], rows
    yield "copied out", sorted(pg.copy_out("t", columns=names), key=lambda row: row[0]), rows


def beside_money(pg: Any, kind: Kind, values: list[Any]) -> Iterator[Found]:
    """In composites that travel as text, because money does, and there in arrays."""
    if not kind.is_array:
        flat, twice = arrays(values)
        sql = f"SELECT ROW(NULL, '1', NULL, $1::{kind.sql}[])::priced, ROW(NULL, '1', NULL, $2::{kind.sql}[])::priced"
        for given, arrived in ((flat, [*flat]), (twice, kind.arrives(twice))):
            sent = (None, "$1.00", None, given)
            yield "arrays beside money", pg.query_one("SELECT $1::priced", [sent])[0], (*sent[:3], arrived)
        got = [row[3] for row in pg.query_one(sql, [flat, twice])]
        yield "arrays that the server wrote beside money", got, [[*flat], kind.arrives(twice)]
    priced = [(value, "-$1,234.50", None, None) for value in values] + [(None, None, values[0], None)]
    deep = [(priced[0], [*priced, None], None), (None, None, (values[0], None)), (None, None, None)]
    array = Array(priced, (1,))
    yield "beside money", pg.query_one("SELECT $1::priced, $2::priced[]", [priced[-1], array]), (priced[-1], priced)
    given = [
        (n, value and (value[0], value[1] and Array(value[1], (1,)), value[2])) for n, value in enumerate([*deep, None])
    ]
    expected = [*enumerate([*deep, None])]
    pg.execute("DELETE FROM t")
    pg.run_many("INSERT INTO t (n, d) VALUES ($1, $2)", given)
    yield "deep beside money", [*map(tuple, pg.query("SELECT n, d FROM t ORDER BY n"))], expected
    pg.execute("DELETE FROM t")
    assert pg.copy_in("t", given, columns=["n", "d"]) == len(given)
    yield "copied in beside money", [*map(tuple, pg.query("SELECT n, d FROM t ORDER BY n"))], expected
    yield "copied out beside money", sorted(pg.copy_out("t", columns=["n", "d"]), key=lambda row: row[0]), expected


def as_text(pg: Any, kind: Kind, values: list[Any]) -> Iterator[Found]:
    """As the fields of COPY's formats for text."""
    rows = [(str(n), value) for n, value in enumerate([*values, None])]
    flat = arrays(values)[0]
    for style in ("text", "csv"):
        pg.execute("DELETE FROM t")
        assert pg.copy_in("t", lines(rows, style), columns=["n", "v"], format=style) == len(rows)
        found = [(str(n), value) for n, value in pg.query("SELECT n, v FROM t ORDER BY n")]
        yield f"copied in as {style}", found, rows
        yield f"copied out as {style}", sorted(fields(pg.copy_out("t", columns=["n", "v"], format=style), style)), rows
        pg.execute(f"UPDATE t SET a = $1::{kind.sql}[]", [flat])
        data = b"".join(pg.copy_out("t", columns=["n", "v", "a"], format=style))
        pg.execute("DELETE FROM t")
        assert pg.copy_in("t", data, columns=["n", "v", "a"], format=style) == len(rows)
        yield f"arrays copied as {style}", [row[0] for row in pg.query("SELECT a FROM t")], [[*flat]] * len(rows)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.sql)
def test_no_value_changes(pg: Any, kind: Kind) -> None:
    @settings(deadline=None, max_examples=times(40), suppress_health_check=[*HealthCheck])
    @given(st.lists(kind.values, min_size=1, max_size=4), st.sampled_from(COLOURS), st.sampled_from(WAYS))
    def check(values: list[Any], colour: str, shape: str) -> None:
        conn = pg[colour]
        for how, got, sent in every_way(conn, kind, values, shape):
            assert same(got, sent), how
        if kind.literal:
            # The server is told in words of its own as well: two mistakes of ours that undo each other would show.
            sql = f"SELECT $1::{kind.sql}::text = $2::text::{kind.sql}::text"
            assert conn.query_one(sql, [values[0], kind.literal(values[0])])[0] is True, kind.literal(values[0])

    check()


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.sql)
def test_nor_does_it_elsewhere(pg: Any, kind: Kind) -> None:
    @settings(deadline=None, max_examples=times(6), suppress_health_check=[*HealthCheck])
    @given(st.lists(kind.values, min_size=1, max_size=4), st.sampled_from(COLOURS))
    def check(values: list[Any], colour: str) -> None:
        async def work(conn: Any) -> None:
            async for how, got, sent in by_other_ways(conn, kind, values):
                assert same(got, sent), how

        conn = pg[colour]
        conn.run_all(work) if colour == "async" else drive(work(conn))

    check()
