"""Columns of SQLite read and written the user's own way, by their declared types."""

from __future__ import annotations

import gc
import ipaddress
import json
import weakref
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from ferrow import driver
from ferrow.driver import Kinds, Shape
from ferrow.errors import InterfaceError
from ferrow.types import Codec, Interval, register_codec, unregister_codec
from tests.support import entered, items, maybe


class Mood(Enum):
    SAD = "sad"
    OK = "ok"


class Found:
    id: int
    m: Any


def money(text: str) -> str:
    return f"${text}"


# declared type, name of the codec, codec, value in Python, what is stored, and as what
CODECS: list[tuple[str, str, dict[str, Any], Any, Any, str]] = [
    ("numeric", "numeric", {"encode": repr, "decode": float}, 1.5, 1.5, "real"),
    ("NUMERIC(10, 2)", "numeric", {"encode": repr, "decode": float}, 0.1 + 0.2, 0.1 + 0.2, "real"),
    (
        "numeric",
        "Numeric",
        {"encode": lambda v: Decimal(repr(v)), "decode": float, "format": "value"},
        2.0,
        2,
        "integer",
    ),
    ("double  precision", "double precision", {"encode": str, "decode": Decimal}, Decimal("1.5"), 1.5, "real"),
    ("integer", "INTEGER", {"encode": lambda v: v.removeprefix("#"), "decode": "#{}".format}, "#7", 7, "integer"),
    ("int", "int", {"encode": ord, "decode": chr, "format": "value"}, "A", 65, "integer"),
    (
        "boolean",
        "boolean",
        {"encode": lambda v: v == "yes", "decode": {True: "yes"}.get, "format": "value"},
        "yes",
        1,
        "integer",
    ),
    ("mood", "mood", {"encode": lambda m: m.value, "decode": Mood}, Mood.OK, "ok", "text"),
    ("MOOD", "mood", {"encode": lambda m: m.value, "decode": Mood, "format": "value"}, Mood.OK, "ok", "text"),
    (
        "inet",
        "inet",
        {"encode": str, "decode": ipaddress.ip_interface},
        ipaddress.ip_interface("10.0.0.1/8"),
        "10.0.0.1/8",
        "text",
    ),
    (
        "json",
        "json",
        {"encode": lambda v: {"v": v}, "decode": lambda v: v["v"], "format": "value"},
        2,
        '{"v":2}',
        "text",
    ),
    ("jsonb", "jsonb", {"encode": json.dumps, "decode": json.loads}, ["a", 1], '["a", 1]', "text"),
    ("date", "date", {"encode": str, "decode": str}, "infinity", "infinity", "text"),
    (
        "date",
        "date",
        {"encode": date.fromisoformat, "decode": str, "format": "value"},
        "2026-01-02",
        "2026-01-02",
        "text",
    ),
    ("interval", "interval", {"encode": str, "decode": Interval.of, "format": "text"}, None, None, "null"),
    (
        "uuid",
        "uuid",
        {"encode": lambda u: u.bytes, "decode": lambda b: UUID(bytes=b), "format": "binary"},
        UUID(int=5),
        UUID(int=5).bytes,
        "blob",
    ),
    ("uuid", "uuid", {"encode": lambda u: u.hex, "decode": UUID}, UUID(int=0xA), f"{0xA:032x}", "text"),
    ("point", "point", {"encode": bytes, "decode": tuple, "format": "binary"}, (1, 2), b"\1\2", "blob"),
    ("varchar(20)", "varchar", {"encode": str.lower, "decode": str.upper}, "007 ABC", "007 abc", "text"),
    ("code_text", "code_text", {"encode": lambda v: v[1:], "decode": money}, "$007", "007", "text"),
    ("timestamp  with time  zone", "timestamp with time zone", {"encode": str, "decode": str}, "late", "late", "text"),
]
IDS = [f"{declared} {codec.get('format', 'text')} {at}" for at, (declared, _, codec, *_) in enumerate(CODECS)]


@pytest.mark.parametrize(("declared", "name", "codec", "value", "stored", "storage"), CODECS, ids=IDS)
async def test_round_trip(
    lite: Any, declared: str, name: str, codec: dict[str, Any], value: Any, stored: Any, storage: str
) -> None:
    await maybe(lite.script(f"CREATE TABLE t (id integer PRIMARY KEY, x {declared}, other)"))
    insert, select = "INSERT INTO t (x, other) VALUES (?, 1)", "SELECT x FROM t ORDER BY rowid"
    await maybe(lite.execute(insert, [None]))
    assert await maybe(lite.query(select)) == [(None,)]  # both are prepared without the codec
    lite.set_codec(name, **codec)
    await maybe(lite.execute(insert, [value]))
    (nothing,), (found,) = await maybe(lite.query(select))
    assert nothing is None
    assert (found, type(found)) == (value, type(value))
    kept = await maybe(lite.query_one("SELECT +x, typeof(x) FROM t WHERE id = 2"))
    assert tuple(kept) == (stored, storage)
    assert await maybe(lite.query_one("SELECT DISTINCT other FROM t")) == (1,)
    lite.set_codec(name)
    assert await maybe(lite.query("SELECT +x FROM t WHERE id = 2")) == [(stored,)]


TABLE = "CREATE TABLE t (id integer PRIMARY KEY, m mood, n mood, plain)"
WRITTEN = [
    ("INSERT INTO t (m) VALUES (?)", [Mood.OK]),
    ("INSERT INTO t (plain, m) VALUES (NULL, :m) RETURNING id", {"m": Mood.OK}),
    ("REPLACE INTO main.t AS u VALUES (1, ?, NULL, NULL)", [Mood.OK]),
    ("WITH a AS (SELECT 1, (SELECT 2)) INSERT OR IGNORE INTO t (m) VALUES (?)", [Mood.OK]),
    ("INSERT INTO t (m, plain) SELECT ?, 5 WHERE true", [Mood.OK]),
    ("INSERT INTO t (m) WITH a AS (SELECT 1) SELECT DISTINCT ? AS m FROM a", [Mood.OK]),
    ("INSERT INTO t (m) SELECT ?1 UNION ALL SELECT ?1", [Mood.OK]),
    ("INSERT INTO t (id, m) VALUES (1, ?1) ON CONFLICT DO UPDATE SET m = ?1", [Mood.OK]),
    ("UPDATE t SET m = ?, n = m WHERE id = ?", [Mood.OK, 1]),
    ("UPDATE OR FAIL t SET (n, m) = (NULL, ?)", [Mood.OK]),
    ("UPDATE t SET plain = lower('A'), (m) = (?), plain = 3 RETURNING m", [Mood.OK]),
    ("UPDATE t SET m = @m, n = @m", {"m": Mood.OK}),
]


@pytest.mark.parametrize(("sql", "params"), WRITTEN)
async def test_a_parameter_that_goes_straight_into_the_column(lite: Any, sql: str, params: Any) -> None:
    await maybe(lite.script(f"{TABLE}; INSERT INTO t VALUES (1, 'SAD', NULL, NULL)"))
    lite.set_codec("mood", encode=lambda m: m.name, decode=Mood.__getitem__)
    await maybe(lite.query(sql, params))
    found = await maybe(lite.query("SELECT m, +m FROM t"))
    assert (Mood.OK, "OK") in [tuple(row) for row in found]


async def test_elsewhere_a_parameter_is_what_it_is(lite: Any) -> None:
    await maybe(lite.script(TABLE))
    lite.set_codec("mood", encode=str.upper, decode=str.lower)
    await maybe(lite.execute("INSERT INTO t (m, plain) VALUES (?, ?)", ["ok", "ok"]))
    await maybe(lite.execute("INSERT INTO t (m) VALUES (trim(?))", ["sad"]))
    assert await maybe(lite.query("SELECT m, +m, plain FROM t ORDER BY id")) == [
        ("ok", "OK", "ok"),
        ("sad", "sad", None),
    ]
    assert await maybe(lite.query("SELECT id FROM t WHERE m = +?", ["ok"])) == []
    assert await maybe(lite.query("SELECT id FROM t WHERE m = +?", ["OK"])) == [(1,)]
    assert await maybe(lite.query("SELECT id FROM t WHERE m = ?", ["ok"])) == [(1,)]  # here it is not elsewhere


async def test_every_shape(lite: Any) -> None:
    await maybe(lite.script(TABLE))
    lite.set_codec("mood", encode=lambda m: m.value, decode=Mood)
    await maybe(lite.run_many("INSERT INTO t (m) VALUES (?)", [[Mood.OK], [None], [Mood.SAD]], Shape.tuples()))
    expected = [Mood.OK, None, Mood.SAD]
    sql = "SELECT id, m FROM t ORDER BY id"
    assert [row["m"] for row in await maybe(lite.query(sql))] == expected
    assert (await maybe(lite.run(sql, [], Shape.tuples()))).rows == list(enumerate(expected, 1))
    assert [row["m"] for row in (await maybe(lite.run(sql, [], Shape.dicts()))).rows] == expected
    assert (await maybe(lite.run(sql, [], Shape.column(1)))).rows == expected
    instances = Shape.instances(Found, ["id", "m"], build="dict")
    assert [found.m for found in (await maybe(lite.run(sql, [], instances))).rows] == expected
    declared = Shape.tuples(kinds=Kinds(["any", "text"]))  # what is asked for comes before codecs
    assert [row[1] for row in (await maybe(lite.run(sql, [], declared))).rows] == ["ok", None, "sad"]
    assert [row["m"] for row in await items(lite.stream(sql, chunk=1))] == expected
    async with entered(lite.cursor()) as cursor:
        await maybe(cursor.execute(sql))
        assert [row[1] for row in await maybe(cursor.fetchall())] == expected
    returned = await maybe(lite.query("UPDATE t SET m = ? RETURNING m", [Mood.OK]))
    assert returned == [(Mood.OK,)] * 3
    await maybe(lite.execute("CREATE VIEW v AS SELECT m AS shown, m || '' AS made FROM t"))
    assert await maybe(lite.query_one("SELECT * FROM v LIMIT 1")) == (Mood.OK, "ok")


async def test_a_stream_goes_on_as_it_began(lite: Any) -> None:
    await maybe(lite.script(f"{TABLE}; INSERT INTO t (m) VALUES ('ok'), ('sad')"))
    sql = "SELECT m FROM t ORDER BY id"
    async with entered(lite.transaction()) as tx, entered(tx.stream(sql, chunk=1)) as rows:
        assert await maybe(rows.fetch()) == [("ok",)]
        lite.set_codec("mood", decode=str.upper)
        assert await maybe(rows.fetch()) == [("sad",)]
    assert await maybe(lite.query(sql)) == [("OK",), ("SAD",)]


@pytest.mark.parametrize("format", ["text", "binary", "value"])
async def test_an_exception_comes_out_with_a_note(lite: Any, format: str) -> None:
    def fail(value: Any) -> Any:
        raise LookupError(f"not {value!r}")

    await maybe(lite.script(f"{TABLE}; INSERT INTO t (m) VALUES (NULL), ('ok'), ('sad')"))
    lite.set_codec("mood", encode=fail, decode=fail, format=format)
    writing = ("INSERT INTO t (m) VALUES (?)", "UPDATE t SET m = ?")
    for sql, params, which, place in (
        *((sql, ["x"], "encode", "parameter 1") for sql in writing),
        ("SELECT id, m, plain FROM t", [], "decode", "column m"),
        ("SELECT m FROM t WHERE id = 2", [], "decode", "column m"),
    ):
        with pytest.raises(LookupError) as caught:
            await maybe(lite.query(sql, params))
        assert caught.value.__notes__ == [f"raised by `{which}` of the codec for mood", f"in {place}"]
        assert (await maybe(lite.query_one("SELECT count(*) FROM t")))[0] == 3
    with pytest.raises(LookupError, match="'x'"):
        await maybe(lite.run_many(writing[0], [[None], ["x"]]))
    with pytest.raises(LookupError):
        await items(lite.stream("SELECT m FROM t", chunk=1))
    assert (await maybe(lite.query_one("SELECT count(*) FROM t")))[0] == 3
    async with entered(lite.transaction()):
        await maybe(lite.execute("INSERT INTO t (plain) VALUES (1)"))
        with pytest.raises(LookupError):
            await maybe(lite.query("SELECT m FROM t"))
    assert (await maybe(lite.query_one("SELECT count(*) FROM t")))[0] == 4


async def test_a_table_that_has_become_another(lite: Any, sqlite_url: str) -> None:
    insert = "INSERT INTO t (m) VALUES (?)"
    await maybe(lite.script(TABLE))
    lite.set_codec("mood", encode=str.upper, decode=str.lower)
    await maybe(lite.execute(insert, ["ok"]))
    changed = "DROP TABLE t; CREATE TABLE t (m text)"
    await maybe(lite.script(changed))
    await maybe(lite.execute(insert, ["ok"]))
    assert await maybe(lite.query("SELECT m FROM t")) == [("ok",)]
    with driver.connect(sqlite_url) as other:  # another connection of the same file
        for declared, stored, read in (("mood", "OK", "ok"), ("text", "ok", "ok")):
            other.script(f"DROP TABLE t; CREATE TABLE t (m {declared})")
            await maybe(lite.run_many(insert, [["ok"], ["ok"]]))
            assert await maybe(lite.query("SELECT m, +m FROM t")) == [(read, stored)] * 2
            other.script(f"DROP TABLE t; CREATE TABLE t (m {declared})")
            await maybe(lite.execute(insert, ["ok"]))
            assert await maybe(lite.query("SELECT m, +m FROM t")) == [(read, stored)]


async def test_a_codec_takes_itself_back(lite: Any) -> None:
    await maybe(lite.script(f"{TABLE}; INSERT INTO t (m) VALUES ('ok'), ('ok')"))
    lite.set_codec("mood", decode=lambda text: lite.set_codec("mood"))
    assert await maybe(lite.query("SELECT m FROM t")) == [(None,), (None,)]
    assert await maybe(lite.query("SELECT m FROM t")) == [("ok",), ("ok",)]


def test_a_codec_that_asks_its_connection() -> None:
    with driver.connect("sqlite::memory:") as conn:
        conn.script(f"{TABLE}; INSERT INTO t (m) VALUES ('ok')")
        conn.set_codec("mood", decode=lambda text: conn.query("SELECT 1"))
        with pytest.raises(InterfaceError, match="from inside one of its own results"):
            conn.query("SELECT m FROM t")
        assert conn.query("SELECT +m FROM t") == [("ok",)]


def test_a_codec_does_not_keep_its_connection_alive() -> None:
    class Held:
        pass

    conn = driver.connect("sqlite::memory:")
    held = Held()
    known = weakref.ref(held)
    conn.set_codec("mood", decode=lambda text, conn=conn, held=held: text)
    conn.query("SELECT 1")
    conn.set_codec("other", decode=lambda text, conn=conn, held=held: text)
    del conn, held
    gc.collect()
    assert known() is None


async def test_those_of_the_process_for_a_schema_are_not_for_declared_types(sqlite_url: str, colour: str) -> None:
    """Types of the same name on PostgreSQL are what they are for."""
    register_codec(Codec("mood", schema="public", encode=str.upper, decode=str.upper))
    try:
        conn: Any = await driver.connect_async(sqlite_url) if colour == "async" else driver.connect(sqlite_url)
        await maybe(conn.script("CREATE TABLE moods (m mood)"))
        await maybe(conn.execute("INSERT INTO moods VALUES (?)", ["ok"]))
        assert tuple(await maybe(conn.query_one("SELECT m, typeof(m) || m FROM moods"))) == ("ok", "textok")
        await maybe(conn.close())
    finally:
        unregister_codec("mood", "public")
