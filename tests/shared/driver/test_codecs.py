"""Types read and written the user's own way."""

from __future__ import annotations

import gc
import ipaddress
import json
import struct
import weakref
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import DataError, InterfaceError, NotSupportedError
from ferrow.types import Array, Codec, Interval, Range, register_codec, unregister_codec
from tests.support import entered, items, maybe

pytestmark = pytest.mark.postgresql


class Mood(Enum):
    SAD = "sad"
    OK = "ok"


class Document:
    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and other.fields == self.fields

    __hash__ = None  # type: ignore[assignment]


SCHEMA = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE holder AS (m mood, n numeric, r numrange, ms mood[])"

# type, codec, value in Python, the text it has
CODECS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("numeric", {"encode": repr, "decode": float}, 1.5, "1.5"),
    ("numeric", {"encode": lambda v: Decimal(repr(v)), "decode": float, "format": "value"}, 1.5, "1.5"),
    ("double precision", {"encode": str, "decode": Decimal}, Decimal("1.5"), "1.5"),
    ("integer", {"encode": lambda v: v.removeprefix("#"), "decode": "#{}".format}, "#7", "7"),
    (
        "int4",
        {
            "encode": lambda v: struct.pack("!i", ord(v)),
            "decode": lambda b: chr(struct.unpack("!i", b)[0]),
            "format": "binary",
        },
        "A",
        "65",
    ),
    ("boolean", {"encode": lambda v: v[0], "decode": {"t": "true", "f": "false"}.get}, "true", "true"),
    (
        "jsonb",
        {"encode": lambda d: json.dumps(d.fields), "decode": lambda t: Document(**json.loads(t))},
        Document(a=1),
        '{"a": 1}',
    ),
    (
        "json",
        {"encode": lambda d: d.fields, "decode": lambda v: Document(**v), "format": "value"},
        Document(a=1),
        '{"a":1}',
    ),
    ("inet", {"encode": str, "decode": ipaddress.ip_interface}, ipaddress.ip_interface("10.0.0.1/8"), "10.0.0.1/8"),
    ("mood", {"encode": lambda m: m.value, "decode": Mood}, Mood.OK, "ok"),
    ("mood", {"decode": Mood, "format": "value"}, Mood.OK, "ok"),
    ("interval", {"decode": Interval.of, "format": "value"}, Interval(0, 1, 0), "1 day"),
    ("date", {"encode": lambda v: v, "decode": str}, "2026-01-02", "2026-01-02"),
    ("bytea", {"encode": lambda v: "\\x" + v, "decode": lambda t: t.removeprefix("\\x")}, "00ff", "\\x00ff"),
    ("tsvector", {"encode": " ".join, "decode": lambda t: t.replace("'", "").split()}, ["a", "b"], "'a' 'b'"),
    ("money", {"encode": "${:.2f}".format, "decode": lambda t: float(t.strip("$"))}, 1.5, "$1.50"),
]
IDS = [f"{kind} {codec.get('format', 'text')} {index}" for index, (kind, codec, _, _) in enumerate(CODECS)]


@pytest.mark.parametrize(("kind", "codec", "value", "text"), CODECS, ids=IDS)
async def test_round_trip(pg: Any, kind: str, codec: dict[str, Any], value: Any, text: str) -> None:
    await maybe(pg.script(SCHEMA))
    literal = text.replace("'", "''")
    assert (await maybe(pg.query_one(f"SELECT '{literal}'::{kind}")))[0] is not None  # prepared without the codec
    pg.set_codec(kind, **codec)
    row = await maybe(pg.query_one(f"SELECT '{literal}'::{kind}"))
    assert row[0] == value
    assert type(row[0]) is type(value)
    assert (await maybe(pg.query_one(f"SELECT $1::{kind}::text", [value])))[0] == text
    row = await maybe(pg.query_one(f"SELECT $1::{kind}, $2::{kind}[]", [value, Array([value, None], (1,))]))
    assert tuple(row) == (value, [value, None])
    assert (await maybe(pg.query_one(f"SELECT $1::{kind}", [None])))[0] is None
    pg.set_codec(kind)
    row = await maybe(pg.query_one(f"SELECT '{literal}'::{kind}"))
    assert type(row[0]) is not type(value) or row[0] != value


async def test_dates_that_python_does_not_have(pg: Any) -> None:
    pg.set_codec("date", encode=str, decode=str)
    row = await maybe(pg.query_one("SELECT $1::date, $2::date[]", ["infinity", ["-infinity", "2026-01-02"]]))
    assert row == ("infinity", ["-infinity", "2026-01-02"])


async def test_inside_composites_ranges_and_records(pg: Any) -> None:
    await maybe(pg.script(SCHEMA))
    pg.set_codec("mood", encode=lambda m: m.value, decode=Mood)
    pg.set_codec("numeric", encode=repr, decode=float)
    value = (Mood.OK, 1.5, Range(0.5, 2.5), [Mood.SAD, None])
    row = await maybe(pg.query_one("SELECT $1::holder, ROW($2::mood, 0.25)", [value, Mood.SAD]))
    assert row[0] == value
    assert row[1] == (Mood.SAD, 0.25)
    assert (await maybe(pg.query_one("SELECT $1::nummultirange", [[Range(0.5, 1.5)]])))[0] == [Range(0.5, 1.5)]


async def test_a_text_codec_that_cannot_be_a_part_says_so(pg: Any) -> None:
    pg.set_codec("interval", encode=str, decode=str)
    assert (await maybe(pg.query_one("SELECT '1 day'::interval")))[0] == "1 day"
    with pytest.raises(NotSupportedError, match=r'text of interval cannot be used inside arrays.*format="value"'):
        await maybe(pg.query("SELECT ARRAY['1 day'::interval]"))
    with pytest.raises(NotSupportedError, match="text of interval"):
        await maybe(pg.query("SELECT $1::interval[]", [["1 day"]]))
    assert (await maybe(pg.query_one("SELECT $1::interval", [timedelta(1)])))[0] == "1 day"


@pytest.mark.parametrize("format", ["text", "binary", "value"])
async def test_an_exception_of_a_codec_comes_out_with_a_note(pg: Any, format: str) -> None:
    def fail(value: Any) -> Any:
        raise LookupError(f"not {value!r}")

    pg.set_codec("int4", encode=fail, decode=fail, format=format)
    for sql, params, which, place in (
        ("SELECT $1::int", [1], "encode", "parameter 1"),
        ("SELECT $2::text, $1::int[]", [[None, 1], "a"], "encode", "parameter 1: element [1]"),
        ("SELECT $1::int[]", [[[None, 1]]], "encode", "parameter 1: element [0][1]"),
        ("SELECT 'x' AS x, g FROM generate_series(1, 3) g", [], "decode", "column g"),
        ("SELECT ARRAY[NULL, g] AS gs FROM generate_series(1, 3) g", [], "decode", "column gs: element [1]"),
        (
            "SELECT ARRAY[ROW('x', g)] AS gs FROM generate_series(1, 3) g",
            [],
            "decode",
            "column gs: element [0]: field 2",
        ),
    ):
        with pytest.raises(LookupError) as caught:
            await maybe(pg.query(sql, params))
        assert caught.value.__notes__ == [f"raised by `{which}` of the codec for int4", f"in {place}"]
        assert (await maybe(pg.query_one("SELECT 'next'")))[0] == "next"


@pytest.mark.parametrize("raised", [StopIteration, StopAsyncIteration])
async def test_a_codec_cannot_end_a_loop(pg: Any, raised: type[Exception]) -> None:
    """Rows would be missing without a word, or a value of a list."""

    def stop(value: Any) -> Any:
        raise raised

    pg.set_codec("int4", encode=stop, decode=stop)
    await maybe(pg.script("CREATE TABLE t (n integer); INSERT INTO t VALUES (1), (2)"))
    ways = {
        "encode": (
            lambda: pg.query("SELECT $1::int", [1]),
            lambda: pg.query("SELECT $1::int[]", [[1]]),
            lambda: pg.copy_in("t", [(1,)]),
        ),
        "decode": (
            lambda: pg.query("SELECT n FROM t"),
            lambda: items(pg.stream("SELECT n FROM t", chunk=1)),
            lambda: items(pg.copy_out("t")),
        ),
    }
    for which, all_ways in ways.items():
        for way in all_ways:
            with pytest.raises(RuntimeError, match=f"^a codec raised {raised.__name__}\n") as caught:
                await maybe(way())
            assert caught.value.__notes__[0] == f"raised by `{which}` of the codec for int4"
            assert type(caught.value.__cause__) is raised
            assert (await maybe(pg.query_one("SELECT 'next'")))[0] == "next"


async def test_an_encoder_that_returns_something_else(pg: Any) -> None:
    pg.set_codec("int4", encode=lambda value: value)
    for sql, value in (("SELECT $1::int", 1), ("SELECT $1::int[]", [1])):
        with pytest.raises(DataError, match=r"parameter 1: .*`encode` of the codec for int4 returns str, not int"):
            await maybe(pg.query(sql, [value]))


async def test_nothing_cannot_come_of_a_value(pg: Any) -> None:
    pg.set_codec("int4", encode=lambda value: None, format="value")
    for sql, value in (("SELECT $1::int", 1), ("SELECT $1::int[]", [1])):
        with pytest.raises(DataError, match="`encode` of the codec for int4 returned None"):
            await maybe(pg.query(sql, [value]))


async def test_names_of_schemas(pg: Any) -> None:
    await maybe(
        pg.script("CREATE SCHEMA other; CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE other.mood AS ENUM ('ok')")
    )
    pg.set_codec("mood", decode=str.upper, schema="other")
    assert await maybe(pg.query_one("SELECT 'ok'::mood, 'ok'::other.mood")) == ("ok", "OK")
    await maybe(pg.script("DROP SCHEMA other CASCADE"))


async def test_a_codec_for_a_domain(pg: Any) -> None:
    await maybe(pg.script("CREATE DOMAIN code AS text; CREATE TYPE coded AS (c code, t text)"))
    pg.set_codec("code", encode=str.lower, decode=str.upper)
    row = await maybe(pg.query_one("SELECT $1::code, $2::coded", ["ABC", ("DEF", "Def")]))
    assert row[0] == "abc"  # the server describes the column as text
    assert row[1] == ("DEF", "Def")
    await maybe(pg.script("CREATE TABLE kept (c code, cs code[])"))
    await maybe(pg.execute("INSERT INTO kept VALUES ($1, $2)", ["ABC", ["ABC"]]))
    assert await maybe(pg.query("SELECT c, cs FROM kept")) == [("abc", ["ABC"])]
    for value, written in (("ABC", "$1::code"), ("abc", "$1")):  # which is compared as text
        assert await maybe(pg.query_one(f"SELECT count(*) FROM kept WHERE c = {written}", [value])) == (1,)


@pytest.fixture
def registered() -> Iterator[None]:
    register_codec(Codec("date", encode=str, decode=str))
    yield
    unregister_codec("date")


async def test_of_the_process_the_engine_and_the_connection(registered: None, postgresql_url: str, colour: str) -> None:
    sql = "SELECT '2026-01-02'::date, 1.5"
    connect = driver.connect_async if colour == "async" else driver.connect
    conn = await maybe(connect(postgresql_url, codecs=[Codec("numeric", decode=float)]))
    assert await maybe(conn.query_one(sql)) == ("2026-01-02", 1.5)
    conn.set_codec("date")
    assert (await maybe(conn.query_one(sql)))[0] == date(2026, 1, 2)
    await maybe(conn.close())

    engine: Any = create_engine(postgresql_url, codecs=[Codec("numeric", decode=float), Codec("date", decode=len)])
    engine = await engine if colour == "async" else engine
    async with entered(engine.connection()) as conn:
        row = await maybe(conn.query_one(sql))
        assert tuple(row) == (10, 1.5)
        assert type(row[1]) is float
        with pytest.raises(InterfaceError, match="belongs to an engine: give the codec for date to create_engine"):
            conn.set_codec("date", decode=str)
    await maybe(engine.close())


def test_what_is_no_codec(postgresql_url: str) -> None:
    with pytest.raises(InterfaceError, match=r"list of ferrow\.types\.Codec"):
        driver.connect(postgresql_url, codecs="numeric")
    with pytest.raises(InterfaceError, match="no codec is registered for the type 'nosuch'"):
        unregister_codec("nosuch")
    with pytest.raises(InterfaceError, match="takes a Codec, not str"):
        register_codec("date")  # type: ignore[arg-type]


async def test_a_codec_does_not_keep_its_connection_alive(pg: Any, postgresql_url: str) -> None:
    conn = driver.connect(postgresql_url)
    wire = weakref.ref(conn.wire)
    conn.set_codec("int4", decode=lambda text, conn=conn: text)
    conn.query("SELECT 1")
    conn.close()
    del conn
    gc.collect()
    assert wire() is None


async def test_a_schema_is_told_apart_from_the_name(pg: Any) -> None:
    with pytest.raises(InterfaceError, match=r"Codec\('mood', schema='public'\)"):
        pg.set_codec("public.mood", decode=str)
    pg.set_codec("odd.name", schema="public", decode=str)


async def test_a_codec_that_was_replaced_is_let_go_of(pg: Any) -> None:
    class Own:
        def __call__(self, text: str) -> str:
            return text

    own = Own()
    gone = weakref.ref(own)
    pg.set_codec("int4", decode=own)
    assert (await maybe(pg.query_one("SELECT 1")))[0] == "1"
    pg.set_codec("int4", decode=float)
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1.0
    del own
    gc.collect()
    assert gone() is None


async def test_the_latest_of_the_process_comes_first(postgresql_url: str, colour: str) -> None:
    """Also where it takes the place of one that came before the others."""
    codecs = [Codec("int4", decode=lambda text: f"any {text}"), Codec("int4", schema="pg_catalog", decode=float)]
    try:
        for codec, expected in [(codecs[0], "any 1"), (codecs[1], 1.0), (codecs[0], "any 1"), (codecs[1], 1.0)]:
            register_codec(codec)
            conn: Any = (
                await driver.connect_async(postgresql_url) if colour == "async" else driver.connect(postgresql_url)
            )
            assert (await maybe(conn.query_one("SELECT 1")))[0] == expected
            await maybe(conn.close())
    finally:
        for codec in codecs:
            unregister_codec("int4", codec.schema)
