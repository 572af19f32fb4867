"""The rest: interrupts, extensions, counters, limits, and what is compiled in."""

from __future__ import annotations

import array
import asyncio
import shutil
import sqlite3
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver.sqlite_functions import LIMITS
from ferrow.errors import DataError, ProgrammingError, QueryCancelled
from tests.support import maybe

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT started() UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


async def value(conn: Any, sql: str, params: Any = None) -> Any:
    return (await maybe(conn.query_one(sql, params)))[0]


async def test_interrupting_what_runs_from_another_thread(lite: Any) -> None:
    started = threading.Event()
    await maybe(lite.sqlite.create_function("started", lambda: (started.set(), 1)[1]))
    thread = threading.Thread(target=lambda: (started.wait(), lite.sqlite.interrupt()))
    thread.start()
    with pytest.raises(QueryCancelled):
        await maybe(lite.query(ENDLESS))
    thread.join()
    assert await value(lite, "SELECT 1") == 1


@pytest.mark.only(colour="async")
async def test_interrupting_from_another_task(lite: Any, colour: str) -> None:
    started = asyncio.Event()
    loop = asyncio.get_running_loop()
    await lite.sqlite.create_function("started", lambda: (loop.call_soon_threadsafe(started.set), 1)[1])
    task = asyncio.create_task(lite.query(ENDLESS))
    await started.wait()
    lite.sqlite.interrupt()
    with pytest.raises(QueryCancelled):
        await task


async def test_interrupting_nothing_is_nothing(lite: Any) -> None:
    lite.sqlite.interrupt()
    assert await value(lite, "SELECT 1") == 1


async def test_counters(lite: Any) -> None:
    assert await maybe(lite.sqlite.last_insert_rowid()) == 0
    await maybe(lite.script("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); DELETE FROM t WHERE a = 1"))
    assert await maybe(lite.sqlite.last_insert_rowid()) == 2
    assert await maybe(lite.sqlite.total_changes()) == 3


async def test_limits(lite: Any) -> None:
    before = await maybe(lite.sqlite.limit("variable_number", 2))
    assert before > 1000
    assert await maybe(lite.sqlite.limit("variable_number")) == 2
    with pytest.raises(ProgrammingError, match="variable"):
        await maybe(lite.query("SELECT ?, ?, ?", [1, 2, 3]))
    with pytest.raises(ProgrammingError, match="Did you mean 'variable_number'"):
        await maybe(lite.sqlite.limit("variables_number"))
    with pytest.raises(ProgrammingError, match="negative"):
        await maybe(lite.sqlite.limit("length", -5))


def test_every_limit_has_the_number_that_it_has_in_sqlite() -> None:
    theirs = {name: number for name, number in vars(sqlite3).items() if name.startswith("SQLITE_LIMIT_")}
    assert {f"SQLITE_LIMIT_{name.upper()}": number for name, number in LIMITS.items()} == theirs


@pytest.fixture(scope="session")
def extension(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A library made without SQLite's headers, where functions stand at fixed places of `sqlite3_api_routines`."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    place = tmp_path_factory.mktemp("extension")
    source = place / "nothing.c"
    source.write_text(
        "int sqlite3_nothing_init(void *db, char **message, const void *api) { return 0; }\n"
        "int refuse(void *db, char **message, const void *api) { return 1; }\n"
        "static void **routines;\n"
        "static void answer(void *context, int count, void **values) { ((void (*)(void *, int))routines[82])(context, 42); }\n"
        "int answers(void *db, char **message, void **api) {\n"
        "  int (*create_function)(void *, const char *, int, int, void *, void *, void *, void *) = api[45];\n"
        "  routines = api;\n"
        '  return create_function(db, "answer", 0, 1, 0, answer, 0, 0);\n'
        "}\n"
    )
    library = place / "nothing.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return str(library)


async def test_extensions_are_off(lite: Any, extension: str) -> None:
    with pytest.raises(ProgrammingError, match="allow_extensions=True"):
        await maybe(lite.sqlite.load_extension(extension))
    with pytest.raises(ProgrammingError, match="not authorized"):
        await value(lite, "SELECT load_extension(?)", [extension])


async def test_extensions_can_be_allowed(sqlite_url: str, extension: str, tmp_path: Path) -> None:
    async with await driver.connect_async(sqlite_url, allow_extensions=True) as conn:
        await conn.sqlite.load_extension(extension)
        await conn.sqlite.load_extension(Path(extension), "sqlite3_nothing_init")
        with pytest.raises(ProgrammingError, match=r"nothing\.so.* cannot be loaded: error during initialization"):
            await conn.sqlite.load_extension(extension, "refuse")
        with pytest.raises(ProgrammingError, match=r"missing\.so.* cannot be loaded"):
            await conn.sqlite.load_extension(tmp_path / "missing.so")
        await conn.sqlite.load_extension(extension, "answers")
        assert await conn.query_one("SELECT answer()") == (42,)
        # SQL cannot, not even now.
        with pytest.raises(ProgrammingError, match="not authorized"):
            await conn.query("SELECT load_extension(?)", [extension])


async def test_one_that_is_not_loaded_is_named_with_what_to_do(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.so").write_text("no library")
    monkeypatch.chdir(tmp_path)
    missing = rf'there is no file "{tmp_path}/none{{}}", nor with .so behind it; give the path of the library'
    here = "bad.so: cannot open shared object file: No such file or directory; a name without a directory is looked for"
    async with await driver.connect_async(sqlite_url, allow_extensions=True) as conn:
        for path, said in (
            (f"{tmp_path}/none.so", missing.format(".so")),
            ("none", missing.format("")),
            ("./bad.so", "cannot be loaded: ./bad.so: file too short; it has to be a library"),
            (f"{tmp_path}/bad", f"cannot be loaded: {tmp_path}/bad.so: file too short; it has to be a library"),
            ("bad.so", here),
            ("bad", here),
            ("x" * 10_000, "cannot be loaded"),
        ):
            with pytest.raises(ProgrammingError) as caught:
                await conn.sqlite.load_extension(path)
            assert said in str(caught.value)
            assert ".so.so" not in str(caught.value)


def test_what_an_extension_adds(sqlite_url: str, extension: str) -> None:
    with driver.connect(sqlite_url, allow_extensions=True) as conn:
        conn.sqlite.load_extension(extension, "answers")
        assert conn.query_one("SELECT answer()") == (42,)


@pytest.mark.parametrize("buffer", [b"ab", bytearray(b"ab"), memoryview(b"ab"), memoryview(b"xaxbx")[1::2]])
async def test_blobs_from_anything_with_bytes(lite: Any, buffer: Any) -> None:
    found = await value(lite, "SELECT ?", [buffer])
    assert (found, type(found)) == (b"ab", bytes)


async def test_blobs_from_arrays(lite: Any) -> None:
    numbers = array.array("d", [1.5, -2.0])
    assert await value(lite, "SELECT ?", [numbers]) == numbers.tobytes()
    assert await value(lite, "SELECT typeof(?)", [array.array("B", b"ab")]) == "blob"


async def test_full_text_search(lite: Any) -> None:
    await maybe(lite.script("CREATE VIRTUAL TABLE docs USING fts5(title, body, tokenize = 'porter unicode61')"))
    await maybe(
        lite.run_many(
            "INSERT INTO docs VALUES (?, ?)",
            [("Rust", "systems programming"), ("Python", "programs that are easy to read"), ("Größe", "umlauts fold")],
            driver.Shape.tuples(),
        )
    )
    found = await maybe(
        lite.query(
            "SELECT title, highlight(docs, 1, '<', '>') FROM docs WHERE docs MATCH ? ORDER BY title", ["program"]
        )
    )
    assert [tuple(row) for row in found] == [
        ("Python", "<programs> that are easy to read"),
        ("Rust", "systems <programming>"),
    ]
    assert await value(lite, "SELECT title FROM docs WHERE docs MATCH ?", ["grosse OR große OR grös*"]) == "Größe"
    with pytest.raises(ProgrammingError, match="unterminated string"):
        await maybe(lite.query("SELECT * FROM docs WHERE docs MATCH ?", ['"']))


async def test_json(lite: Any) -> None:
    data = {"name": "Ada", "tags": ["a", "b"], "nested": {"n": 1}}
    assert await value(lite, "SELECT ? ->> '$.nested.n'", [data]) == 1
    assert await value(lite, "SELECT json_extract(?, '$.tags[#-1]')", [data]) == "b"
    found = await maybe(lite.query("SELECT value FROM json_each(?, '$.tags')", [data]))
    assert [row[0] for row in found] == ["a", "b"]
    assert await value(lite, "SELECT json(jsonb_set(jsonb(?), '$.name', 'Bob')) ->> 'name'", [data]) == "Bob"


async def test_mathematics(lite: Any) -> None:
    found = await maybe(lite.query_one("SELECT sqrt(?), round(ln(exp(1)), 9), trunc(-1.5), 7 % 3", [2.25]))
    assert tuple(found) == (1.5, 1.0, -1.0, 1)


async def test_boxes(lite: Any) -> None:
    await maybe(lite.script("CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1)"))
    await maybe(lite.script("INSERT INTO boxes VALUES (1, 0, 1, 0, 1), (2, 5, 6, 5, 6)"))
    found = await maybe(lite.query("SELECT id FROM boxes WHERE x1 >= ? AND x0 <= ?", [4, 7]))
    assert [row[0] for row in found] == [2]


async def test_a_zone_in_a_column_without_one_names_the_type_that_has(lite: Any) -> None:
    await maybe(lite.execute("CREATE TABLE events (at DATETIME)"))
    await maybe(lite.script("INSERT INTO events VALUES ('2024-05-01 12:00:00+00:00')"))
    with pytest.raises(DataError, match="declare a column for times with a zone as TIMESTAMPTZ"):
        await maybe(lite.query("SELECT at FROM events"))
    with pytest.raises(DataError, match=r"timezone=True \(in SQL: TIMESTAMPTZ\)"):
        await maybe(lite.execute("INSERT INTO events VALUES (?)", [datetime(2024, 5, 1, 12, tzinfo=UTC)]))
