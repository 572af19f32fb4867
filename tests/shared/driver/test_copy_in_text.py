"""COPY FROM STDIN of text and CSV: their options, files of both kinds, and statements of one's own."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ferrow.errors import DataError, ProgrammingError
from tests.support import items, maybe
from tests.support.copied_in import ITEMS, stored, table, usable

__all__ = ["table"]


async def test_text_and_csv(table: Any) -> None:
    assert await maybe(table.copy_in("item", "1\ta\t1.50\n2\tb\t\\N\n", format="text")) == 2
    chunks = [b"3,c,", "-2\n4,", b'"d ""\xc3', b'\xbc""",\n']
    assert await maybe(table.copy_in("item", chunks, format="csv")) == 2
    data = "id;name;price\n5;'e;e';-\n"
    options = {"delimiter": ";", "header": True, "null": "-", "quote": "'"}
    assert await maybe(table.copy_in("item", io.StringIO(data), format="csv", **options)) == 1
    data = b"6\tf\n"
    assert (
        await maybe(table.copy_in("item", io.BytesIO(data), format="text", columns=["id", "name"], header=False)) == 1
    )
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


async def test_text_that_utf8_cannot_write(table: Any) -> None:
    with pytest.raises(DataError, match=r"'\\udcff' at index 2 of a piece of the text, .*; pass bytes"):
        await maybe(table.copy_in("item", ["1\ta\t1\n", "2\t\udcff\t1\n"], format="text"))
    await usable(table)


async def test_a_view_with_gaps(table: Any) -> None:
    assert await maybe(table.copy_in("item", memoryview(b"1-\t-a-\t-1-\n-")[::2], format="text")) == 1
    assert [row[:2] for row in await stored(table)] == [(1, "a")]


async def test_a_file_that_does_not_wait(table: Any) -> None:
    """None is what Python's files give when there is nothing yet; it is not the end."""

    class File:
        pieces = iter([b"1\ta\t1\n", None, b"2\tb\t1\n", b""])

        def read(self, size: int) -> bytes | None:
            return next(self.pieces)

    with pytest.raises(DataError, match=r"read\(\) of the File gave None: .* open it in blocking mode"):
        await maybe(table.copy_in("item", File(), format="text"))
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


@pytest.mark.parametrize("encoding", ["'utf8'", "'UTF-8'", "unicode", "'Unicode'", "E'UTF8'", '"utf_8"'])
async def test_text_goes_with_utf8_by_any_of_its_names(table: Any, encoding: str) -> None:
    sql = f"COPY item (id, name) FROM STDIN WITH (FORMAT csv, ENCODING {encoding})"
    assert await maybe(table.copy_in(sql=sql, source="1,ü\n")) == 1
    assert (await maybe(table.query_one("SELECT name FROM item")))[0] == "ü"
