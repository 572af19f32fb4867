"""What a codec of SQLite's declared types cannot do: said before a value is lost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError, InterfaceError, NotSupportedError
from ferrow.types import Codec
from tests.support import maybe

TABLE = "CREATE TABLE t (id integer PRIMARY KEY, m mood, n mood, plain)"


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("INSERT INTO t (m, plain) VALUES (?1, ?1)", ["ok"]),
        ("INSERT INTO t (plain, m) VALUES (:m, :m)", {"m": "ok"}),
        ("UPDATE t SET m = :m WHERE plain = :m", {"m": "ok"}),
        ("UPDATE t SET m = :m, plain = lower(:m)", {"m": "ok"}),
    ],
)
async def test_what_also_goes_elsewhere_is_refused(lite: Any, sql: str, params: Any) -> None:
    await maybe(lite.script(TABLE))
    lite.set_codec("mood", encode=str.upper, decode=str.lower)
    with pytest.raises(
        DataError, match=r"the codec for mood writes it to its column, but it is used elsewhere.*two parameters"
    ):
        await maybe(lite.execute(sql, params))
    assert await maybe(lite.query("SELECT * FROM t")) == []


@pytest.mark.parametrize(
    ("format", "made", "words"),
    [
        ("text", b"x", "`encode` of the codec for mood returns str, not bytes"),
        ("binary", "x", "`encode` of the codec for mood returns bytes, not str"),
        ("value", None, "`encode` of the codec for mood returned None"),
        ("value", object(), "a value of type builtins.object cannot be stored|of type object cannot be stored"),
    ],
    ids=["text", "binary", "none", "object"],
)
async def test_what_encode_may_not_return(lite: Any, format: str, made: Any, words: str) -> None:
    await maybe(lite.script(TABLE))
    lite.set_codec("mood", encode=lambda value: made, format=format)
    with pytest.raises(DataError, match=f"parameter 1: .*({words})"):
        await maybe(lite.execute("INSERT INTO t (m) VALUES (?)", ["ok"]))


async def test_what_a_codec_cannot_read(lite: Any) -> None:
    await maybe(
        lite.script("CREATE TABLE t (b, x point); INSERT INTO t VALUES (1, 5), (2, x'00'), (3, CAST(x'ff' AS TEXT))")
    )
    sql = "SELECT x FROM t WHERE b = ?"
    lite.set_codec("point", decode=len, format="binary")
    with pytest.raises(
        DataError, match=r'column x: the INTEGER value 5 has no bytes for the codec for point.*format="text"'
    ):
        await maybe(lite.query(sql, [1]))
    assert await maybe(lite.query_one(sql, [3])) == (1,)
    lite.set_codec("point", decode=len)
    assert await maybe(lite.query_one(sql, [1])) == (1,)
    with pytest.raises(
        DataError, match=r'column x: the BLOB value .* has no text for the codec for point.*format="binary"'
    ):
        await maybe(lite.query(sql, [2]))
    with pytest.raises(DataError, match=r"column x: the text .* is not UTF-8"):
        await maybe(lite.query(sql, [3]))


KEPT = ["7", "-1", "1.5", "abc", "", "1e", "0x10", "9" * 18, "0.1", "inf", "nan", "1_000"]
CHANGED = [
    "007",
    "1.0",
    "1e5",
    "1.50",
    "+7",
    " 7",
    "7\n",
    "9" * 19,
    "0.12345678901234567",
    ".5",
    "5.",
    "1e400",
    "-0",
    "1e-5",
]


@pytest.mark.parametrize("format", ["text", "value"])
async def test_texts_that_sqlite_would_make_numbers_of(lite: Any, format: str) -> None:
    await maybe(lite.script("CREATE TABLE t (x code, y code_text)"))
    for name in ("code", "code_text"):
        lite.set_codec(name, encode=str, decode=str, format=format)
    for text in KEPT:
        await maybe(lite.execute("INSERT INTO t VALUES (?, ?)", [text, text]))
    assert await maybe(lite.query("SELECT * FROM t")) == [(text, text) for text in KEPT]
    for text in CHANGED:
        with pytest.raises(
            DataError, match=r"SQLite would make the number .* in a column declared code: declare it as code_TEXT"
        ):
            await maybe(lite.execute("INSERT INTO t (x) VALUES (?)", [text]))
        await maybe(lite.execute("INSERT INTO t (y) VALUES (?)", [text]))
        assert (await maybe(lite.query("SELECT y FROM t")))[-1] == (text,)


@pytest.mark.parametrize("format", ["text", "value"])
async def test_digits_that_sqlite_would_lose(lite: Any, format: str) -> None:
    await maybe(lite.script("CREATE TABLE t (x numeric)"))
    lite.set_codec("numeric", encode=str if format == "text" else Decimal, decode=str, format=format)
    for value in ("1.50", "0.1", "-7", "1e5"):
        await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))
        assert Decimal((await maybe(lite.query("SELECT x FROM t")))[-1][0]) == Decimal(value)
    for value in ("0.12345678901234567890", "12345678901234567890123", "1e400"):
        with pytest.raises(DataError, match=r"DECIMAL_TEXT|numeric_TEXT"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))


async def test_bytea_is_no_type_of_texts(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (x bytea)"))
    lite.set_codec("bytea", encode=str, decode=str)
    with pytest.raises(DataError, match=r"the number 7\.0 of the text"):
        await maybe(lite.execute("INSERT INTO t VALUES (?)", ["007"]))


async def test_a_value_codec_is_held_to_its_column(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (d date, ts timestamp)"))
    for name in ("date", "timestamp"):
        lite.set_codec(name, encode=lambda v: v, decode=lambda v: v, format="value")
    with pytest.raises(DataError, match=r"use its \.date\(\)"):
        await maybe(lite.execute("INSERT INTO t (d) VALUES (?)", [datetime(2026, 1, 2)]))
    with pytest.raises(DataError, match="expected timestamp"):
        await maybe(lite.execute("INSERT INTO t (ts) VALUES (?)", ["2026-01-02"]))
    await maybe(lite.execute("INSERT INTO t VALUES (?, ?)", [date(2026, 1, 2), datetime(2026, 1, 2)]))
    assert await maybe(lite.query_one("SELECT * FROM t")) == (date(2026, 1, 2), datetime(2026, 1, 2))


@pytest.mark.parametrize(
    ("codec", "error", "words"),
    [
        (
            Codec("int4", decode=str, format="binary"),
            NotSupportedError,
            'codec for int4 .*SQLite has numbers.*format="text"',
        ),
        (
            Codec("timestamptz", decode=str, format="binary"),
            NotSupportedError,
            "SQLite has text, not PostgreSQL's binary form",
        ),
        (Codec("mood", decode=str, schema="app"), NotSupportedError, r"codec for app\.mood .*leave `schema` out"),
        (Codec("numeric(10, 2)", decode=str), InterfaceError, 'without its arguments: "numeric"'),
    ],
    ids=["numbers", "texts", "schema", "arguments"],
)
async def test_codecs_that_cannot_work(
    lite: Any, sqlite_url: str, colour: str, codec: Codec, error: type, words: str
) -> None:
    with pytest.raises(error, match=words):
        lite.set_codec(codec.type_name, decode=codec.decode, format=codec.format, schema=codec.schema)
    with pytest.raises(error, match=words):
        await maybe((driver.connect_async if colour == "async" else driver.connect)(sqlite_url, codecs=[codec]))


def test_a_closed_connection() -> None:
    conn = driver.connect("sqlite::memory:")
    conn.close()
    with pytest.raises(InterfaceError, match="closed"):
        conn.set_codec("mood", decode=str)
