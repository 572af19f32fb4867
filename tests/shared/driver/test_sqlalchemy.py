"""SQLAlchemy on `postgresql+ferrow`. (That SQLAlchemy itself works is not tested here.)"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas
import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from ferrow import errors

pytestmark = pytest.mark.postgresql


class Mood(enum.Enum):
    calm = 1
    lively = 2


class Base(orm.DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(40), unique=True)
    books: orm.Mapped[list[Book]] = orm.relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str]
    author_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("authors.id"))
    author: orm.Mapped[Author] = orm.relationship(back_populates="books")


KINDS = sa.Table(
    "kinds",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("small", sa.SmallInteger),
    sa.Column("large", sa.BigInteger),
    sa.Column("number", sa.Numeric(10, 2)),
    sa.Column("as_float", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("float", sa.Float),
    sa.Column("as_decimal", sa.Double(asdecimal=True)),
    sa.Column("flag", sa.Boolean),
    sa.Column("text", sa.Text),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("day", sa.Date),
    sa.Column("hour", sa.Time),
    sa.Column("moment", sa.DateTime(timezone=True)),
    sa.Column("naive", sa.DateTime),
    sa.Column("uuid", sa.Uuid),
    sa.Column("uuid_text", sa.Uuid(as_uuid=False)),
    sa.Column("json", sa.JSON),
    sa.Column("jsonb", pg.JSONB),
    sa.Column("list", sa.ARRAY(sa.Integer)),
    sa.Column("mood", sa.Enum(Mood)),
)
VALUES: dict[str, Any] = {
    "small": 1, "large": 2**40, "number": Decimal("1.50"), "as_float": 1.5, "float": 0.1, "as_decimal": Decimal("0.1"),
    "flag": True, "text": "100% :name $1", "bytes": b"\0", "day": date(2024, 2, 29), "hour": time(12, 30),
    "moment": datetime(2024, 2, 29, 12, tzinfo=UTC), "naive": datetime(2024, 2, 29, 12), "uuid": UUID(int=1),
    "uuid_text": str(UUID(int=2)), "json": {"a": [1, None]}, "jsonb": ["x", {"y": 1.5}], "list": [1, 2, None], "mood": Mood.lively,
}  # fmt: skip


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(postgresql_url.replace("postgresql://", "postgresql+ferrow://"))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_entry_point(engine: sa.Engine) -> None:
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "ferrow")
    assert engine.dialect.paramstyle == "numeric_dollar"


def test_decoding_json_is_the_drivers_business(engine: sa.Engine) -> None:
    with pytest.raises(errors.NotSupportedError, match="json_deserializer"):
        sa.create_engine(engine.url, json_deserializer=str)


def test_types(engine: sa.Engine) -> None:
    with engine.begin() as conn:
        conn.execute(KINDS.insert(), VALUES)
        conn.execute(KINDS.insert(), [dict.fromkeys(VALUES), VALUES])
        found = conn.execute(sa.select(KINDS).order_by(KINDS.c.id)).mappings().all()
    nothing: dict[str, Any] = dict.fromkeys(VALUES)
    for row, expected in zip(found, (VALUES, nothing, VALUES), strict=True):
        assert {name: row[name] for name in VALUES} == expected
        assert {name: type(row[name]) for name in VALUES} == {name: type(value) for name, value in expected.items()}


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
        session.rollback()
        with pytest.raises(sa.exc.ProgrammingError):
            session.execute(sa.text("SELECT nonsense"))


def test_a_lost_connection_is_replaced(engine: sa.Engine) -> None:
    with engine.connect() as conn:
        pid = conn.scalar(sa.text("SELECT pg_backend_pid()"))
    with sa.create_engine(engine.url, poolclass=sa.NullPool).connect() as other:
        other.scalar(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError) as caught:
        conn.scalar(sa.text("SELECT 1"))
    assert caught.value.connection_invalidated
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT 1")) == 1


def test_pre_ping(engine: sa.Engine) -> None:
    careful = sa.create_engine(engine.url, pool_pre_ping=True)
    with careful.connect() as conn:
        pid = conn.scalar(sa.text("SELECT pg_backend_pid()"))
    with engine.connect() as other:
        other.scalar(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with careful.connect() as conn:
        assert conn.scalar(sa.text("SELECT pg_backend_pid()")) != pid
    careful.dispose()


def test_reflection(engine: sa.Engine) -> None:
    table = sa.Table("books", sa.MetaData(), autoload_with=engine)
    assert [(column.name, str(column.type), column.nullable) for column in table.columns] == [
        ("id", "INTEGER", False),
        ("title", "VARCHAR", False),
        ("author_id", "INTEGER", False),
    ]
    assert [key.target_fullname for key in table.foreign_keys] == ["authors.id"]
    assert sa.inspect(engine).get_unique_constraints("authors")[0]["column_names"] == ["name"]


def test_isolation_level(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as conn:
        assert conn.scalar(sa.text("SHOW transaction_isolation")) == "serializable"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("VACUUM"))
        conn.execute(sa.insert(Author).values(name="at once"))
        with engine.connect() as other:
            assert other.scalar(sa.select(Author.name)) == "at once"
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SHOW transaction_isolation")) == "read committed"
        conn.execute(sa.insert(Author).values(name="undone"))
        conn.rollback()
        assert conn.scalars(sa.select(Author.name)).all() == ["at once"]


def test_pandas_writes_and_reads(engine: sa.Engine) -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, 1.5]})
    assert frame.to_sql("frame", engine, index=False) == 2
    frame.to_sql("frame", engine, index=False, if_exists="append")
    found = pandas.read_sql("SELECT * FROM frame ORDER BY a", engine)
    assert found["a"].tolist() == [1, 1, 2, 2]
    assert pandas.read_sql_table("frame", engine).columns.tolist() == ["a", "b", "c"]
