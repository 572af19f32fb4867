"""Anonymous records of types that travel as text elsewhere: each field is what it would be in a column of its own."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.errors import NotSupportedError
from ferrow.types import Array, Codec, Range
from tests.support import entered, items, maybe
from tests.support.own_types import one
from tests.support.postgresql_values import ROWS

pytestmark = pytest.mark.postgresql

LEAVES = [
    "'-$1,234.50'::money",
    "'pg_class'::regclass",
    "'4294967295'::regclass",
    "'int4'::regtype",
    "'now()'::regprocedure",
    "'english'::regconfig",
    "'a:1A,2 ''b\\c'':3C'::tsvector",
    "''::tsvector",
    "''::tsquery",
    "'!(a & ''b c'':*AB) | d <2> e'::tsquery",
    "NULL::money",
    "NULL::tsquery",
    "ARRAY[['1', '2.50'], [NULL, '1']]::money[]",
    "'[0:1]={pg_class,NULL}'::regclass[]",
    "7",
    "'é'::text",
    "'2026-01-02'::date",
    "NULL",
]


async def test_every_type_as_in_a_column_of_its_own(pg: Any) -> None:
    for kind, literal, _ in ROWS:
        if kind in ("aclitem", "xml"):
            continue
        given = "$$" + literal + "$$"
        sql = f"SELECT x, ROW(x, NULL, ROW(x)) FROM (SELECT {given}::{kind} AS x) q"
        alone, record = await maybe(pg.query_one(sql))
        assert repr(record) == repr((alone, None, (alone,))), kind  # NaN is not itself
        assert type(record) is tuple
        assert type(record[0]) is type(alone)


TREES = st.recursive(st.sampled_from(LEAVES), lambda parts: st.lists(parts, min_size=1, max_size=4), max_leaves=12)


def record_of(tree: Any) -> str:
    return tree if isinstance(tree, str) else f"ROW({', '.join(map(record_of, tree))})"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(tree=st.lists(TREES, min_size=1, max_size=4))
def test_any_record_in_any_other(pg_sync: Any, tree: list[Any]) -> None:
    alone = dict(zip(LEAVES, pg_sync.query_one("SELECT " + ", ".join(LEAVES)), strict=True))

    def value_of(tree: Any) -> Any:
        return alone[tree] if isinstance(tree, str) else tuple(map(value_of, tree))

    record = record_of(tree)
    several = f"SELECT n, {record} AS r, ARRAY[{record}, NULL]::record[] FROM generate_series(1, 3) n"
    expected = value_of(tree)
    assert [tuple(row) for row in pg_sync.query(several)] == [(n, expected, [expected, None]) for n in (1, 2, 3)]


@pytest.fixture
def pg_sync(postgresql_url: str) -> Any:
    with driver.connect(postgresql_url) as conn:
        yield conn


async def test_composites_ranges_and_domains(pg: Any) -> None:
    await maybe(
        pg.script(
            """
            CREATE DOMAIN costs AS money;
            CREATE TYPE prices AS RANGE (subtype = money);
            CREATE TYPE item AS (price costs, words tsvector, f float8, span prices);
            CREATE TABLE t (id integer, i item, of regclass);
            INSERT INTO t VALUES (1, ('2', 'a b', 0.1, '[1,3)'), 't'), (2, NULL, NULL)
            """
        )
    )
    item = ("$2.00", "'a' 'b'", 0.1, Range("$1.00", "$3.00"))
    await maybe(pg.execute("SET extra_float_digits = 0"))  # which is nothing to a record
    row = await one(
        pg, "SELECT ROW(i, ARRAY[i, NULL], (i).span, '{[1,2),[5,)}'::prices_multirange, t) FROM t WHERE id = 1"
    )
    assert row == (
        item,
        [item, None],
        item[3],
        [Range("$1.00", "$2.00"), Range("$5.00", None)],
        (1, item, "t"),
    )
    assert type(row[0]).__name__ == "Row"
    assert row[0]["words"] == "'a' 'b'"
    assert await one(pg, "SELECT array_agg(ROW(t) ORDER BY id) FROM t") == [((1, item, "t"),), ((2, None, None),)]


SQL = "SELECT n, ROW(n::money, ROW('pg_class'::regclass, NULLIF(n, 2)::money)) AS r FROM generate_series(1, $1) n"
FOUND = [(n, (f"${n}.00", ("pg_class", None if n == 2 else f"${n}.00"))) for n in range(1, 8)]


async def test_every_way_to_run_a_statement(pg: Any, colour: str, postgresql_url: str) -> None:
    for _ in range(2):
        assert [tuple(row) for row in await maybe(pg.query(SQL, [7]))] == FOUND
    async with entered(pg.transaction()):
        assert [tuple(row) for row in await items(pg.stream(SQL, [7], chunk=2))] == FOUND
        assert await one(pg, SQL, 1) == 1
    assert [tuple(row) for row in await maybe(pg.query(await maybe(pg.prepare(SQL + " ORDER BY n")), [7]))] == FOUND
    cursor = pg.cursor()
    await maybe(cursor.execute(SQL.replace("$1", "%s"), [7]))
    assert [tuple(row) for row in await maybe(cursor.fetchall())] == FOUND
    assert await maybe(pg.execute(SQL, [7])) == 7
    await maybe(pg.script("CREATE TEMP TABLE sold (price money)"))
    insert = "INSERT INTO sold VALUES ($1::text::money) RETURNING ROW(price)"
    assert await one(pg, insert, "3") == ("$3.00",)
    assert await one(pg, "SELECT count(*) FROM sold") == 1


@pytest.mark.parametrize("block", [False, True])
async def test_in_pipelines(pg: Any, block: bool) -> None:
    await maybe(pg.script("CREATE SCHEMA other; CREATE TABLE other.t (); CREATE TABLE price (p money)"))
    record = "SELECT ROW('other.t'::regclass)"
    for _ in range(2):
        async with entered(pg.pipeline()) as pipe:
            if block:
                pipe.execute("BEGIN")
            first = pipe.query(record)
            pipe.execute("INSERT INTO price VALUES ('1')")
            pipe.execute("SET search_path = other" if not block else "SET LOCAL search_path = other")
            second = pipe.query(record)
            third = pipe.query("SELECT ROW(p, NULL::regclass) FROM public.price LIMIT 1")
            if block:
                pipe.execute("ROLLBACK")
            else:
                pipe.execute("RESET search_path")
            last = pipe.query(record)
        results = [first, second, third, last]
        found = [(await maybe(result.result() if hasattr(result, "result") else result))[0][0] for result in results]
        assert found == [("other.t",), ("t",), ("$1.00", None), ("other.t",)]


async def test_the_name_that_a_table_had(pg: Any) -> None:
    """What comes behind the statement in its transaction changes nothing of its answer."""
    for _ in range(3):  # at first each is prepared, which makes those behind it wait
        async with entered(pg.pipeline()) as pipe:
            pipe.execute("BEGIN")
            pipe.execute("CREATE TABLE short_lived ()")
            found = pipe.query("SELECT ROW(to_regclass('short_lived'))")
            pipe.execute("ROLLBACK")
        assert (await maybe(found.result()))[0][0] == ("short_lived",)


@pytest.mark.only(colour="async")
async def test_among_tasks(pg: Any) -> None:
    await maybe(pg.script("CREATE SCHEMA other; CREATE TABLE other.t ()"))
    sqls = ["SELECT ROW('other.t'::regclass)", "SELECT 1", "SET search_path = other", "SELECT ROW('t'::regclass)"]
    for _ in range(2):
        rows = await asyncio.gather(*(pg.query(sql) for sql in [*sqls, "RESET search_path", sqls[0]]))
        assert [tuple(found[0]) if found else None for found in rows] == [
            (("other.t",),),
            (1,),
            None,
            (("t",),),
            None,
            (("other.t",),),
        ]


@pytest.mark.only(colour="async")
async def test_a_caller_that_leaves_meanwhile(pg: Any) -> None:
    for turns in range(12):
        task = asyncio.ensure_future(pg.query(SQL, [7]))
        neighbour = asyncio.ensure_future(pg.query_one("SELECT ROW('2'::money)"))
        for _ in range(turns):
            await asyncio.sleep(0)
        leaves = task.cancel()
        assert (await neighbour)[0] == ("$2.00",)
        if leaves:
            with pytest.raises(asyncio.CancelledError):
                await task
        assert [tuple(row) for row in await pg.query(SQL, [7])] == FOUND


async def test_many_values(pg: Any) -> None:
    rows = await maybe(pg.query("SELECT ROW(n::money, n) FROM generate_series(0, 19999) n"))
    assert [row[0] for row in rows] == [(f"${n:,}.00", n) for n in range(20_000)]


async def test_codecs(pg: Any) -> None:
    record = "SELECT ROW('1.50'::money, ARRAY['2'::money], '3'::money)"
    for codec, expected in [
        ({"decode": lambda text: float(text.strip("$"))}, (1.5, [2.0], 3.0)),
        ({"decode": str.upper, "format": "value"}, ("$1.50", ["$2.00"], "$3.00")),
        ({"decode": int.from_bytes, "format": "binary"}, (150, [200], 300)),
        ({"encode": str}, ("$1.50", ["$2.00"], "$3.00")),
    ]:
        pg.set_codec("money", **codec)
        assert await one(pg, record) == expected
        pg.set_codec("money")


async def test_a_codec_is_called_once_for_a_value(pg: Any) -> None:
    seen: list[str] = []

    def decode(text: str) -> str:
        seen.append(text)
        return text

    pg.set_codec("money", decode=decode)
    assert await one(pg, "SELECT array_agg(ROW(n::money)) FROM generate_series(1, 3) n") == [
        ("$1.00",),
        ("$2.00",),
        ("$3.00",),
    ]
    assert seen == ["$1.00", "$2.00", "$3.00"]


def test_codecs_of_a_connection(postgresql_url: str) -> None:
    with driver.connect(postgresql_url, codecs=[Codec("money", decode=lambda text: float(text.strip("$")))]) as conn:
        assert conn.query_one("SELECT ROW(1::money, $1::date)", [date(2026, 1, 2)])[0] == (1.0, date(2026, 1, 2))
        assert conn.query_one("SELECT ROW('[0:0]={1}'::money[])")[0] == (Array([1.0], (0,)),)


async def test_text_codecs_that_cannot_be_parts(pg: Any) -> None:
    pg.set_codec("item", decode=str)
    await maybe(pg.script("CREATE TYPE item AS (price money)"))
    assert await one(pg, "SELECT ROW('1')::item") == "($1.00)"
    with pytest.raises(NotSupportedError, match="text of item cannot be used inside"):
        await one(pg, "SELECT ROW(ROW('1')::item)")
