"""Codecs of the process, of an engine and of a connection, on both databases; and models over what they read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ferrow import Base, ForeignKey, Index, Mapped, UniqueConstraint, create_engine, driver, mapped_column
from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.types import Codec, register_codec, unregister_codec
from tests.support import entered, maybe

TABLE = "CREATE TABLE homes (d date, n numeric)"
FILL = "INSERT INTO homes VALUES ('2026-01-02', 1.5)"
SELECT = "SELECT d, n FROM homes"


@pytest.fixture
def registered() -> Iterator[None]:
    register_codec(Codec("date", encode=str, decode=lambda text: text[:4]))
    yield
    unregister_codec("date")


async def _connect(url: str, colour: str, **options: Any) -> Any:
    connect = driver.connect_async if colour == "async" else driver.connect
    return await maybe(connect(url, **options))


async def _engine(url: str, colour: str, **options: Any) -> Any:
    engine: Any = create_engine(url, **options)
    return await engine if colour == "async" else engine


async def test_the_nearer_one_wins(registered: None, url: str, colour: str) -> None:
    conn = await _connect(url, colour, codecs=[Codec("numeric", decode=float)])
    await maybe(conn.script(f"{TABLE}; {FILL}"))
    row = await maybe(conn.query_one(SELECT))
    assert (tuple(row), type(row[1])) == (("2026", 1.5), float)
    conn.set_codec("numeric", decode=len)
    assert await maybe(conn.query_one(SELECT)) == ("2026", 3)
    conn.set_codec("date")
    conn.set_codec("numeric")
    assert await maybe(conn.query_one(SELECT)) == (date(2026, 1, 2), Decimal("1.5"))
    await maybe(conn.close())

    engine = await _engine(url, colour, codecs=[Codec("numeric", decode=float), Codec("date", decode=len)])
    for _ in range(2):
        async with entered(engine.connection()) as lent:
            row = await maybe(lent.query_one(SELECT))
            assert (tuple(row), type(row[1])) == ((10, 1.5), float)
            with pytest.raises(InterfaceError, match="belongs to an engine: give the codec for date to create_engine"):
                lent.set_codec("date", decode=str)
    await maybe(engine.close())


async def test_the_same_codec_writes_on_both(registered: None, url: str, colour: str) -> None:
    codec = Codec("numeric", encode=lambda value: str(value.removeprefix("EUR ")), decode="EUR {}".format)
    conn = await _connect(url, colour, codecs=[codec])
    await maybe(conn.script(TABLE))
    await maybe(conn.execute("INSERT INTO homes (n, d) VALUES ($1, $2)", ["EUR 2.5", "2027-01-02"]))
    assert await maybe(conn.query_one(SELECT)) == ("2027", "EUR 2.5")
    await maybe(conn.close())


class Home(Base):
    __tablename__ = "model_homes"

    id: Mapped[int] = mapped_column(primary_key=True)
    d: Mapped[date]
    text: Mapped[str]


class Broken(LookupError):
    pass


def _break(value: Any) -> Any:
    raise Broken(value)


async def test_a_model_comes_before_codecs_on_sqlite(sqlite_url: str, colour: str) -> None:
    names = ("date", "text", "integer", "int", "bigint", "varchar")
    codecs = [Codec(name, encode=_break, decode=_break, format="value") for name in names]
    engine = await _engine(sqlite_url, colour, codecs=codecs)
    from ferrow import AsyncSession, Session

    session: Any = (AsyncSession if colour == "async" else Session)(engine)
    await maybe(engine.create_all(Home))
    await maybe(session.insert(Home(d=date(2026, 1, 2), text="x")))
    found = await maybe(session.query(Home).filter(d=date(2026, 1, 2)).all())
    assert [(home.d, home.text) for home in found] == [(date(2026, 1, 2), "x")]
    # Not even what reads the schema meets them, though the tables of SQLite are declared with types, too.
    names = [table.name for table in await maybe(engine.inspector().tables())]
    assert names == ["model_homes"]
    with pytest.raises(Broken):
        await maybe(session.execute_raw("SELECT d FROM model_homes"))
    await maybe(engine.close())


@pytest.mark.postgresql
async def test_a_model_is_given_what_a_codec_made_on_postgresql(postgresql_url: str, colour: str) -> None:
    from ferrow import AsyncSession, Session

    engine = await _engine(postgresql_url, colour, codecs=[Codec("text", encode=str.lower, decode=str.upper)])
    session: Any = (AsyncSession if colour == "async" else Session)(engine)
    await maybe(engine.create_all(Home))
    await maybe(session.insert(Home(d=date(2026, 1, 2), text="Xy")))
    assert [home.text for home in await maybe(session.query(Home).filter(text="XY").all())] == ["XY"]
    await maybe(engine.close())


class Kept(Base):
    __tablename__ = "Kept_homes"
    __table_args__ = (Index("d", name="Kept_by_d"), UniqueConstraint("home_id", "d", name="Kept_once"))

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("model_homes.id"))
    d: Mapped[date | None]


@pytest.mark.postgresql
async def test_what_reads_the_schema_meets_no_codecs_on_postgresql(postgresql_url: str, colour: str) -> None:
    names = ("text", "bool", "int4", "int8", "char", "name", "varchar", "json", "jsonb", "oid")
    codecs = [Codec(name, encode=_break, decode=_break) for name in names]
    engine = await _engine(postgresql_url, colour, codecs=codecs)
    await maybe(engine.create_all(Home, Kept))
    inspector = engine.inspector()
    assert await maybe(inspector.compare(Home, Kept)) == []
    assert [table.name for table in await maybe(inspector.tables("public"))] == ["Kept_homes", "model_homes"]
    found = await maybe(inspector.table("Kept_homes"))
    assert [(column.name, column.nullable) for column in found.columns] == [
        ("id", False),
        ("home_id", False),
        ("d", True),
    ]
    assert [(index.name, index.unique) for index in found.indexes] == [("Kept_by_d", False)]
    assert [(unique.name, unique.columns) for unique in found.uniques] == [("Kept_once", ("home_id", "d"))]
    with pytest.raises(Broken):
        await maybe(engine.query("SELECT 'x'::text"))
    await maybe(engine.close())


async def test_codecs_of_the_process_that_are_for_postgresql(sqlite_url: str, colour: str) -> None:
    ours = [Codec("date", decode=len, schema="pg_catalog"), Codec("int4", decode=len, format="binary")]
    for codec in ours:
        register_codec(codec)
    try:
        conn = await _connect(sqlite_url, colour)
        await maybe(conn.script("CREATE TABLE t (d date, i int4); INSERT INTO t VALUES ('2026-01-02', 5)"))
        assert await maybe(conn.query_one("SELECT d FROM t")) == (date(2026, 1, 2),)
        for run in (conn.query, conn.query_one):
            with pytest.raises(NotSupportedError, match="codec for int4 is over bytes"):
                await maybe(run("SELECT i FROM t"))
        assert await maybe(conn.query_one("SELECT +i FROM t")) == (5,)
        await maybe(conn.close())
    finally:
        for codec in ours:
            unregister_codec(codec.type_name, codec.schema)
