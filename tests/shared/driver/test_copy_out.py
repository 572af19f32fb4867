"""COPY TO STDOUT in both colours."""

from __future__ import annotations

import asyncio
import io
from decimal import Decimal
from typing import Any

import pytest

from ferrow._core import Row, Shape
from ferrow.errors import DatabaseError, DataError, InterfaceError, ProgrammingError, QueryTimeout
from tests.support import entered, items, maybe

ITEMS = [(1, "a", Decimal("1.50")), (2, "b", None), (3, "ü\n\t", Decimal("-2"))]


@pytest.fixture
def table(pg: Any, runner: Any) -> Any:
    async def make() -> None:
        await maybe(pg.script("CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL, price numeric)"))
        await maybe(pg.copy_in("item", ITEMS))

    runner.run(make())
    return pg


async def usable(conn: Any) -> None:
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42


async def test_rows_of_a_table(table: Any) -> None:
    assert await items(table.copy_out("item")) == ITEMS
    rows = await items(table.copy_out("item", shape=Shape.rows(), columns=["name", "id"]))
    assert all(type(row) is Row for row in rows)
    assert rows[1].to_dict() == {"name": "b", "id": 2}
    assert await items(table.copy_out("item", schema="public", shape=Shape.column(1))) == ["a", "b", "ü\n\t"]


async def test_views_and_partitioned_tables(table: Any) -> None:
    await maybe(
        table.script(
            "CREATE VIEW cheap AS SELECT id, price * 2 AS twice FROM item WHERE id < 3;"
            "CREATE TABLE part (n integer) PARTITION BY RANGE (n);"
            "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10)"
        )
    )
    assert await items(table.copy_out("cheap")) == [(1, Decimal("3.00")), (2, None)]
    assert await maybe(table.copy_in("part", [(1,), (2,)])) == 2
    assert await items(table.copy_out("part")) == [(1,), (2,)]


async def test_queries(table: Any) -> None:
    for sql in (
        "SELECT id, name FROM item WHERE id = 2",
        " SELECT id, name FROM item WHERE id = 2 ; -- one",
        "VALUES (2, 'b')",
    ):
        out = table.copy_out(sql=sql)
        if "; --" in sql:
            with pytest.raises(ProgrammingError):
                await items(out)
            continue
        assert await items(out) == [(2, "b")]
    assert await items(table.copy_out(sql="SELECT 1 AS a -- a comment")) == [(1,)]
    assert await items(table.copy_out(sql="SELECT 1 WHERE false;\n")) == []


async def test_text_and_csv_come_as_bytes(table: Any) -> None:
    text = b"".join(await items(table.copy_out("item", format="text")))
    assert text == "1\ta\t1.50\n2\tb\t\\N\n3\tü\\n\\t\t-2\n".encode()
    csv = b"".join(
        await items(table.copy_out("item", format="csv", header=True, delimiter=";", null="-", columns=["id", "price"]))
    )
    assert csv == b"id;price\n1;1.50\n2;-\n3;-2\n"
    for header, first in ((False, b""), (None, b""), (True, b"id\n")):
        data = b"".join(await items(table.copy_out("item", format="csv", header=header, columns=["id"])))
        assert data == first + b"1\n2\n3\n"


async def test_a_whole_statement(table: Any) -> None:
    pieces = await items(table.copy_out(sql="COPY item (id) TO STDOUT WITH (FORMAT csv)"))
    assert b"".join(pieces) == b"1\n2\n3\n"


async def test_to_a_file(table: Any, tmp_path: Any) -> None:
    path = tmp_path / "items"
    with path.open("w", encoding="utf-8") as file:
        assert await maybe(table.copy_out_to(file, "item", format="csv", columns=["name"])) == 3
    assert path.read_text() == 'a\nb\n"ü\n\t"\n'
    buffer = io.BytesIO()
    assert await maybe(table.copy_out_to(buffer, sql="SELECT id FROM item", format="text")) == 3
    assert buffer.getvalue() == b"1\n2\n3\n"
    with path.open("w") as file, pytest.raises(InterfaceError, match='open it with mode "wb"'):
        await maybe(table.copy_out_to(file, "item"))
    with pytest.raises(InterfaceError, match="is no open file"):
        await maybe(table.copy_out_to("items.csv", "item"))
    await usable(table)


async def test_a_file_that_fails_ends_the_copy(table: Any) -> None:
    class Full:
        def write(self, data: bytes) -> None:
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        await maybe(table.copy_out_to(Full(), sql="SELECT n FROM generate_series(1, 1000000) n"))
    await usable(table)


async def test_whoever_reads_slowly_has_little_in_memory(table: Any, colour: str) -> None:
    sql = "SELECT repeat('x', 1000) FROM generate_series(1, 20000)"
    size = largest = 0
    async with entered(table.copy_out(sql=sql, format="text")) as out:
        while pieces := await maybe(out.fetch()):
            for _ in range(20 if colour == "async" else 0):
                await asyncio.sleep(0)  # the loop may read as much as it likes meanwhile
            size += len(pieces[0])
            largest = max(largest, len(pieces[0]))
    assert size == 20_000 * 1001
    assert largest <= 512 * 1024


async def test_rowcount_and_columns(table: Any) -> None:
    async with entered(table.copy_out("item")) as out:
        assert out.rowcount == -1
        assert out.columns == ("id", "name", "price")
        assert await maybe(out.fetch()) == ITEMS
        assert await maybe(out.fetch()) == []
        assert out.rowcount == 3


async def test_fetch_gives_as_many_as_were_asked_for(pg: Any) -> None:
    async with entered(pg.copy_out(sql="SELECT generate_series(1, 100)", shape=Shape.column(0))) as out:
        assert await maybe(out.fetch(1)) == [1]
        assert await maybe(out.fetch(3)) == [2, 3, 4]
        assert await items(out) == [*range(5, 101)]
        assert await maybe(out.fetch(1)) == []


@pytest.mark.parametrize("colour", ["async"])
async def test_who_waits_for_a_copy_that_waits_for_him_is_told_what_it_is(table: Any) -> None:
    """A task of its own, as gather makes it, might wait for the end: that the reader waits for it can nobody see."""
    async with table.copy_out("item") as out:
        with pytest.raises(QueryTimeout, match="a COPY of another task or thread under way") as raised:
            await asyncio.gather(table.query("SELECT 1", timeout=0.05))
        assert not raised.value.sent
        assert await out.fetch() == ITEMS
    await usable(table)


@pytest.mark.parametrize("inside", [False, True])
async def test_left_early(table: Any, inside: bool) -> None:
    sql = "SELECT n, repeat('x', 100) FROM generate_series(1, 300000) n"
    tx = await maybe(table.begin()) if inside else None
    async with entered(table.copy_out(sql=sql)) as out:
        assert (await maybe(out.fetch()))[0][0] == 1
        with pytest.raises(InterfaceError, match="a COPY is under way on this connection"):
            await maybe(table.query("SELECT 1"))
        with pytest.raises(InterfaceError, match="a COPY is under way on this connection"):
            await maybe(table.copy_in("item", [(7, "x", None)]))
    await usable(table)
    with pytest.raises(InterfaceError, match="the COPY is closed"):
        await maybe(out.fetch())
    if tx is not None:
        await maybe(tx.execute("INSERT INTO item VALUES (4, 'd', NULL)"))  # the transaction has not suffered
        await maybe(tx.commit())
        assert len(await items(table.copy_out("item"))) == 4


async def test_errors_of_the_server(table: Any) -> None:
    with pytest.raises(DataError, match="division by zero"):
        await items(table.copy_out(sql="SELECT 1 / (50000 - n) FROM generate_series(1, 100000) n"))
    with pytest.raises(ProgrammingError, match="does not exist"):
        await items(table.copy_out("nothing"))
    with pytest.raises(DatabaseError):
        await items(table.copy_out(sql="DELETE FROM item", format="text"))
    with pytest.raises(DatabaseError):
        await items(table.copy_out(sql="SELECT $1::int"))
    await usable(table)


async def test_a_value_that_does_not_decode(table: Any) -> None:
    with pytest.raises(DataError, match="infinite date"):
        await items(
            table.copy_out(
                sql="SELECT CASE n WHEN 60000 THEN 'infinity' ELSE 'today' END::date FROM generate_series(1, 200000) n"
            )
        )
    await usable(table)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((), {}, "exactly one of them"),
        (("item",), {"sql": "SELECT 1"}, "exactly one of them"),
        ((), {"sql": "SELECT 1", "columns": ["a"]}, "the statement itself says columns"),
        ((), {"sql": "COPY item TO STDOUT", "format": "csv"}, "says format and options itself"),
        ((), {"sql": "COPY item FROM STDIN"}, "is no COPY ... TO STDOUT"),
        (("item",), {"format": "csv", "shape": Shape.rows()}, "a shape is for rows"),
        (("item",), {"header": True}, "header goes with format 'text' or 'csv'"),
        (("",), {}, "the name of a table is empty"),
    ],
)
def test_bad_arguments(table: Any, arguments: tuple[Any, ...], options: dict[str, Any], words: str) -> None:
    with pytest.raises((InterfaceError, ProgrammingError), match=words):
        table.copy_out(*arguments, **options)


async def test_many_rows_inside_a_transaction(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        total = 0
        async with entered(tx.copy_out(sql="SELECT n FROM generate_series(1, 200000) n")) as out:
            while rows := await maybe(out.fetch()):
                total += sum(row[0] for row in rows)
        assert total == 200_000 * 200_001 // 2
        await usable(tx)


class Pipe(io.RawIOBase):
    """Takes seven bytes at a time."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:7])
        return min(7, len(data))


class Stuffed(Pipe):
    """Takes some, and then would have its writer wait."""

    def write(self, data: Any) -> int | None:  # type: ignore[override]
        return None if len(self.taken) > 30 else super().write(data)


class Awaited:
    """Takes all, once it is awaited."""

    def __init__(self) -> None:
        self.taken = bytearray()

    async def write(self, data: bytes) -> None:
        self.taken += data


@pytest.mark.parametrize("format", ["text", "csv", "binary"])
@pytest.mark.parametrize("kind", [Pipe, Awaited])
async def test_a_file_without_a_buffer_or_to_be_awaited_gets_all_of_it(table: Any, kind: Any, format: str) -> None:
    sql = "SELECT n, repeat('x', 1000) FROM generate_series(1, 1000) n"
    file, whole = kind(), io.BytesIO()
    assert await maybe(table.copy_out_to(whole, sql=sql, format=format)) == 1000
    assert await maybe(table.copy_out_to(file, sql=sql, format=format)) == 1000
    assert file.taken == whole.getvalue()
    await usable(table)


async def test_a_file_that_would_have_its_writer_wait(table: Any) -> None:
    sql = "SELECT n, repeat('x', 100) FROM generate_series(1, 100) n"
    with pytest.raises(BlockingIOError, match="takes no more for now"):
        await maybe(table.copy_out_to(Stuffed(), sql=sql, format="csv"))
    await usable(table)


class CutOff:
    """A source that ends before its data do."""

    def __init__(self, source: Any) -> None:
        self.source = source

    async def read(self) -> bytes | None:
        data = await self.source.read()
        return data if data is None else data.removesuffix(b"\xff\xff")  # what says that no row follows

    async def close(self) -> None:
        await self.source.close()


async def test_data_that_end_too_early_are_no_whole_table(table: Any) -> None:
    rows = table.copy_out("item")
    async with entered(rows):
        core = getattr(rows, "_core", rows)
        core._source = CutOff(core._source)
        with pytest.raises(DataError, match="the data of the COPY ended in the middle, after 3 rows"):
            while await maybe(rows.fetch()):
                pass
    await usable(table)


@pytest.mark.only(colour="async")
async def test_who_reads_while_another_task_ends_the_transaction_is_told(table: Any, colour: str) -> None:
    """Nothing would ever come for him."""
    tx = await table.begin()
    rows = tx.copy_out(sql="SELECT 1 FROM pg_sleep(60)", format="csv")
    reading = asyncio.ensure_future(rows.fetch())
    await asyncio.sleep(0.1)
    await tx.rollback()
    async with asyncio.timeout(20):
        with pytest.raises(InterfaceError, match="the COPY has ended: the transaction around it was rolled back"):
            await reading
    await usable(table)
