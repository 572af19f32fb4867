"""One value of one row, read and written in place."""

from __future__ import annotations

import array
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow import driver
from ferrow.errors import InterfaceError, OperationalError, ProgrammingError
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.deadlines import eventually


@pytest.fixture
def table(lite: Any, runner: Runner) -> Any:
    async def prepare() -> None:
        await maybe(lite.script('CREATE TABLE t (b BLOB, "odd ""name" BLOB); CREATE TEMP TABLE u (b BLOB)'))
        await maybe(lite.execute("INSERT INTO t VALUES (?, zeroblob(3))", [bytes(range(100))]))

    runner.run(prepare())
    return lite


async def stored(conn: Any) -> bytes:
    return (await maybe(conn.query_one("SELECT b FROM t")))[0]


async def open_(conn: Any, **options: Any) -> Any:
    return await maybe(conn.sqlite.open_blob("t", "b", 1, **options))


async def test_reading(table: Any) -> None:
    async with entered(await open_(table)) as blob:
        assert len(blob) == 100
        assert await maybe(blob.read(3)) == b"\0\1\2"
        assert blob.tell() == 3
        assert blob.seek(-2, io.SEEK_END) == 98
        assert await maybe(blob.read()) == b"bc"
        assert await maybe(blob.read(5)) == b""
        assert blob.seek(10) == 10
        assert blob.seek(5, io.SEEK_CUR) == 15
        assert await maybe(blob.read(1)) == b"\x0f"
        assert blob.seek(1000) == 1000
        assert await maybe(blob.read()) == b""
        assert "100 bytes" in repr(blob)
    assert blob.closed
    assert "closed" in repr(blob)


async def test_reading_into_buffers(table: Any) -> None:
    async with entered(await open_(table)) as blob:
        buffer = bytearray(4)
        assert await maybe(blob.readinto(buffer)) == 4
        assert buffer == b"\0\1\2\3"
        numbers = array.array("I", [0])
        assert await maybe(blob.readinto(memoryview(numbers))) == 4
        assert numbers.tobytes() == b"\4\5\6\7"
        blob.seek(98)
        assert await maybe(blob.readinto(buffer)) == 2
        assert buffer == b"bc\2\3"


async def test_writing_is_committed_when_it_is_closed(table: Any, sqlite_url: str) -> None:
    async with entered(await open_(table, readonly=False)) as blob:
        for data in (b"one", bytearray(b"two"), memoryview(b"xthreex")[1:6], array.array("B", [255]), b""):
            assert await maybe(blob.write(data)) == len(data)
        blob.seek(50)
        await maybe(blob.write(array.array("H", [1])))
        blob.seek(0)
        assert await maybe(blob.read(4)) == b"onet"
    assert (await stored(table))[:13] == b"onetwothree\xff\x0c"
    with driver.connect(sqlite_url) as other:
        assert other.query_one("SELECT b FROM t")[0] == await stored(table)


async def test_writing_inside_a_transaction_goes_with_it(table: Any) -> None:
    tx = await maybe(table.begin())
    async with entered(await open_(table, readonly=False)) as blob:
        await maybe(blob.write(b"gone"))
    assert (await stored(table))[:4] == b"gone"
    await maybe(tx.rollback())
    assert (await stored(table))[:4] == b"\0\1\2\3"


async def test_a_commit_waits_for_the_blob_to_be_closed(table: Any) -> None:
    await maybe(table.script("BEGIN"))
    blob = await open_(table, readonly=False)
    with pytest.raises(OperationalError, match="close the blob that is open for writing first"):
        await maybe(table.script("COMMIT"))
    await maybe(blob.close())
    await maybe(table.script("COMMIT"))


async def test_a_blob_cannot_grow(table: Any) -> None:
    async with entered(await open_(table, readonly=False)) as blob:
        blob.seek(98)
        with pytest.raises(
            ProgrammingError, match=r"3 bytes at 98 do not fit into a blob of 100 bytes.* zeroblob\(n\)"
        ):
            await maybe(blob.write(b"abc"))
        assert blob.tell() == 98
        blob.seek(2**40)
        with pytest.raises(ProgrammingError, match="do not fit"):
            await maybe(blob.write(b"a"))


async def test_a_reader_does_not_write(table: Any) -> None:
    async with entered(await open_(table)) as blob:
        with pytest.raises(ProgrammingError, match="open it with readonly=False"):
            await maybe(blob.write(b"a"))
    with pytest.raises(TypeError):
        await maybe((await open_(table, readonly=False)).write("text"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nope", "b", 1), "no such table: main.nope"),
        (("t", "nope", 1), "no such column"),
        (("t", "b", 99), "no such rowid: 99"),
        (("t", "b", 1, "attached"), "attached"),
        (("t; DROP TABLE t", "b", 1), "no such table"),
        (("t\0", "b", 1), "zero byte"),
    ],
)
async def test_what_is_not_there_is_named(table: Any, arguments: Any, words: str) -> None:
    table_, column, rowid, *schema = arguments
    with pytest.raises(ProgrammingError, match=words):
        await maybe(table.sqlite.open_blob(table_, column, rowid, schema=schema[0] if schema else "main"))
    assert len(await stored(table)) == 100


async def test_odd_names_schemas_and_values(table: Any) -> None:
    assert len(await maybe(table.sqlite.open_blob("t", 'odd "name', 1))) == 3
    await maybe(table.execute("INSERT INTO u VALUES ('text')"))
    assert await maybe((await maybe(table.sqlite.open_blob("u", "b", 1, schema="temp"))).read()) == b"text"
    await maybe(table.execute("INSERT INTO u VALUES (NULL)"))
    with pytest.raises(ProgrammingError, match="cannot open value of type null"):
        await maybe(table.sqlite.open_blob("u", "b", 2, schema="temp"))


async def test_it_ends_when_its_row_changes(table: Any) -> None:
    blob = await open_(table)
    await maybe(table.execute("UPDATE t SET b = 'other'"))
    with pytest.raises(OperationalError, match="the row was changed or removed"):
        await maybe(blob.read())
    await maybe(blob.close())
    await maybe(blob.close())
    with pytest.raises(InterfaceError, match="the blob is closed"):
        await maybe(blob.read())
    with pytest.raises(InterfaceError, match="the blob is closed"):
        blob.seek(0)


async def test_it_ends_with_its_connection(table: Any) -> None:
    blob = await open_(table, readonly=False)
    await maybe(blob.write(b"last"))
    await maybe(table.close())
    assert blob.closed
    with pytest.raises(InterfaceError, match="closed"):
        await maybe(blob.read())
    await maybe(blob.close())


async def test_a_forgotten_one_lets_the_lock_go(table: Any, sqlite_url: str, colour: str) -> None:
    import gc

    blob = await open_(table, readonly=False)
    await maybe(blob.write(b"kept"))
    with driver.connect(sqlite_url, busy_timeout=0) as other:
        with pytest.raises(OperationalError, match="locked"):
            other.execute("DELETE FROM t")
        del blob
        gc.collect()
        # On a loop it is closed by the connection's thread.
        await eventually(colour, lambda: other.query_one("SELECT b FROM t")[0][:4] == b"kept")
        other.execute("DELETE FROM t")


@pytest.mark.parametrize("wrong", [(-1, 0), (-101, 2), (0, 3)])
async def test_places_that_do_not_exist(table: Any, wrong: tuple[int, int]) -> None:
    async with entered(await open_(table)) as blob:
        with pytest.raises(ProgrammingError):
            blob.seek(*wrong)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("seek"), st.integers(0, 40)),
        st.tuples(st.just("read"), st.integers(-1, 40)),
        st.tuples(st.just("write"), st.binary(max_size=8)),
    ),
    max_size=12,
)


@given(start=st.binary(min_size=1, max_size=32), steps=STEPS)
def test_it_is_a_file_of_fixed_length(start: bytes, steps: list[tuple[str, Any]]) -> None:
    with driver.connect("sqlite::memory:") as conn:
        conn.execute("CREATE TABLE t (b)")
        conn.execute("INSERT INTO t VALUES (?)", [start])
        expected = io.BytesIO(start)
        with conn.sqlite.open_blob("t", "b", 1, readonly=False) as blob:
            for step, argument in steps:
                if step == "write" and expected.tell() + len(argument) > len(start):
                    with pytest.raises(ProgrammingError, match="do not fit"):
                        blob.write(argument)
                else:
                    assert getattr(blob, step)(argument) == getattr(expected, step)(argument)
                assert blob.tell() == expected.tell()
        assert conn.query_one("SELECT b FROM t")[0] == expected.getvalue()
