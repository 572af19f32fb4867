"""SQLAlchemy's server-side cursors, and the many rows of one statement."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from ferrow import errors
from tests.support.alchemy import Author, Book

pytestmark = pytest.mark.postgresql

NUMBERS = sa.select(sa.func.generate_series(1, 2500).label("n"))
PORTALS = sa.text(
    "SELECT count(*) FROM pg_cursors WHERE statement LIKE '%generate_series%' AND statement NOT LIKE '%pg_cursors%'"
)


@pytest.fixture
def authors(engine: sa.Engine) -> sa.Table:
    table = Author.__table__
    assert isinstance(table, sa.Table)
    return table


def test_rows_stay_on_the_server(engine: sa.Engine) -> None:
    with engine.connect() as conn:
        streaming = conn.execution_options(stream_results=True, max_row_buffer=100)
        result = streaming.execute(NUMBERS)
        assert result.keys() == ["n"]
        assert result.fetchone() == (1,)
        assert conn.execute(PORTALS, execution_options={"stream_results": False}).scalar() == 1
        assert result.scalars().fetchmany(3) == [2, 3, 4]
        assert sum(len(part) for part in result.partitions(700)) == 2496
        assert conn.execute(PORTALS, execution_options={"stream_results": False}).scalar() == 0


def test_yield_per(engine: sa.Engine) -> None:
    with engine.connect().execution_options(yield_per=1000) as conn:
        assert [len(part) for part in conn.scalars(NUMBERS).partitions()] == [1000, 1000, 500]
        assert conn.scalars(NUMBERS).all() == [*range(1, 2501)]
        assert conn.scalars(sa.text("WITH a AS (SELECT 1 AS n) SELECT n FROM a WHERE n = :n"), {"n": 1}).all() == [1]


def test_types_of_what_is_streamed(engine: sa.Engine) -> None:
    floats = sa.select(sa.literal(1.5, sa.Numeric(asdecimal=False)), sa.literal({"a": 1}, sa.JSON))
    with engine.connect().execution_options(stream_results=True) as conn:
        (row,) = conn.execute(floats).all()
    assert tuple(row) == (1.5, {"a": 1})
    assert type(row[0]) is float


def test_what_changes_rows_is_not_left_to_whoever_fetches(engine: sa.Engine, authors: sa.Table) -> None:
    with engine.connect().execution_options(stream_results=True) as conn:
        conn.execute(authors.insert().returning(authors.c.id), {"name": "Ada"}).close()
        conn.execute(
            sa.text("WITH a AS (INSERT INTO authors (name) VALUES ('Brian') RETURNING 1) SELECT * FROM a")
        ).close()
        assert conn.execute(sa.update(authors).values(name=authors.c.name + "!")).rowcount == 2
        conn.execute(sa.text("SELECT id INTO copies FROM authors"))
        conn.execute(authors.insert(), [{"name": "Carla"}, {"name": "Dan"}])
        conn.commit()
        assert conn.scalars(sa.select(authors.c.name).order_by(authors.c.id)).all() == [
            "Ada!",
            "Brian!",
            "Carla",
            "Dan",
        ]
        assert conn.scalar(sa.text("SELECT count(*) FROM copies")) == 2


def test_without_a_transaction_the_stream_holds_the_connection(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        result = conn.execution_options(stream_results=True).execute(NUMBERS)
        assert result.fetchone() == (1,)
        with pytest.raises(sa.exc.InterfaceError, match="a stream is open on this connection"):
            conn.execute(PORTALS, execution_options={"stream_results": False})
        result.close()
        assert conn.execute(PORTALS, execution_options={"stream_results": False}).scalar() == 0
        assert len(conn.execute(NUMBERS).all()) == 2500


AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT"}


@pytest.mark.parametrize(
    ("options", "execution"),
    [({}, AUTOCOMMIT), (AUTOCOMMIT, {}), ({"skip_autocommit_rollback": True}, AUTOCOMMIT)],
    ids=["of a connection", "of the engine", "without a rollback"],
)
def test_a_connection_with_an_open_stream_goes_back_to_its_pool(
    engine: sa.Engine, make: Any, options: dict[str, Any], execution: dict[str, Any]
) -> None:
    if "skip_autocommit_rollback" in options and not hasattr(engine.dialect, "skip_autocommit_rollback"):
        pytest.skip("this SQLAlchemy has no such option")
    one = make(engine.url, pool_size=1, max_overflow=0, pool_timeout=5, **options)
    kept = []
    for _ in range(2):
        with one.connect().execution_options(**execution) as conn:
            kept.append(conn.execution_options(stream_results=True).execute(NUMBERS))
            assert kept[-1].fetchone() == (1,)
    with one.connect() as conn:
        assert conn.scalar(PORTALS) == 0


def test_a_rollback_ends_a_stream_with_a_transaction_of_its_own(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        result = conn.execution_options(stream_results=True, max_row_buffer=1).execute(NUMBERS)
        assert result.fetchone() == (1,)
        conn.rollback()
        assert conn.scalar(PORTALS, execution_options={"stream_results": False}) == 0
        with pytest.raises(sa.exc.InterfaceError, match="the stream is closed"):
            result.all()


def test_a_stream_that_fails(engine: sa.Engine) -> None:
    with engine.connect().execution_options(stream_results=True, max_row_buffer=10) as conn:
        result = conn.execute(sa.text("SELECT 10 / (2000 - n) FROM generate_series(1, 2500) AS n"))
        assert result.fetchone() == (0,)
        with pytest.raises(sa.exc.DataError) as caught:
            result.all()
        assert isinstance(caught.value.orig, errors.DataError)
        assert caught.value.orig.sqlstate == "22012"
        conn.rollback()
        with pytest.raises(sa.exc.ProgrammingError, match="nonsense"):
            conn.execute(sa.text("SELECT nonsense"))
        conn.rollback()
        assert conn.scalar(sa.text("SELECT 1")) == 1


def test_instances_are_streamed(engine: sa.Engine) -> None:
    with orm.Session(engine) as session:
        session.add_all([Author(name=str(n), books=[Book(title="a"), Book(title="b")]) for n in range(250)])
        session.commit()
        asked = sa.select(Author).order_by(Author.id).options(orm.selectinload(Author.books))
        found = session.scalars(asked, execution_options={"yield_per": 100})
        assert [[len(author.books) for author in part] for part in found.partitions()] == [
            [2] * 100,
            [2] * 100,
            [2] * 50,
        ]


def test_many_rows_come_back_in_their_order(engine: sa.Engine, authors: sa.Table) -> None:
    rows: list[dict[str, Any]] = [{"name": f"author {n}"} for n in range(2500)]
    with engine.begin() as conn:
        stored = authors.insert().returning(authors.c.id, authors.c.name, sort_by_parameter_order=True)
        found = conn.execute(stored, rows).all()
        assert [name for _, name in found] == [row["name"] for row in rows]
        assert [number for number, _ in found] == sorted(number for number, _ in found)
        assert (
            conn.execute(authors.delete().where(authors.c.id == sa.bindparam("n")), [{"n": 1}, {"n": 2}]).rowcount == 2
        )
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as conn:
        conn.execute(authors.insert(), [{"name": "new"}, {"name": "author 5"}])
    with engine.connect() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(authors)) == 2498


def test_a_cursor_is_used_again(engine: sa.Engine) -> None:
    """As pandas and programs of their own do, by the connection below."""
    with engine.connect() as conn:
        cursor = engine.dialect.server_side_cursor(conn.connection.dbapi_connection)  # type: ignore[attr-defined]
        cursor.execute("SELECT generate_series(1, 5)")
        assert cursor.fetchmany(2) == [(1,), (2,)]
        cursor.arraysize = 2
        assert cursor.fetchmany() == [(3,), (4,)]
        assert [*cursor] == [(5,)]
        assert cursor.fetchone() is None
        assert cursor.fetchall() == []
        cursor.executemany("INSERT INTO authors (name) VALUES ($1)", [("a",), ("b",)])
        assert cursor.rowcount == 2
        cursor.execute("INSERT INTO authors (name) VALUES ('c') RETURNING id")
        cursor.execute("WITH stored AS (INSERT INTO authors (name) VALUES ('d') RETURNING id) SELECT id FROM stored")
        cursor.execute("SELECT name FROM authors ORDER BY name")
        assert cursor.description[0][0] == "name"
        assert cursor.fetchall() == [("a",), ("b",), ("c",), ("d",)]
        cursor.close()
