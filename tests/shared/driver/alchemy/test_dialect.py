"""SQLAlchemy on `postgresql+ferrow`. (That SQLAlchemy itself works is not tested here.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy
import pandas
import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import pg_catalog

from ferrow import driver, errors
from tests.support.alchemy import KINDS, VALUES, Author, Book, Mood

pytestmark = pytest.mark.postgresql

Make = Callable[..., sa.Engine]


def test_entry_point(engine: sa.Engine, colour: str) -> None:
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "ferrow")
    assert engine.dialect.is_async == (colour == "async")
    assert engine.dialect.paramstyle == "numeric_dollar"


def test_the_version_of_the_driver(engine: sa.Engine) -> None:
    if not hasattr(engine.dialect, "dbapi_version"):
        pytest.skip("this SQLAlchemy does not ask")
    assert ".".join(map(str, engine.dialect.dbapi_version)) == driver.__version__


@pytest.mark.parametrize(
    "places",
    [
        "host={host}:{port}",
        "host={host}:1&host={host}:{port}",
        "host={host},{host}&port=1,{port}",
        "host={host}&port={port}",
    ],
)
def test_places_that_the_url_names(engine: sa.Engine, make: Make, places: str) -> None:
    url = engine.url
    named = sa.make_url(f"postgresql+ferrow:///?{places.format(host=url.host, port=url.port or 5432)}")
    where = named.set(username=url.username, password=url.password, database=url.database).update_query_dict(url.query)
    with make(where).connect() as conn:
        assert conn.scalar(sa.text("SELECT current_database()")) == url.database


@pytest.mark.parametrize("hosts", ["host={host}", "host={host}&host={host}", "host={host},{host}"])
def test_the_port_that_the_url_does_not_name(
    engine: sa.Engine, make: Make, hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = engine.url
    monkeypatch.setenv("PGPORT", str(url.port or 5432))
    named = sa.make_url(f"postgresql+ferrow:///?{hosts.format(host=url.host)}")
    where = named.set(username=url.username, password=url.password, database=url.database).update_query_dict(url.query)
    with make(where).connect() as conn:
        assert conn.scalar(sa.text("SELECT current_database()")) == url.database


def test_types(engine: sa.Engine) -> None:
    with engine.begin() as conn:
        conn.execute(KINDS.insert(), VALUES)
        conn.execute(KINDS.insert(), [dict.fromkeys(VALUES), VALUES])
        found = conn.execute(sa.select(KINDS).order_by(KINDS.c.id)).mappings().all()
    nothing: dict[str, Any] = dict.fromkeys(VALUES)
    for row, expected in zip(found, (VALUES, nothing, VALUES), strict=True):
        assert {name: row[name] for name in VALUES} == expected
        assert {name: type(row[name]) for name in VALUES} == {name: type(value) for name, value in expected.items()}


@pytest.mark.parametrize("value", [0.1, numpy.float64(0.1), numpy.float32(0.1), Decimal("0.1"), numpy.int64(3), 3])
@pytest.mark.parametrize("kind", [sa.Numeric(), sa.Numeric(10, 4)], ids=str)
def test_numbers_are_those_that_are_seen(engine: sa.Engine, kind: sa.Numeric[Any], value: Any) -> None:
    with engine.connect() as conn:
        assert conn.scalar(sa.select(sa.literal(value, kind))) == Decimal(str(value))


def test_intervals_have_their_precision(engine: sa.Engine) -> None:
    with engine.connect() as conn:
        for kind in (sa.Interval(second_precision=1), pg.INTERVAL(precision=1)):
            assert conn.scalar(sa.select(sa.literal(timedelta(seconds=1.26), kind))) == timedelta(seconds=1.3)


@pytest.mark.parametrize("kind", ["INT2VECTOR", "OIDVECTOR"])
def test_vectors_of_the_catalogues(engine: sa.Engine, kind: str) -> None:
    column = sa.type_coerce(sa.literal_column(f"'1 2'::{kind}"), getattr(pg_catalog, kind)())
    with engine.connect() as conn:
        assert conn.scalar(sa.select(column)) == [1, 2]


def test_json(engine: sa.Engine) -> None:
    with engine.begin() as conn:
        conn.execute(
            KINDS.insert(), [{"json": "a string", "jsonb": {"a": {"b": 5}}}, {"json": None, "jsonb": sa.null()}]
        )
        assert conn.scalar(sa.select(KINDS.c.json).where(KINDS.c.id == 1)) == "a string"
        assert conn.scalar(sa.select(KINDS.c.jsonb["a"]["b"].as_integer()).where(KINDS.c.id == 1)) == 5
        assert conn.scalar(sa.select(KINDS.c.jsonb[("a", "b")]).where(KINDS.c.id == 1)) == 5
        assert conn.execute(
            sa.text("SELECT json IS NULL, json::text, jsonb IS NULL FROM kinds WHERE id = 2")
        ).one() == (False, "null", True)


def test_expressions(engine: sa.Engine) -> None:
    with engine.begin() as conn:
        conn.execute(KINDS.insert(), VALUES)
        assert conn.scalar(sa.select(sa.literal(5))) == 5
        assert conn.scalar(sa.select(KINDS.c.list[1:2])) == [1, 2]
        assert conn.scalar(sa.select(KINDS.c.large % 7)) == 2**40 % 7
        assert conn.scalar(sa.select(KINDS.c.id).where(KINDS.c.text.like("100%"), KINDS.c.mood.in_([Mood.lively]))) == 1
        assert conn.scalar(sa.text("SELECT :a || '%' || '\\:b'"), {"a": "x"}) == "x%:b"
        assert conn.exec_driver_sql("SELECT $1::int + 1", (1,)).scalar() == 2


def test_orm(engine: sa.Engine) -> None:
    with orm.Session(engine) as session:
        session.add_all(
            [Author(name=f"author {n}", books=[Book(title=f"{n}.{m}") for m in range(3)]) for n in range(10)]
        )
        session.commit()
        author = session.scalars(
            sa.select(Author).where(Author.name == "author 3").options(orm.selectinload(Author.books))
        ).one()
        assert [book.title for book in author.books] == ["3.0", "3.1", "3.2"]
        author.name = "renamed"
        session.rollback()
        assert author.name == "author 3"
        with session.begin_nested() as nested:
            session.delete(author.books[0])
            session.flush()
            nested.rollback()
        assert session.scalar(sa.select(sa.func.count()).select_from(Book)) == 30
        assert session.execute(sa.update(Book).where(Book.author_id == author.id).values(title="same")).rowcount == 3  # type: ignore[attr-defined]


def test_errors(engine: sa.Engine) -> None:
    with orm.Session(engine) as session:
        session.add(Author(name="Ada"))
        session.commit()
        session.add(Author(name="Ada"))
        with pytest.raises(sa.exc.IntegrityError) as caught:
            session.commit()
        assert isinstance(caught.value.orig, errors.UniqueViolation)
        assert caught.value.orig.pgcode == caught.value.orig.sqlstate == "23505"
        session.rollback()
        with pytest.raises(sa.exc.ProgrammingError):
            session.execute(sa.text("SELECT nonsense"))


def test_a_lost_connection_is_replaced(engine: sa.Engine, make: Make) -> None:
    with engine.connect() as conn:
        pid = conn.scalar(sa.text("SELECT pg_backend_pid()"))
    with make(engine.url, poolclass=sa.NullPool).connect() as other:
        other.scalar(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError) as caught:
        conn.scalar(sa.text("SELECT 1"))
    assert caught.value.connection_invalidated
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT 1")) == 1


def test_pre_ping(engine: sa.Engine, make: Make) -> None:
    careful = make(engine.url, pool_pre_ping=True)
    with careful.connect() as conn:
        pid = conn.scalar(sa.text("SELECT pg_backend_pid()"))
    with engine.connect() as other:
        other.scalar(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with careful.connect() as conn:
        assert conn.scalar(sa.text("SELECT pg_backend_pid()")) != pid


def test_reflection(engine: sa.Engine) -> None:
    table = sa.Table("books", sa.MetaData(), autoload_with=engine)
    assert [(column.name, str(column.type), column.nullable) for column in table.columns] == [
        ("id", "INTEGER", False),
        ("title", "VARCHAR", False),
        ("author_id", "INTEGER", False),
    ]
    assert [key.target_fullname for key in table.foreign_keys] == ["authors.id"]
    assert sa.inspect(engine).get_unique_constraints("authors")[0]["column_names"] == ["name"]


def test_reflected_defaults_and_identities_make_the_same_table(engine: sa.Engine) -> None:
    """What is generated, the catalogue says in a "char", which is empty for all other columns."""
    meant = sa.MetaData()
    sa.Table(
        "plans",
        meta := meant,
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("price", sa.Integer),
        sa.Column("double", sa.Integer, sa.Computed("price * 2", persisted=True)),
    )
    for _ in range(2):  # as it was meant, and as it was found
        meta.create_all(engine)
        meta = sa.MetaData()
        plans = sa.Table("plans", meta, autoload_with=engine)
        assert [column.name for column in plans.columns if column.computed is not None] == ["double"]
        assert [column.name for column in plans.columns if column.identity is not None] == ["id"]
        with engine.begin() as conn:
            conn.execute(sa.insert(plans).values(price=2))
            assert conn.execute(sa.select(plans.c.id, plans.c.double, plans.c.at.is_not(None))).one() == (1, 4, True)
        meta.drop_all(engine)


def test_ranges(engine: sa.Engine) -> None:
    table = sa.Table(
        "spans",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("one", pg.INT4RANGE),
        sa.Column("several", pg.NUMMULTIRANGE),
        sa.Column("list", pg.ARRAY(pg.DATERANGE)),
    )
    day = pg.Range(date(2026, 1, 1), None)
    number = pg.Range(Decimal("1.5"), Decimal("2"), bounds="(]")
    rows: list[Any] = [
        {"one": pg.Range(1, 5), "several": pg.MultiRange([number, pg.Range(Decimal(5), None)]), "list": [day, None]},
        {"one": pg.Range(empty=True), "several": [], "list": []},
        {"one": None, "several": None, "list": None},
        {"one": "[7,8)", "several": "{}", "list": None},
    ]
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(table.insert(), rows)
        found = conn.execute(sa.select(table.c.one, table.c.several, table.c.list).order_by(table.c.id)).all()
        assert [tuple(row) for row in found[:3]] == [tuple(row.values()) for row in rows[:3]]
        assert found[3] == (pg.Range(7, 8), [], None)
        assert isinstance(found[0][0], pg.Range)
        assert isinstance(found[0][1], pg.MultiRange)
        assert conn.scalars(sa.select(table.c.id).where(table.c.one.contains(3))).all() == [1]
        assert conn.scalars(sa.select(table.c.id).where(table.c.one.overlaps(pg.Range(4, 9)))).all() == [1, 4]


class TestHstore:
    @pytest.fixture
    def needed(self) -> str:
        return "hstore"

    def test_both_ways(self, engine: sa.Engine) -> None:
        table = sa.Table("pairs", sa.MetaData(), sa.Column("pairs", pg.HSTORE), sa.Column("list", pg.ARRAY(pg.HSTORE)))
        with engine.begin() as conn:
            if not conn.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'hstore'")):
                pytest.skip("the server at hand has no extension hstore")
            conn.execute(sa.text("CREATE EXTENSION hstore"))
            table.create(conn)
            conn.execute(
                table.insert(), [{"pairs": {"a": "1", "b": None}, "list": [{"c": "d"}]}, {"pairs": None, "list": None}]
            )
            assert conn.execute(sa.select(table)).all() == [({"a": "1", "b": None}, [{"c": "d"}]), (None, None)]
            assert conn.scalar(sa.select(table.c.pairs["a"]).where(table.c.pairs.has_key("b"))) == "1"


def test_pandas_writes_and_reads(engine: sa.Engine) -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, 1.5]})
    assert frame.to_sql("frame", engine, index=False) == 2
    frame.to_sql("frame", engine, index=False, if_exists="append")
    found = pandas.read_sql("SELECT * FROM frame ORDER BY a", engine)
    assert found["a"].tolist() == [1, 1, 2, 2]
    assert pandas.read_sql_table("frame", engine).columns.tolist() == ["a", "b", "c"]
