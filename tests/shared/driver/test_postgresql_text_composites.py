"""Composites and ranges that hold a type without a binary form: each part is what it would be in a column of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError, IntegrityError, NotSupportedError
from ferrow.types import Array, Codec, Interval, Range
from tests.support import items, maybe
from tests.support.colours import entered

pytestmark = pytest.mark.postgresql

NASTY = 'q"\\ (a,b)\n\t{é🦀}'


async def one(pg: Any, sql: str, *values: Any) -> Any:
    return (await maybe(pg.query_one(sql, [*values])))[0]


async def test_in_each_other(pg: Any) -> None:
    await maybe(
        pg.script(
            """
            CREATE TYPE nothing AS ();
            CREATE TYPE item AS (price money, note text, nothing nothing, words tsvector);
            CREATE DOMAIN dear AS item CHECK ((value).price > '1');
            CREATE DOMAIN costs AS money;
            CREATE TYPE prices AS RANGE (subtype = money);
            CREATE TYPE order_ AS (first dear, others item[], span prices, spans prices[], "The Cost" costs, of regclass);
            """
        )
    )
    item = ("$1,234.50", NASTY, (), "'a':1 'b'")
    nulls = (None, None, None, None)
    span = Range("$1.00", "$1,002.00")
    order = (
        item,
        Array([item, nulls, None], (0,)),
        span,
        [Range("$2.00", None), Range(empty=True), None],
        "-$7.00",
        "pg_class",
    )
    got = await one(pg, "SELECT $1::order_", order)
    assert got == order
    assert type(got).__name__ == type(got[0]).__name__ == "Row"
    assert got["The Cost"] == "-$7.00"
    assert got[1].lower_bounds == (0,)
    assert await one(pg, "SELECT ($1::order_)::text::order_", got) == order
    assert await one(pg, "SELECT $1::order_[]", [order, None, (None,) * 6]) == [order, None, (None,) * 6]
    named = dict(zip(["first", "others", "span", "spans", "The Cost", "of"], order, strict=True))
    assert await one(pg, "SELECT $1::order_", named) == order
    assert await one(pg, "SELECT $1::item", nulls) == nulls
    assert await maybe(pg.query_one("SELECT $1::item IS NULL, $2::item IS NULL", [nulls, item])) == (True, False)
    cursor = pg.cursor()
    await maybe(cursor.execute("SELECT %s::order_, %s::prices", [order, span]))
    assert tuple(await maybe(cursor.fetchone())) == (order, span)


async def test_multiranges_of_a_type_without_a_binary_form(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE prices AS RANGE (subtype = money); CREATE TYPE sale AS (at prices_multirange)"))
    for spans in ([], [Range("$1.00", "$2.00"), Range("$3.00", None)]):
        assert await one(pg, "SELECT $1::prices_multirange", spans) == spans
        assert await one(pg, "SELECT $1::sale", (spans,)) == (spans,)


async def test_rows_of_tables_without_their_dropped_columns(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id integer, gone text, price money, at date); ALTER TABLE t DROP gone"))
    row = (1, "$2.50", date(2026, 1, 2))
    await maybe(pg.execute("INSERT INTO t SELECT ($1::t).*", [row]))
    assert await one(pg, "SELECT t FROM t") == row
    assert [tuple(found) for found in await items(pg.copy_out(sql="SELECT t, t.price FROM t"))] == [(row, "$2.50")]


async def test_a_copy_of_what_a_with_writes(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id integer, price money)"))
    insert = "INSERT INTO t VALUES (1, '2') RETURNING id"
    assert [tuple(row) for row in await items(pg.copy_out(sql=f"{insert}, price"))] == [(1, "$2.00")]
    with pytest.raises(
        NotSupportedError, match=r"top level[\s\S]*no binary form \(price\).*: cast it to text yourself"
    ):
        await items(pg.copy_out(sql=f"WITH new AS ({insert}, price) SELECT * FROM new"))
    cast = f"WITH new AS ({insert}, price) SELECT id, price::text FROM new"
    assert [tuple(row) for row in await items(pg.copy_out(sql=cast))] == [(1, "$2.00")]


async def test_what_does_not_fit_is_named(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE item AS (n integer, price money)"))
    for value, message in [
        (("x", None), r"parameter 1: n: integer takes int, not str 'x'"),
        ((1, 2.5), r"parameter 1: price: money takes its text form as str"),
        ((1,), r"item has 2 fields \(n, price\), 1 values were given"),
        ({"n": 1}, "item has a field price, which was not given"),
        (5, "item takes a tuple, a mapping or an object with n, price, not int 5"),
    ]:
        with pytest.raises(DataError, match=message):
            await one(pg, "SELECT $1::item", value)


async def test_a_type_that_changes_meanwhile(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE item AS (price money)"))
    query = "SELECT $1::item, 1"
    assert await one(pg, query, ("$1.00",)) == ("$1.00",)
    await maybe(pg.script("ALTER TYPE item ADD ATTRIBUTE n integer"))
    assert await one(pg, query, ("$1.00", 2)) == ("$1.00", 2)
    await maybe(pg.script("ALTER TYPE item ALTER ATTRIBUTE n TYPE text"))
    assert await one(pg, query, ("$1.00", "2")) == ("$1.00", "2")
    await maybe(pg.script("ALTER TYPE item DROP ATTRIBUTE price"))
    assert await one(pg, query, ("2",)) == ("2",)


async def test_a_type_that_others_change_meanwhile(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TYPE item AS (price money, n integer)"))
    assert await one(pg, "SELECT '(1,2)'::item") == ("$1.00", 2)
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE item ADD ATTRIBUTE m integer")
    assert await one(pg, "SELECT ROW(1::money, 2, 3)::item") == ("$1.00", 2, 3)
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE item ALTER ATTRIBUTE n TYPE date")
    assert await one(pg, "SELECT ROW(1::money, '2026-01-02', 3)::item") == ("$1.00", date(2026, 1, 2), 3)


async def test_settings_change_no_value_without_a_word(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE item AS (price money, at timestamptz, for_ interval, raw bytea, f float8)"))
    value = ("$1.00", datetime(2026, 1, 2, tzinfo=UTC), Interval(14, -3, 7), b"\\\0\xff", 0.1 + 0.2)
    query = "SELECT $1::item"
    await maybe(pg.script("SET bytea_output = escape; SET TimeZone = 'Asia/Kathmandu'"))
    assert await one(pg, query, value) == value
    for setting, style, field in [
        ("DateStyle", "German", "at"),
        ("DateStyle", "SQL, DMY", "at"),
        ("DateStyle", "Postgres", "at"),
        ("IntervalStyle", "sql_standard", "for_"),
        ("IntervalStyle", "iso_8601", "for_"),
        ("IntervalStyle", "postgres_verbose", "for_"),
    ]:
        await maybe(pg.script(f"SET {setting} = '{style}'"))
        with pytest.raises(DataError, match=rf"column item: {field}: .* is read with the {setting} (ISO|postgres)"):
            await one(pg, query, value)
        given = await maybe(pg.query_one("SELECT ($1::item).at, ($1::item).for_, ($1::item).f", [value]))
        assert tuple(given) == (value[1], value[2], value[4])
        await maybe(pg.execute(f"RESET {setting}"))
    assert await one(pg, query, value) == value


async def test_floats_that_have_lost_digits_are_refused(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE item AS (price money, f float8, p point)"))
    value, query = ("$1.00", 0.1 + 0.2, None), "SELECT $1::item"
    assert await one(pg, query, value) == value
    refused = "f: a float .* has lost digits, because extra_float_digits is too low"
    await maybe(pg.execute("SET extra_float_digits = 0"))
    with pytest.raises(DataError, match=refused):
        await one(pg, query, value)
    with pytest.raises(DataError, match=refused):
        await items(pg.copy_out(sql="SELECT ROW('1', 0.1, NULL)::item"))
    assert await one(pg, query, ("$1.00", None, None)) == ("$1.00", None, None)
    await maybe(pg.execute("RESET extra_float_digits"))
    assert await one(pg, query, value) == value
    with pytest.raises(ZeroDivisionError):
        async with entered(pg.transaction()):
            await maybe(pg.execute("SET LOCAL extra_float_digits = 0"))
            with pytest.raises(DataError, match=refused):
                await one(pg, query, value)
            raise ZeroDivisionError
    assert await one(pg, query, value) == value
    async with entered(pg.transaction()):
        await maybe(pg.execute("SET extra_float_digits = 0"))
    with pytest.raises(DataError, match=refused):
        await one(pg, query, value)


ANEW = "SET extra_float_digits = 1"
FEW = "SELECT set_config('extra_float_digits', '0', false)"


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(["BEGIN", "RESET extra_float_digits", "?", "ROLLBACK"], id="reset"),
        pytest.param(["BEGIN", ANEW, "?", "SAVEPOINT a", "ROLLBACK TO a", "?", "ROLLBACK"], id="savepoint"),
        pytest.param(["BEGIN", "SET LOCAL extra_float_digits = 1", "?", "COMMIT AND CHAIN"], id="chained"),
        pytest.param(["BEGIN", ANEW, "?", "INSERT INTO child VALUES (1)", "!COMMIT"], id="failed"),
        pytest.param([ANEW, "?", FEW], id="function"),
        pytest.param([ANEW, "?", FEW.swapcase()], id="function in capitals"),
        pytest.param([ANEW, "?", f"{FEW}; SELECT 1"], id="function in a script"),
        pytest.param([ANEW, "?", "DO 'BEGIN SET extra_float_digits = 0; END'"], id="block"),
        pytest.param([ANEW, "?", "CALL fewer()"], id="procedure"),
    ],
)
async def test_digits_that_are_lost_without_a_set(pg: Any, steps: list[str]) -> None:
    await maybe(
        pg.script(
            """
            CREATE TYPE item AS (price money, f float8);
            CREATE TABLE parent (id integer PRIMARY KEY);
            CREATE TABLE child (id integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
            CREATE PROCEDURE fewer() LANGUAGE plpgsql AS 'BEGIN SET extra_float_digits = 0; END';
            SET extra_float_digits = 0
            """
        )
    )
    query, value = "SELECT ROW('1', $1)::item", 0.1 + 0.2
    with pytest.raises(DataError, match="has lost digits"):
        await one(pg, query, value)
    for step in steps:
        if step == "?":
            assert await one(pg, query, value) == ("$1.00", value)
        elif step.startswith("!"):
            with pytest.raises(IntegrityError):
                await maybe(pg.script(step[1:]))
        elif step.upper() == FEW.upper():
            await maybe(pg.query(step))
        else:
            await maybe(pg.script(step))
    with pytest.raises(DataError, match="has lost digits"):
        await one(pg, query, value)
    await maybe(pg.script("ROLLBACK"))


async def test_codecs_for_a_field(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE item AS (price money, n integer, at interval)"))
    value, query = ("$1.50", 7, timedelta(days=1)), "SELECT $1::item, ARRAY[$1::item]"
    for name, codec, given, expected in [
        ("money", {"encode": "${:.2f}".format, "decode": lambda text: float(text.strip("$"))}, 1.5, 1.5),
        ("money", {"encode": str.lower, "decode": str.upper, "format": "value"}, "$1.5", "$1.50"),
        ("int4", {"encode": str, "decode": lambda text: f"<{text}>"}, 7, "<7>"),
        ("int4", {"encode": lambda n: n + 1, "decode": lambda n: n - 1, "format": "value"}, 6, 6),
        ("int4", {"encode": lambda n: n.to_bytes(4), "decode": int.from_bytes, "format": "binary"}, 7, 7),
        ("interval", {"encode": str, "decode": str.upper}, "1 day", "1 DAY"),
        ("item", {"encode": tuple, "decode": list, "format": "value"}, None, None),
    ]:
        pg.set_codec(name, **codec)
        at = {"money": 0, "int4": 1, "interval": 2}.get(name)
        sent = tuple(given if at == index else part for index, part in enumerate(value))
        got = tuple(expected if at == index else part for index, part in enumerate(value))
        found = await maybe(pg.query_one(query, [sent]))
        assert [tuple(found[0]), [tuple(part) for part in found[1]]] == [got, [got]]
        assert type(found[0]) is list or name != "item"
        pg.set_codec(name)


def test_codecs_of_a_connection(postgresql_database: Any) -> None:
    codec = Codec("money", decode=lambda text: float(text.strip("$")), encode="${:.2f}".format)
    with driver.connect(postgresql_database.clean(), codecs=[codec]) as conn:
        conn.script("CREATE TYPE item AS (price money, n integer); CREATE TABLE t (i item)")
        assert conn.copy_in("t", [((1.5, 2),)]) == 1
        assert [*conn.copy_out("t")] == [((1.5, 2),)] == [tuple(row) for row in conn.query("SELECT i FROM t")]
