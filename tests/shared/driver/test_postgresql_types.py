"""Types that a session has to look up: enums, domains, composites, ranges and what is made of them."""

from __future__ import annotations

import asyncio
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.errors import DataError, NoResultFound, OperationalError
from ferrow.types import Array, Range
from tests.support import maybe
from tests.support.effort import times
from tests.support.postgres import with_options

pytestmark = pytest.mark.postgresql

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN short AS text CHECK (length(value) <= 5);
CREATE DOMAIN shorter AS short CHECK (length(value) <= 3);
CREATE TYPE inner_ AS (n integer, "The Name" text);
CREATE TYPE outer_ AS (id bigint, m mood, code shorter, i inner_, all_ inner_[], tags shorter[]);
CREATE TYPE moodrange AS RANGE (subtype = mood);
CREATE TYPE nothing AS ();
CREATE TABLE people (id serial PRIMARY KEY, feels mood NOT NULL DEFAULT 'ok', o outer_);
"""
OUTER = (2**40, "happy", "abc", (1, "x"), [(2, None), None], ["a", None])


class Mood(Enum):
    SAD = "sad"
    OK = "ok"


class TextMood(StrEnum):
    HAPPY = "happy"


@dataclass
class Inner:
    n: int
    name: str


Pair = namedtuple("Pair", "n name")


async def prepared(pg: Any) -> Any:
    await maybe(pg.script(SCHEMA))
    return pg


async def one(conn: Any, sql: str, *params: Any) -> Any:
    return (await maybe(conn.query_one(sql, list(params))))[0]


async def test_enums(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT 'ok'::mood") == "ok"
    for value, label in (("sad", "sad"), (Mood.SAD, "sad"), (TextMood.HAPPY, "happy")):
        got = await one(pg, "SELECT $1::mood", value)
        assert got == label
        assert type(got) is str
    assert await one(pg, "SELECT $1::mood[]", ["ok", None, Mood.SAD]) == ["ok", None, "sad"]
    assert await one(pg, "SELECT $1::mood[]", [["ok"], ["sad"]]) == [["ok"], ["sad"]]
    with pytest.raises(DataError, match="mood takes str or a member of an Enum of str, not int 5"):
        await one(pg, "SELECT $1::mood", 5)
    with pytest.raises(DataError, match="invalid input value for enum"):
        await one(pg, "SELECT $1::mood", "angry")
    await maybe(pg.execute("ALTER TYPE mood ADD VALUE 'angry'"))
    assert await one(pg, "SELECT $1::mood", "angry") == "angry"


async def test_domains_are_what_they_restrict(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT $1::shorter", "abc") == "abc"
    assert await one(pg, "SELECT $1::shorter[]", ["abc", None]) == ["abc", None]
    with pytest.raises(DataError, match=r"parameter 1: .*takes str"):
        await one(pg, "SELECT $1::shorter", b"x")


async def test_domains_over_what_has_parts(pg: Any) -> None:
    await maybe(
        pg.script(
            """
            CREATE TYPE pair AS (n integer, name text);
            CREATE DOMAIN good_pair AS pair CHECK ((value).n > 0);
            CREATE DOMAIN numbers AS integer[];
            CREATE DOMAIN span AS int4range;
            CREATE TYPE all_of_it AS (p good_pair, n numbers, s span, ns numbers[]);
            """
        )
    )
    value = ((1, "a"), [1, 2], Range(1, 3), [[1], None])
    assert await one(pg, "SELECT $1::good_pair", (1, "a")) == (1, "a")
    assert await one(pg, "SELECT $1::numbers", [1, 2]) == [1, 2]
    assert await one(pg, "SELECT $1::numbers[]", Array([[1, 2], [3]], (1,))) == [[1, 2], [3]]
    sent = (*value[:3], Array(value[3], (1,)))
    assert await one(pg, "SELECT $1::all_of_it", sent) == value


@pytest.mark.parametrize("wrap", ["SELECT $1::outer_", "SELECT ($1::outer_[])[1]"])
async def test_composites_nest(pg: Any, wrap: str) -> None:
    await prepared(pg)
    sent: Any = [OUTER] if "[]" in wrap else OUTER
    row = await one(pg, wrap, sent)
    assert type(row) is driver.Row
    assert row.keys() == ["id", "m", "code", "i", "all_", "tags"]
    assert row == OUTER
    assert row["i"]["The Name"] == "x"
    assert row["all_"] == [(2, None), None]
    again = [row] if "[]" in wrap else row
    assert await one(pg, wrap, again) == OUTER
    assert await one(pg, wrap, [row.to_dict()] if "[]" in wrap else row.to_dict()) == OUTER


async def test_composites_from_whatever_has_the_fields(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (n integer, name text)"))
    for value in ((1, "a"), [1, "a"], {"name": "a", "n": 1}, Inner(1, "a"), Pair(1, "a"), "(1,a)"):
        assert await one(pg, "SELECT $1::pair", value) == (1, "a")
    assert await one(pg, "SELECT $1::pair[]", [(1, "a"), {"n": None, "name": None}]) == [(1, "a"), (None, None)]
    assert await one(pg, "SELECT $1::pair[]", [[(1, "a")], [None]]) == [[(1, "a")], [None]]
    for value, words in (
        ((1,), "pair has 2 fields (n, name), 1 values were given"),
        ({"n": 1}, "pair has a field name, which was not given"),
        ({"n": 1, "name": "a", "nmae": "b"}, "pair has no field nmae; its fields are n, name"),
        (Range(1, 2), "pair has a field n, which was not given"),
        (5, "pair takes a tuple, a mapping or an object with n, name, not int 5"),
        ((1, 5.5j), "name: text takes str"),
        (("x", "a"), "n: integer takes int"),
    ):
        with pytest.raises(DataError) as caught:
            await one(pg, "SELECT $1::pair", value)
        assert words in str(caught.value)
        assert str(caught.value).startswith("parameter 1: ")


async def test_a_composite_without_fields(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT $1::nothing", ()) == ()


async def test_rows_of_tables_are_composites(pg: Any) -> None:
    await prepared(pg)
    await maybe(pg.execute("INSERT INTO people (feels, o) VALUES ($1, $2)", ["sad", OUTER]))
    row = await one(pg, "SELECT p FROM people p")
    assert (row["feels"], row["o"]) == ("sad", OUTER)
    assert [person["id"] for person in await one(pg, "SELECT array_agg(p) FROM people p")] == [1]


async def test_ranges_of_ones_own(pg: Any) -> None:
    await prepared(pg)
    value = await one(pg, "SELECT $1::moodrange", Range("sad", "happy"))
    assert value == Range("sad", "happy")
    assert await one(pg, "SELECT $1::moodrange[]", [value, None]) == [value, None]
    assert await one(pg, "SELECT $1::moodmultirange", [value]) == [value]


@pytest.mark.parametrize("cache", [0, 256])
async def test_records_say_what_they_consist_of(pg: Any, cache: int, colour: str, postgresql_url: str) -> None:
    """Their field types are only in the values, so they are looked up when the rows are there."""
    await prepared(pg)
    url = with_options(postgresql_url, f"statement_cache_size={cache}")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    assert await one(conn, "SELECT ROW(1, 'a'::text, NULL::int)") == (1, "a", None)
    sql = "SELECT g, ROW(g, 'ok'::mood, ROW(ROW('sad'::mood, g)::record, '{ok}'::mood[])) FROM generate_series(1, 3) g"
    for _ in range(2):
        rows = await maybe(conn.query(sql))
        assert rows == [(g, (g, "ok", (("sad", g), ["ok"]))) for g in (1, 2, 3)]
    with pytest.raises(DataError, match=r"the type money .* only travels as text"):
        await one(conn, "SELECT ROW('1'::money)")
    with pytest.raises(DataError, match="PostgreSQL takes no anonymous record"):
        await one(conn, "SELECT $1::record", (1,))
    assert await one(conn, "SELECT array_agg(ROW(g)) FROM generate_series(1, 2) g") == [(1,), (2,)]
    await maybe(conn.close())


async def test_one_question_per_type_and_none_for_those_of_every_server(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT $1::int[]", [1]) == [1]
    before = await one(pg, "SELECT count(*) FROM pg_prepared_statements")
    assert await one(pg, "SELECT 'ok'::mood") == "ok"
    assert await one(pg, "SELECT $1::mood, 1", "ok") == "ok"
    # The question is no prepared statement, and leaves nothing behind.
    assert await one(pg, "SELECT count(*) FROM pg_prepared_statements") == before + 2


async def test_look_up_inside_a_transaction(pg: Any) -> None:
    tx = await maybe(pg.begin())
    await maybe(pg.execute("CREATE TYPE mood AS ENUM ('ok')"))
    assert await one(pg, "SELECT $1::mood", "ok") == "ok"
    await maybe(tx.rollback())
    await maybe(pg.execute("CREATE TYPE mood AS (a integer)"))
    assert await one(pg, "SELECT $1::mood", (1,)) == (1,)


async def test_many_rows_of_parameters(pg: Any) -> None:
    await prepared(pg)
    await maybe(pg.run_many("INSERT INTO people (feels) VALUES ($1)", [["sad"], [Mood.OK]], driver.Shape.tuples()))
    assert await maybe(pg.query("SELECT feels FROM people ORDER BY id")) == [("sad",), ("ok",)]


async def test_a_changed_composite_is_looked_up_again(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (n integer, name text)"))
    result, array, parameter = "SELECT '(1,a)'::pair", "SELECT ARRAY['(1,a)'::pair]", "SELECT ($1::pair)::text"
    for sql in (result, array):
        await one(pg, sql)
    await one(pg, parameter, (1, "a"))
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair ADD ATTRIBUTE first integer")
    assert await one(pg, parameter, (1, "a", 2)) == "(1,a,2)"  # refused here by what was known, had it not been asked
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair DROP ATTRIBUTE first")
    assert await one(pg, parameter, {"n": 1, "name": "a"}) == "(1,a)"
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair ADD ATTRIBUTE more integer")
    # The text of the statement has to be other: its constant was read when it was prepared.
    assert await one(pg, "SELECT '(1,a,2)'::pair") == (1, "a", 2)
    assert await one(pg, parameter, (1, "a", 2)) == "(1,a,2)"
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair DROP ATTRIBUTE name")
    row = await one(pg, "SELECT row(1, 2)::pair")
    assert row.to_dict() == {"n": 1, "more": 2}
    assert await one(pg, parameter, (1, 2)) == "(1,2)"


async def test_rows_of_a_table_that_gets_a_column(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (2)"))
    assert await maybe(pg.query("SELECT t FROM t")) == [((1,),), ((2,),)]
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TABLE t ADD COLUMN b text DEFAULT 'x'")
    tx = await maybe(pg.begin())
    rows = await maybe(pg.query("SELECT t FROM t"))
    assert [row[0].to_dict() for row in rows] == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    await maybe(tx.rollback())


async def test_names_changed_by_the_session_itself(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (n integer, name text)"))
    assert (await one(pg, "SELECT row(1, 'a')::pair")).keys() == ["n", "name"]
    await maybe(pg.execute("ALTER TYPE pair RENAME ATTRIBUTE name TO title"))
    assert (await one(pg, "SELECT row(1, 'a')::pair")).keys() == ["n", "title"]
    await maybe(pg.script("SELECT 1; ALTER TYPE pair RENAME ATTRIBUTE title TO label"))
    assert (await one(pg, "SELECT row(1, 'a')::pair")).keys() == ["n", "label"]


@pytest.mark.parametrize("sql", ["SELECT 'ok'::mood", "SELECT $1::mood", "SELECT $1::mood[]"])
async def test_a_type_dropped_and_made_anew(pg: Any, postgresql_url: str, sql: str) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok')"))
    value: Any = ["ok"] if "[]" in sql else "ok"
    params = [value] if "$1" in sql else []
    assert await one(pg, sql, *params) == value
    with driver.connect(postgresql_url) as other:
        other.script("DROP TYPE mood; CREATE TYPE mood AS ENUM ('new', 'ok')")
    assert await one(pg, sql, *params) == value


async def test_a_dropped_type_is_an_error_and_the_connection_goes_on(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok')"))
    assert await one(pg, "SELECT $1::mood", "ok") == "ok"
    with driver.connect(postgresql_url) as other:
        other.script("DROP TYPE mood")
    with pytest.raises(Exception, match=r"mood|type"):
        await one(pg, "SELECT $1::mood", "ok")
    assert await one(pg, "SELECT 1") == 1


async def test_statement_cache_off(pg: Any, colour: str, postgresql_url: str) -> None:
    await prepared(pg)
    url = with_options(postgresql_url, "statement_cache_size=0")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    for _ in range(2):
        assert await one(conn, "SELECT $1::outer_", OUTER) == OUTER
    await maybe(conn.close())


@pytest.mark.only(colour="async")
async def test_pipelined_look_ups_stay_in_order(pg: Any) -> None:
    await prepared(pg)
    sqls = [
        "SELECT 'ok'::mood",
        "SELECT row(1, 'a')::inner_",
        "SELECT 1",
        "SELECT row('sad'::mood)",
        "SELECT 'ab'::shorter",
    ]
    results = await asyncio.gather(*(pg.query_one(sql) for sql in sqls * 3))
    assert [row[0] for row in results] == ["ok", (1, "a"), 1, ("sad",), "ab"] * 3
    done: list[int] = []

    async def numbered(number: int, sql: str) -> None:
        await pg.query_one(sql)
        done.append(number)

    await asyncio.gather(numbered(0, "SELECT '{}'::mood[], '(,)'::moodrange"), numbered(1, "SELECT 2"))
    assert done == [0, 1]


@pytest.mark.only(colour="async")
async def test_a_caller_that_leaves_during_the_look_up(pg: Any) -> None:
    await prepared(pg)
    for turns in range(12):
        sql = f"SELECT row(1, 'a')::inner_, {turns}"
        task = asyncio.ensure_future(pg.query_one(sql))
        neighbour = asyncio.ensure_future(pg.query_one("SELECT $1::mood", ["ok"]))
        for _ in range(turns):
            await asyncio.sleep(0)
        leaves = task.cancel()
        assert (await neighbour)[0] == "ok"
        if leaves:
            with pytest.raises(asyncio.CancelledError):
                await task
        else:  # a busy machine has answered within so few turns
            assert (await task)[0] == (1, "a")
        assert await one(pg, sql) == (1, "a")


@pytest.mark.only(colour="async")
async def test_a_connection_lost_during_the_look_up(pg: Any, postgresql_url: str) -> None:
    await prepared(pg)
    victim = await driver.connect_async(postgresql_url)
    pid = await one(victim, "SELECT pg_backend_pid()")
    lock = await maybe(pg.begin())
    await maybe(pg.execute("LOCK TABLE pg_enum, pg_type IN ACCESS EXCLUSIVE MODE"))
    task = asyncio.ensure_future(victim.query_one("SELECT $1::outer_", [OUTER]))
    await asyncio.sleep(0)
    await maybe(pg.query("SELECT pg_terminate_backend($1)", [pid]))
    with pytest.raises(OperationalError):
        await task
    await maybe(lock.rollback())
    assert victim.is_closed()


@pytest.mark.parametrize("bad", range(4))
@pytest.mark.parametrize("column", range(3))
async def test_a_value_that_does_not_decode_in_any_place(pg: Any, bad: int, column: int) -> None:
    """The error comes at the end of the reply; the next statement gets its own answer."""
    await prepared(pg)
    columns = [f"CASE WHEN g = {bad} AND {column} = 0 THEN 'infinity' ELSE '2026-01-01' END::date"]
    columns.append(f"ARRAY[CASE WHEN g = {bad} AND {column} = 1 THEN 'infinity' ELSE '2026-01-01' END::date]")
    columns.append(
        f"ROW(g, CASE WHEN g = {bad} AND {column} = 2 THEN 'infinity' ELSE '2026-01-01' END::date, 'ok'::mood)"
    )
    sql = f"SELECT {', '.join(columns)} FROM generate_series(0, 3) g"
    with pytest.raises(DataError, match="no equal in Python"):
        await maybe(pg.query(sql))
    assert await one(pg, "SELECT 7") == 7
    with pytest.raises(NoResultFound):
        await maybe(pg.query_one("SELECT 1 WHERE false"))


@pytest.fixture(scope="module")
def sync_pg(postgresql_database: Any) -> Any:
    with driver.connect(postgresql_database.clean()) as conn:
        conn.script(SCHEMA)
        yield conn


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
INNERS = st.tuples(st.none() | st.integers(-(2**31), 2**31 - 1), TEXTS)
CODES = st.none() | st.text('abcé\\",{}() ', max_size=3)
OUTERS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([None, "sad", "ok", "happy"]),
    CODES,
    st.none() | INNERS,
    st.none() | st.lists(st.none() | INNERS, max_size=4),
    st.none() | st.lists(CODES, max_size=4),
)


@settings(
    deadline=None,
    max_examples=times(100),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(value=OUTERS)
def test_any_composite_round_trips(sync_pg: Any, value: Any) -> None:
    got = sync_pg.query_one("SELECT $1::outer_, $1::outer_::text::outer_, $2::outer_[]", [value, [value, None]])
    assert got[0] == value
    assert got[1] == value
    assert got[2] == [value, None]


SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4)


@settings(deadline=None, max_examples=times(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=SHAPES, data=st.data())
def test_any_array_round_trips(sync_pg: Any, shape: list[int], data: st.DataObject) -> None:
    def build(lengths: list[int]) -> Any:
        if not lengths:
            return data.draw(st.none() | st.integers(-(2**31), 2**31 - 1))
        return [build(lengths[1:]) for _ in range(lengths[0])]

    value = build(shape)
    bounds = tuple(data.draw(st.integers(-5, 5)) for _ in shape)
    got = sync_pg.query_one("SELECT $1::int[], $2::int[], array_dims($2)", [value, Array(value, bounds)])
    assert got[0] == value
    assert got[1] == value
    assert getattr(got[1], "lower_bounds", (1,) * len(shape)) == bounds
    assert got[2] == "".join(f"[{low}:{low + length - 1}]" for low, length in zip(bounds, shape, strict=True))
