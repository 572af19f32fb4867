"""COPY FROM STDIN that fails: by a row, its producer, the server, Ctrl-C. Nothing is stored, and the connection goes on."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import (
    DataError,
    InterfaceError,
    NotNullViolation,
    NotSupportedError,
    ProgrammingError,
    QueryCancelled,
    UniqueViolation,
)
from tests.support import entered, maybe
from tests.support.copied_in import Broken, stored, table, usable

__all__ = ["table"]


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((), {}, "the name of a table, or sql="),
        (("item",), {}, "nothing to copy into 'item'"),
        (("item", 5), {}, "int is nothing to copy from"),
        (("", []), {}, "the name of a table is empty"),
        (("a\0", []), {}, "NUL"),
        (("a\ud800", []), {}, r"^the name of a table holds a lone surrogate, which UTF-8 cannot write: 'a\\ud800'$"),
        (("item", []), {"columns": ["\udfff"]}, "the name of a column holds a lone surrogate"),
        (("t" * 64, []), {}, "64 bytes long"),
        ((5, []), {}, "must be a str, not int"),
        (("item", []), {"columns": "id"}, r"write \['id'\]"),
        (("item", []), {"columns": []}, "leave the argument out"),
        (("item", []), {"columns": ["id", "id"]}, "'id' was named twice"),
        (("item", []), {"schema": ""}, "the name of a schema is empty"),
        (("item", []), {"format": "xml"}, "unknown format 'xml': it is one of binary, text, csv"),
        (("item", []), {"delimiter": ";"}, "delimiter goes with format 'text' or 'csv'"),
        (("item", ""), {"format": "csv", "delimiter": ";;"}, "delimiter must be one ASCII character"),
        (("item", ""), {"format": "csv", "delimiter": "ü"}, "delimiter must be one ASCII character"),
        (("item", ""), {"format": "csv", "null": "a\nb"}, "null must be a str without line ends"),
        (("item", ""), {"format": "csv", "null": "a\0b"}, "NUL"),
        (("item", ""), {"format": "text", "quote": "'"}, "quote goes with format 'csv'"),
        (("item", ""), {"format": "csv", "header": "match"}, "header is True or False, not 'match'; HEADER MATCH goes"),
        (
            (),
            {"sql": "COPY item FROM STDIN (FORMAT csv, ENCODING 'latin1')", "source": "1,é,"},
            "says ENCODING 'latin1', and str goes as UTF-8",
        ),
        (
            (),
            {"sql": "copy item from stdin with csv encoding 'WIN1252'", "source": ["1,", "é,"]},
            "says ENCODING 'WIN1252', and str goes as UTF-8",
        ),
        (("item", []), {"source": ""}, "source= goes with sql="),
        ((), {"sql": "COPY item FROM STDIN"}, "the data to copy are source="),
        (("item", ""), {"sql": "COPY item FROM STDIN"}, "the statement itself says table"),
        ((), {"sql": "COPY item FROM STDIN", "source": "", "format": "csv"}, "the statement itself says table"),
        ((), {"sql": "DELETE FROM item", "source": ""}, "is no COPY ... FROM STDIN"),
        ((), {"sql": "COPY item TO STDOUT", "source": ""}, "is no COPY ... FROM STDIN"),
    ],
)
async def test_bad_arguments_are_refused_before_anything_is_sent(
    table: Any, arguments: tuple[Any, ...], options: dict[str, Any], words: str
) -> None:
    with pytest.raises((InterfaceError, ProgrammingError), match=words):
        await maybe(table.copy_in(*arguments, **options))
    await usable(table)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((1, 2), r"row 17 has 2 values, the COPY has 3 columns: id, name, price"),
        ((1, "a", 1, 2), r"row 17 has 4 values"),
        ((1, "a", "much"), r"row 17, column 3 \(price\): .*'much'"),
        (("x", "a", 1), r"row 17, column 1 \(id\): integer takes int, not str 'x'"),
        ((2**31, "a", 1), r"row 17, column 1 \(id\): 2147483648 is out of range"),
        ({"id": 1, "name": "a"}, r"row 17, column 3 \(price\): the dict has no value for it"),
        (
            {"id": 1, "name": "a", "price": 1, "colour": "red"},
            r"row 17 has keys that are no columns of this COPY: colour",
        ),
        (object(), r"row 17, column 1 \(id\): the object has no value for it"),
        ("text", r"row 17 is str; a row is a tuple, a list, a dict or an object with attributes"),
        (None, r"row 17 is NoneType"),
    ],
)
@pytest.mark.parametrize("before", [16, 20_000])
async def test_a_row_that_does_not_fit_is_named(table: Any, row: Any, words: str, before: int) -> None:
    rows = [(n, "x" * 20, Decimal(1)) for n in range(before)]
    with pytest.raises(DataError, match=words.replace("17", str(before + 1))) as caught:
        await maybe(table.copy_in("item", [*rows, row]))
    if "column" in words and "columns" not in words:
        assert (caught.value.row, caught.value.column) == (before + 1, words.split("(")[1].split("\\")[0])
    assert await stored(table) == []
    await usable(table)


@pytest.mark.parametrize("after", [0, 1, 50_000])
async def test_an_exception_of_the_producer_undoes_the_copy(table: Any, colour: str, after: int) -> None:
    def produce() -> Iterator[Any]:
        for n in range(after):
            yield n, "x" * 20, None
        raise Broken("the source\0 is dry")

    async def produce_later() -> AsyncIterator[Any]:
        for row in produce():
            yield row

    for source in [produce, produce_later] if colour == "async" else [produce]:
        with pytest.raises(Broken):
            await maybe(table.copy_in("item", source()))
        assert await stored(table) == []
    async with entered(table.transaction()):
        with pytest.raises(Broken):
            async with entered(table.transaction()):
                await maybe(table.copy_in("item", produce()))
        await maybe(table.execute("INSERT INTO item VALUES (1, 'kept')"))
    assert len(await stored(table)) == 1


class Mute(Exception):
    def __str__(self) -> str:
        raise Broken


@pytest.mark.parametrize("error", [Broken("\ud800"), Mute()], ids=["no UTF-8", "no text"])
async def test_whatever_the_text_of_its_exception_is_like_the_copy_ends(
    table: Any, colour: str, error: Exception
) -> None:
    def produce() -> Iterator[Any]:
        for n in range(5_000):
            yield n, "x" * 20, None
        raise error

    async def produce_later() -> AsyncIterator[Any]:
        for row in produce():
            yield row

    for source in [produce, produce_later] if colour == "async" else [produce]:
        with pytest.raises(type(error)) as caught:
            await maybe(table.copy_in("item", source()))
        assert caught.value is error
        assert await stored(table) == []
    await usable(table)


async def test_what_the_server_refuses(table: Any) -> None:
    with pytest.raises(UniqueViolation, match="duplicate key"):
        await maybe(table.copy_in("item", [(1, "a", None), (1, "b", None)]))
    with pytest.raises(NotNullViolation):
        await maybe(table.copy_in("item", [(1, None, None)]))
    with pytest.raises(DataError, match="invalid input syntax"):
        await maybe(table.copy_in("item", "x\ty\tz\n", format="text"))
    with pytest.raises(ProgrammingError, match="does not exist"):
        await maybe(table.copy_in("nothing", [(1,)]))
    with pytest.raises(ProgrammingError, match="does not exist"):
        await maybe(table.copy_in("item", [(1,)], columns=["colour"]))
    assert await stored(table) == []
    await usable(table)


async def test_a_server_that_has_had_enough_early_stops_the_producer(table: Any) -> None:
    produced = 0

    def produce() -> Iterator[str]:
        nonlocal produced
        while produced < 100_000:
            produced += 1
            yield "x\ty\tz\n" * 1000  # 600 MB in all

    with pytest.raises(DataError, match="invalid input syntax"):
        await maybe(table.copy_in("item", produce(), format="text"))
    assert produced < 100_000
    await usable(table)


async def test_the_producer_must_not_use_the_connection(table: Any, colour: str) -> None:
    def produce() -> Iterator[Any]:
        for n in range(5_000):
            if n == 4_999:
                table.query("SELECT 1")
            yield n, "x" * 100, None

    async def produce_later() -> AsyncIterator[Any]:
        for n in range(5_000):
            if n == 4_999:
                await table.query("SELECT 1")
            yield n, "x" * 100, None

    with pytest.raises(InterfaceError, match="a COPY is under way on this connection"):
        await maybe(table.copy_in("item", produce_later() if colour == "async" else produce()))
    assert await stored(table) == []


async def test_a_type_without_a_binary_form(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('sad', 'fine'); CREATE TABLE t (id integer, mood mood)"))
    assert await maybe(pg.copy_in("t", "1\tsad\n", format="text")) == 1
    assert await maybe(pg.copy_in("t", [(2,)], columns=["id"])) == 1


async def test_sqlite_names_the_way_out(sqlite_url: str, colour: str) -> None:
    from ferrow import driver

    conn: Any = await driver.connect_async(sqlite_url) if colour == "async" else driver.connect(sqlite_url)
    with pytest.raises(NotSupportedError, match=r"run_many\(\).*stream\(\)"):
        await maybe(conn.copy_in("t", []))
    with pytest.raises(NotSupportedError, match=r"run_many\(\).*stream\(\)"):
        conn.copy_out("t")
    with pytest.raises(NotSupportedError, match=r"run_many\(\)"):
        await maybe(conn.copy_out_to(io.BytesIO(), "t"))
    await maybe(conn.close())


async def test_cancelled_by_the_server(table: Any, postgresql_url: str) -> None:
    def produce() -> Iterator[Any]:
        yield 1, "a", None
        other.execute(f"SELECT pg_cancel_backend({pid})")
        for n in range(2, 200_000):
            yield n, "x" * 100, None

    from ferrow import driver

    pid = (await maybe(table.query_one("SELECT pg_backend_pid()")))[0]
    with driver.connect(postgresql_url) as other:
        with pytest.raises(QueryCancelled):
            await maybe(table.copy_in("item", chained(produce())))
    assert await stored(table) == []


def chained(rows: Iterator[Any]) -> Iterator[Any]:
    """The COPY begins before the second row is made: what comes first fills a piece."""
    first = next(rows)
    yield first[0], "x" * 70_000, None
    yield from rows


@pytest.mark.parametrize("colour", ["sync"])
async def test_ctrl_c_in_the_producer(table: Any) -> None:
    def produce() -> Iterator[Any]:
        for n in range(5_000):
            yield n, "x" * 100, None
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        table.copy_in("item", produce())
    assert await stored(table) == []
    with pytest.raises(KeyboardInterrupt):
        for n, _ in enumerate(table.copy_out(sql="SELECT n FROM generate_series(1, 500000) n")):
            if n == 1_000:
                raise KeyboardInterrupt
    await usable(table)
