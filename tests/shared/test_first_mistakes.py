"""Beginners' mistakes: the error says what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import pytest

from ferrow import (
    AsyncSession,
    Base,
    ForeignKey,
    Mapped,
    Session,
    columns,
    create_engine,
    create_session,
    func,
    insert,
    mapped_column,
    session_context,
)  # fmt: skip
from ferrow.crud import AsyncFunctions, Functions
from ferrow.errors import InterfaceError, ModelError, ProgrammingError, UnknownColumn, shown
from ferrow.repository import Repository, ensure_schema
from tests.support import maybe


@dataclass
class Forgotten:
    __tablename__ = "forgotten ones"

    name: str
    id: int | None = None


class Referring(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    forgotten_id: Mapped[int] = mapped_column(ForeignKey((Forgotten, "id")))


class Somewhere(Base):
    __schema__ = "nowhere"

    id: Mapped[int] = mapped_column(primary_key=True)


HINT = "It is the table of Forgotten, which the engine's create_all(Forgotten) makes."


@pytest.mark.parametrize("doing", ["insert", "query", "update", "sql"])
@pytest.mark.only(style="dataclass")
async def test_a_table_that_nobody_has_made(session: Any, engine: Any, backend: str, doing: str) -> None:
    quote = "`" if backend == "mariadb" else '"'
    with pytest.raises(ProgrammingError) as caught:
        if doing == "insert":
            await maybe(session.insert(Forgotten("Ada")))
        elif doing == "query":
            await maybe(session.query(Forgotten).all())
        elif doing == "update":
            await maybe(session.query(Forgotten).update(name="Bob"))
        else:
            await maybe(
                session.query(Forgotten).to_sql() and engine.query(f"SELECT 1 FROM {quote}forgotten ones{quote}")
            )
    assert caught.value.hint == HINT


@pytest.mark.only(style="dataclass", backend="postgresql")
async def test_a_table_that_nobody_has_made_on_postgresql(session: Any, engine: Any) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(engine.create_all(Referring))
    assert caught.value.hint == HINT
    with pytest.raises(ProgrammingError) as caught:
        await maybe(session.insert(Somewhere()))
    assert caught.value.hint == "It is the table of Somewhere, which the engine's create_all(Somewhere) makes."
    with pytest.raises(ProgrammingError) as caught:
        await maybe(engine.query("SELECT 1 FROM elsewhere.somewheres"))
    assert caught.value.hint is None


@dataclass
class Grown:
    name: str
    shoe_size: int = 0
    id: int | None = None


@pytest.mark.parametrize("doing", ["insert", "query", "update", "sql", "other", "elsewhere"])
@pytest.mark.only(style="dataclass")
async def test_a_table_that_is_older_than_its_model(session: Any, engine: Any, doing: str) -> None:
    await maybe(engine.script("CREATE TABLE growns (id integer PRIMARY KEY, name varchar(20))"))
    with pytest.raises(ProgrammingError) as caught:
        if doing == "insert":
            await maybe(session.insert(Grown("Ada")))
        elif doing == "query":
            await maybe(session.query(Grown).all())
        elif doing == "update":
            await maybe(session.query(Grown).update(shoe_size=40))
        elif doing == "sql":
            await maybe(session.query(Grown).to_sql() and engine.query("SELECT g.shoe_size FROM growns g"))
        elif doing == "other":
            await maybe(session.query(Grown).to_sql() and engine.query("SELECT colour FROM growns"))
        else:
            await maybe(engine.script("CREATE TABLE strangers (id integer)"))
            await maybe(session.query(Grown).to_sql() and engine.query("SELECT shoe_size FROM strangers"))
    assert caught.value.hint == (
        None
        if doing in ("other", "elsewhere")
        else "Grown has it. If its table is older: create_all() leaves a table that exists as it is, ensure_schema(engine, Grown) of "
        "ferrow.repository adds what it lacks."
    )


@pytest.mark.only(colour="sync")
async def test_a_table_of_no_model(engine: Any) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(engine.query("SELECT 1 FROM nothing_of_mine"))
    assert caught.value.hint is None


@pytest.mark.only(backend="sqlite")
@pytest.mark.parametrize(
    "call", ["insert_all", "upsert_all", "update_all", "remove_all", "add_all", "create_or_update_all"]
)
async def test_one_instance_for_many(session: Any, models: ModuleType, call: str) -> None:
    one = models.User(name="Ada", email="ada@example.org")
    more = ("email",) if "up" in call and call != "update_all" else ()
    with pytest.raises(ModelError) as caught:
        await maybe(getattr(session, call)(one, *more))
    assert str(caught.value) == (
        f"{call}() takes several instances, in a list for example, and got one User; for one there is {call[:-4]}()"
    )


@pytest.mark.only(style="dataclass")
async def test_models_in_a_list(engine: Any, models: ModuleType) -> None:
    with pytest.raises(ModelError, match=r"is not a model class\. Give the classes themselves, .* or \*classes\.$"):
        await maybe(engine.create_all([models.User, models.Post]))


@pytest.mark.only(style="dataclass")
async def test_a_condition_that_python_has_answered(session: Any, models: ModuleType) -> None:
    with pytest.raises(
        TypeError, match=r"not False, which is what .* columns\(User\)\.age >= 18, or a keyword, age__gte=18"
    ):
        session.query(models.User).filter(models.User.id == 3)
    assert await maybe(session.query(models.User).filter(columns(models.User).id == 3).all()) == []


async def test_an_order_by_what_is_computed_later(session: Any, models: ModuleType) -> None:
    with pytest.raises(UnknownColumn) as caught:
        session.query(models.User).order_by("-n")
    assert str(caught.value).endswith(
        " A name for what is computed comes before the order: annotate(n=...).order_by('n').values(..., 'n')."
    )
    with pytest.raises(UnknownColumn) as caught:
        session.query(models.User).order_by("nam")
    assert "Did you mean 'name'?" in str(caught.value)
    assert "annotate" not in str(caught.value)
    await maybe(session.insert_all(models.User(name=name, email=f"{n}") for n, name in enumerate("abb")))
    found = session.query(models.User).annotate(n=func.count()).order_by("-n").values("name", "n")
    assert await maybe(found) == [{"name": "b", "n": 2}, {"name": "a", "n": 1}]


def test_an_attribute_without_mapped() -> None:
    class Plain(Base):
        __abstract__ = True

        kind: ClassVar[str] = "plain"
        nick: str

    class Person(Plain):
        id: Mapped[int] = mapped_column(primary_key=True)

    make: Any = Person
    with pytest.raises(
        TypeError, match=r"no column or relation 'nick': it is declared without Mapped\. Write nick: Mapped\[str\]\.$"
    ):
        make(nick="Ada")
    for name in ("kind", "other"):
        with pytest.raises(TypeError, match=rf"no column or relation '{name}'\. .*Known: id\.$"):
            make(**{name: 1})


@pytest.mark.parametrize(
    "scheme", ["postgresql+asyncpg", "postgres+psycopg", "sqlite+aiosqlite", "mysql+pymysql", "mariadb+x"]
)
def test_urls_with_a_driver(scheme: str) -> None:
    start = scheme.partition("+")[0]
    with pytest.raises(InterfaceError) as caught:
        create_engine(f"{scheme}://ada:secret@localhost/app")
    assert str(caught.value) == (
        f"Invalid connection string: it starts with '{scheme}://'; Ferrow has a driver of its own, so write {start}:, without +..."
    )


@pytest.mark.parametrize("url", ["", "  "])
def test_an_empty_url(url: str) -> None:
    with pytest.raises(InterfaceError, match=r"it is empty; expected postgresql://.*Is a setting missing\?$"):
        create_engine(url)


SECRET = ["postgresql://ada:s3cret@localhost/app", "mysql+x://ada:s3cret@h/app", "host=db user=ada password = s3cret"]


@pytest.mark.parametrize("url", SECRET)
@pytest.mark.parametrize(
    "make",
    [
        Session,
        AsyncSession,
        session_context,
        create_session,
        Functions,
        AsyncFunctions,
        lambda url: Repository(url, Forgotten),
        lambda url: ensure_schema(url, Forgotten),
        lambda url: create_engine("sqlite::memory:").create_all(url),
        lambda url: Session(create_engine("sqlite::memory:")).query(url),
        lambda url: Session(create_engine("sqlite::memory:")).execute(url),
    ],
    ids=[
        "Session",
        "AsyncSession",
        "context",
        "create",
        "Functions",
        "AsyncFunctions",
        "Repository",
        "ensure",
        "all",
        "query",
        "execute",
    ],
)
def test_a_url_in_the_place_of_something_else_keeps_its_password(make: Any, url: str) -> None:
    with pytest.raises((InterfaceError, ProgrammingError)) as caught:
        make(url)
    assert "s3cret" not in str(caught.value)
    assert ("'…'" if url.startswith("host") else f"'{url.partition('//')[0]}…'") in str(caught.value)


def test_other_texts_are_shown() -> None:
    assert [shown(text) for text in ("users", 5, "a: b", "SELECT 1 -- http://x")] == [
        "'users'",
        "5",
        "'a: b'",
        "'SELECT 1 -- http://x'",
    ]


@pytest.mark.parametrize("name", ["count", "sum", "avg", "min", "max", "array_agg"])
def test_a_name_for_the_column_of_an_aggregate(name: str) -> None:
    aggregate: Any = getattr(func, name)
    with pytest.raises(TypeError) as caught:
        aggregate("price")
    assert str(caught.value) == (
        f"{name}() takes an expression, such as a column, not 'price'; of a model's column: columns(Model).price"
    )
    with pytest.raises(TypeError, match=r"such as a column, not 3$"):
        aggregate(3)


@pytest.mark.only(style="dataclass", backend="sqlite")
async def test_a_query_for_its_answer(session: Any, models: ModuleType) -> None:
    query = session.query(models.User).filter(name="nobody")
    with pytest.raises(TypeError, match=r"says which rows, and has no truth value: ask it, \.exists\(\)$"):
        bool(query)
    assert await maybe(query.exists()) is False


class Unrecognised(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    hall: Mapped[str] = mapped_column(max_length=20)
    number: Mapped[int] = mapped_column(name="no. of it")


@pytest.mark.parametrize("doing", ["upsert", "do_nothing", "create_or_update", "functions", "statement"])
@pytest.mark.only(style="declarative", backend=("postgresql", "sqlite"))
async def test_an_upsert_by_columns_that_are_no_key(session: Any, engine: Any, colour: str, doing: str) -> None:
    await maybe(engine.create_all(Unrecognised))
    row = Unrecognised(hall="A", number=1)
    with pytest.raises(ProgrammingError) as caught:
        if doing == "functions":
            await maybe((Functions if colour == "sync" else AsyncFunctions)(engine).upsert(row, "hall"))
        elif doing == "statement":
            await maybe(session.execute(insert(Unrecognised).values(hall="A", number=1).on_conflict_do_nothing("hall")))
        elif doing == "create_or_update":
            await maybe(session.create_or_update(row, "hall"))
        else:
            await maybe(session.upsert(row, "hall", do_nothing=doing == "do_nothing"))
    assert caught.value.hint == (
        "unrecogniseds has no unique constraint on (hall), by which to recognise a row: declare it, mapped_column(unique=True), "
        "and add it to the table; or name columns that have one."
    )
    with pytest.raises(ProgrammingError, match=r"on \(hall, no\. of it\).* UniqueConstraint\('hall', 'no\. of it'\)"):
        await maybe(session.upsert(row, ["hall", "number"]))
