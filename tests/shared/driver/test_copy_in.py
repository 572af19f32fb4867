"""COPY FROM STDIN in both colours."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

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
from tests.support import entered, items, maybe

ITEMS = [(1, "a", Decimal("1.50")), (2, "b", None), (3, "c\n\t\\\x01", Decimal("-2"))]


class Item(NamedTuple):
    id: int
    name: str
    price: Decimal | None


@dataclass
class Plain:
    id: int
    name: str
    price: Decimal | None


class Slotted:
    __slots__ = ("id", "name", "price")

    def __init__(self, id: int, name: str, price: Decimal | None) -> None:
        self.id, self.name, self.price = id, name, price


def keyed(id: int, name: str, price: Decimal | None) -> dict[str, Any]:
    return {"price": price, "id": id, "name": name}


@pytest.fixture
def table(pg: Any, runner: Any) -> Any:
    runner.run(maybe(pg.script("CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL, price numeric)")))
    return pg


async def stored(conn: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await maybe(conn.query("SELECT id, name, price FROM item ORDER BY id"))]


async def usable(conn: Any) -> None:
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42


async def later(rows: list[Any]) -> AsyncIterator[Any]:
    for row in rows:
        yield row


def pydantic_model() -> Any:
    pydantic = pytest.importorskip("pydantic")
    return pydantic.create_model("Model", id=(int, ...), name=(str, ...), price=(Decimal | None, ...))


@pytest.mark.parametrize("kind", ["tuple", "list", "named", "dict", "dataclass", "slots", "pydantic"])
async def test_rows_of_every_kind(table: Any, kind: str) -> None:
    make: Any = {
        "tuple": lambda *row: row,
        "list": lambda *row: list(row),
        "named": Item,
        "dict": keyed,
        "dataclass": Plain,
        "slots": Slotted,
    }.get(kind)
    if make is None:
        model = pydantic_model()
        make = lambda id, name, price: model(id=id, name=name, price=price)  # noqa: E731
    rows = [make(*row) for row in ITEMS]
    assert await maybe(table.copy_in("item", rows)) == 3
    assert await stored(table) == ITEMS


async def test_kinds_of_rows_may_be_mixed(table: Any) -> None:
    rows = [Item(*ITEMS[0]), keyed(*ITEMS[1]), Plain(*ITEMS[2])]
    assert await maybe(table.copy_in("item", rows)) == 3
    assert await stored(table) == ITEMS


async def test_rows_of_a_query_are_rows_of_a_copy(table: Any) -> None:
    rows = await maybe(table.query("SELECT 1, 'a', 1.50 UNION ALL SELECT 2, 'b', NULL"))
    assert await maybe(table.copy_in("item", rows)) == 2
    assert await stored(table) == ITEMS[:2]


async def test_iterables_of_both_kinds(table: Any, colour: str) -> None:
    assert await maybe(table.copy_in("item", iter(ITEMS[:1]))) == 1
    assert await maybe(table.copy_in("item", (row for row in ITEMS[1:2]))) == 1
    if colour == "async":
        assert await table.copy_in("item", later(ITEMS[2:])) == 1
        assert await stored(table) == ITEMS
        assert await table.copy_in("item", later([])) == 0
    else:
        with pytest.raises(InterfaceError, match="cannot be read without an event loop: use AsyncConnection"):
            table.copy_in("item", later(ITEMS[2:]))
    assert await maybe(table.copy_in("item", [])) == 0
    await usable(table)


async def test_many_rows(table: Any) -> None:
    rows = ((n, "x" * (n % 50), None) for n in range(100_000))
    assert await maybe(table.copy_in("item", rows)) == 100_000
    found = await maybe(table.query_one("SELECT count(*), sum(id), sum(length(name)) FROM item"))
    assert tuple(found) == (100_000, sum(range(100_000)), sum(n % 50 for n in range(100_000)))


async def test_a_value_larger_than_every_buffer(table: Any) -> None:
    large = "x" * 5_000_000
    assert await maybe(table.copy_in("item", [(1, large, None), (2, "y", None)])) == 2
    assert (await maybe(table.query_one("SELECT length(name) FROM item WHERE id = 1")))[0] == 5_000_000


async def test_columns_can_be_named(table: Any) -> None:
    assert await maybe(table.copy_in("item", [("a", 1)], columns=["name", "id"])) == 1
    assert await maybe(table.copy_in("item", [{"name": "b", "id": 2}])) == 1  # the keys are the columns
    assert await maybe(table.copy_in("item", [Plain(3, "c", Decimal(1))], columns=("id", "name"))) == 1
    assert await stored(table) == [(1, "a", None), (2, "b", None), (3, "c", None)]


async def test_a_generated_column_is_not_filled(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE g (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED, c integer)"))
    await maybe(pg.script("ALTER TABLE g ADD d integer; ALTER TABLE g DROP COLUMN c"))
    assert await maybe(pg.copy_in("g", [(1, 10), (2, 20)])) == 2
    assert [tuple(row) for row in await maybe(pg.query("SELECT * FROM g ORDER BY a"))] == [(1, 2, 10), (2, 4, 20)]


async def test_names_are_quoted(pg: Any) -> None:
    await maybe(
        pg.script('CREATE SCHEMA "My.Schema"; CREATE TABLE "My.Schema"."a""; DROP TABLE x" ("select" int, "Ü" text)')
    )
    name, schema = 'a"; DROP TABLE x', "My.Schema"
    assert await maybe(pg.copy_in(name, [(1, "x")], schema=schema)) == 1
    assert await maybe(pg.copy_in(name, [("y", 2)], schema=schema, columns=["Ü", "select"])) == 1
    assert await maybe(pg.copy_in(name, "3\tz\n", schema=schema, format="text")) == 1
    assert len(await items(pg.copy_out(name, schema=schema))) == 3


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((), {}, "the name of a table, or sql="),
        (("item",), {}, "nothing to copy into 'item'"),
        (("item", 5), {}, "int is nothing to copy from"),
        (("", []), {}, "the name of a table is empty"),
        (("a\0", []), {}, "NUL"),
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


class Broken(Exception):
    pass


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


async def test_text_and_csv(table: Any) -> None:
    assert await maybe(table.copy_in("item", "1\ta\t1.50\n2\tb\t\\N\n", format="text")) == 2
    chunks = [b"3,c,", "-2\n4,", b'"d ""\xc3', b'\xbc""",\n']
    assert await maybe(table.copy_in("item", chunks, format="csv")) == 2
    data = "id;name;price\n5;'e;e';-\n"
    options = {"delimiter": ";", "header": True, "null": "-", "quote": "'"}
    assert await maybe(table.copy_in("item", io.StringIO(data), format="csv", **options)) == 1
    assert await maybe(table.copy_in("item", io.BytesIO(b"6\tf\n"), format="text", columns=["id", "name"])) == 1
    assert [row[:2] for row in await stored(table)] == [
        (1, "a"), (2, "b"), (3, "c"), (4, 'd "ü"'), (5, "e;e"), (6, "f"),
    ]  # fmt: skip


@pytest.mark.parametrize("null", ["'", "\\", "\\'", "''--", "E'x"])
async def test_options_are_quoted(table: Any, null: str) -> None:
    data = f"1,a,{null}\n"
    assert await maybe(table.copy_in("item", data, format="csv", null=null, quote="|")) == 1
    assert await stored(table) == [(1, "a", None)]
    out = b"".join(await items(table.copy_out("item", format="csv", null=null, quote="|")))
    assert out.decode() == data


async def test_rows_where_text_is_due_and_the_other_way_round(table: Any) -> None:
    with pytest.raises(DataError, match='takes pieces of bytes or str, not tuple; rows go with format="binary"'):
        await maybe(table.copy_in("item", ITEMS, format="csv"))
    await usable(table)


async def test_files(table: Any, tmp_path: Any) -> None:
    path = tmp_path / "items.csv"
    path.write_text("".join(f"{n},näme,\n" for n in range(30_000)))
    with path.open("rb") as binary:
        assert await maybe(table.copy_in("item", binary, format="csv")) == 30_000
    await maybe(table.execute("DELETE FROM item"))
    with path.open() as text:
        assert await maybe(table.copy_in("item", text, format="csv")) == 30_000
    dump = tmp_path / "items.bin"
    with dump.open("wb") as out:
        assert await maybe(table.copy_out_to(out, "item")) == 30_000
    await maybe(table.execute("DELETE FROM item"))
    with dump.open("rb") as back:
        assert await maybe(table.copy_in("item", back)) == 30_000
    await maybe(table.execute("DELETE FROM item"))
    assert await maybe(table.copy_in("item", dump.read_bytes())) == 30_000
    await maybe(table.execute("DELETE FROM item"))
    assert await maybe(table.copy_in("item", iter([dump.read_bytes()]))) == 30_000


async def test_a_file_whose_read_is_a_coroutine(pg: Any, colour: str) -> None:
    class File:
        data = b"1\n2\n"

        async def read(self, size: int) -> bytes:
            piece, self.data = self.data[:3], self.data[3:]
            return piece

    if colour == "async":
        await pg.script("CREATE TABLE t (n integer)")
        assert await pg.copy_in("t", File(), format="text") == 2


async def test_a_whole_statement(table: Any) -> None:
    sql = "/* all */ -- of it\n copy item (id, name) from STDIN (format csv)"
    assert await maybe(table.copy_in(sql=sql, source="1,a\n")) == 1
    with pytest.raises(ProgrammingError, match="cannot insert multiple commands"):
        await maybe(table.copy_in(sql="COPY item FROM STDIN; DELETE FROM item", source=""))
    with pytest.raises(ProgrammingError):
        await maybe(table.copy_in(sql="COPY item FROM stdin WITH (nonsense)", source=""))
    assert len(await stored(table)) == 1


async def test_inside_a_transaction(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        assert await maybe(tx.copy_in("item", ITEMS[:1])) == 1
        async with entered(tx.transaction()):
            assert await maybe(table.copy_in("item", ITEMS[1:])) == 2
        assert await stored(tx) == ITEMS
    with pytest.raises(Broken):
        async with entered(table.transaction()) as tx:
            await maybe(tx.copy_in("item", [(9, "z", None)]))
            raise Broken
    assert await stored(table) == ITEMS


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
