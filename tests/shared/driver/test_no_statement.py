"""What is given in place of a statement and is none."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any

import pytest

from ferrow import Base, Engine, Mapped, create_engine, driver, mapped_column, select
from ferrow._core import Shape
from ferrow.errors import ProgrammingError
from ferrow.testing import no_n_plus_one
from tests.support import entered, items, maybe
from tests.support.sessions import session_of


class Thing(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


async def stream(conn: Any, sql: Any) -> None:
    async with entered(conn.stream(sql)) as rows:
        await items(rows)


async def pipeline(conn: Any, sql: Any) -> None:
    async with entered(conn.pipeline()) as pipe:
        await maybe(pipe.execute(sql))


WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "query": lambda conn, sql: conn.query(sql),
    "query_one": lambda conn, sql: conn.query_one(sql),
    "execute": lambda conn, sql: conn.execute(sql),
    "late": lambda conn, sql: conn.query(sql, timeout=60),
    "script": lambda conn, sql: conn.script(sql),
    "prepare": lambda conn, sql: conn.prepare(sql),
    "run_many": lambda conn, sql: conn.run_many(sql, [[1], [2]]),
    "cursor": lambda conn, sql: conn.cursor().execute(sql),
    "stream": stream,
    "pipeline": pipeline,
}


GIVEN: dict[str, tuple[Any, str]] = {
    "NoneType": (None, ""),
    "bytes": (b"SELECT 1", "; decode() it"),
    "int": (1, ""),
    "list": (["SELECT 1"], "; several are run one by one, or by execute_batch()"),
    "Template": (
        Template("SELECT $a"),
        "; pass its text, and values as parameters: placeholders, not strings put together, keep values apart from SQL",
    ),
}
given = pytest.mark.parametrize(("given", "said"), GIVEN.values(), ids=GIVEN)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@given
async def test_it_is_named(conn: Any, way: Any, given: Any, said: str) -> None:
    for _ in range(2):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(way(conn, given))
        assert str(caught.value) == f"a statement is a str, not {type(given).__name__}{said}"
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42
    async with entered(conn.transaction()) as tx:
        for call in (tx.query, tx.script):
            with pytest.raises(ProgrammingError, match="a statement is a str"):
                await maybe(call(given))
        assert (await maybe(tx.query_one("SELECT 42")))[0] == 42


async def scoped(engine: Any, sql: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.query(sql))


async def scoped_script(engine: Any, sql: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script(sql))


async def followed(engine: Any, sql: Any) -> None:
    async with entered(session_of(engine, "sync" if isinstance(engine, Engine) else "async")) as session:
        await maybe(session.execute_raw(sql))


async def watched(engine: Any, sql: Any) -> None:
    with no_n_plus_one():
        await maybe(engine.query(sql))


ENGINE_WAYS = {
    **{
        name: WAYS[name]
        for name in ("query", "query_one", "execute", "late", "script", "run_many", "stream", "pipeline")
    },
    "connection": scoped,
    "connection script": scoped_script,
    "session": followed,
    "watched": watched,
}


@pytest.mark.parametrize("way", ENGINE_WAYS.values(), ids=ENGINE_WAYS)
@given
async def test_an_engine_names_it_too(engine: Any, way: Any, given: Any, said: str) -> None:
    """Its look-ups by the text meet it before the driver does: what has no hash must not end in them."""
    for _ in range(2):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(way(engine, given))
        assert str(caught.value) == f"a statement is a str, not {type(given).__name__}{said}"
    async with entered(engine.transaction()):
        with pytest.raises(ProgrammingError, match="a statement is a str"):
            await maybe(engine.query(given))
        with pytest.raises(ProgrammingError, match="a statement is a str"):
            await maybe(engine.script(given))
        assert (await maybe(engine.query_one("SELECT 42")))[0] == 42


@given
async def test_and_so_does_copy(pg: Any, given: Any, said: str) -> None:
    if given is None:
        return
    for copy in (
        lambda: pg.copy_out(sql=given),
        lambda: pg.copy_out(sql=given, format="csv"),
        lambda: pg.copy_out_to(BytesIO(), sql=given),
        lambda: pg.copy_in(sql=given, source=b""),
    ):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(copy())
        assert str(caught.value) == f"a statement is a str, not {type(given).__name__}{said}"


def test_a_type_error_of_somebody_else_stays_one(url: str) -> None:
    class Unlike:
        def __init__(self, **_: Any) -> None:
            raise TypeError("mine")

    shape = Shape.instances(Unlike, ["a"], build="call", factory=Unlike)
    with create_engine(url) as engine, pytest.raises(TypeError, match="mine"):
        engine.run("SELECT 1 AS a", None, shape)


def test_other_libraries_have_statements_of_their_own(sqlite_url: str) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    with driver.connect(sqlite_url) as conn:
        for sql in (sqlalchemy.text("SELECT 1"), sqlalchemy.select(1)):
            with pytest.raises(
                ProgrammingError, match=r"what SQLAlchemy made is run by its own connections; of text\(\) pass str"
            ):
                conn.query(sql)
        assert conn.query_one(str(sqlalchemy.text("SELECT 1"))) == (1,)
        with pytest.raises(ProgrammingError, match=r"pass its read_text\(\)"):
            conn.script(Path("schema.sql"))  # type: ignore[arg-type]


class Text(str):
    """What a program may make of its texts."""


@pytest.mark.parametrize("way", [WAYS["query"], WAYS["script"], WAYS["cursor"], WAYS["stream"], WAYS["pipeline"]])
async def test_a_subclass_of_str_is_one(conn: Any, engine: Any, way: Any) -> None:
    await maybe(way(conn, Text("SELECT 1")))
    if way is not WAYS["cursor"]:
        await maybe(way(engine, Text("SELECT 1")))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_what_ferrow_made_is_run_otherwise(conn: Any, way: Any) -> None:
    with pytest.raises(ProgrammingError, match=r"not ModelSelect; what select\(\).* is run by session.execute\(\)"):
        await maybe(way(conn, select(Thing)))
