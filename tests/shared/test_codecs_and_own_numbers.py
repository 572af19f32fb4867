"""What Ferrow counts itself is a number, whatever codecs a program has for the types of its own columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import ferrow.crud
import ferrow.crud.sync
from ferrow import AsyncSession, Base, Mapped, Session, create_engine, func, mapped_column
from ferrow.repository import AsyncRepository, C, Repository
from ferrow.types import BigInteger, Codec
from tests.support import entered, maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.postgresql

FORMATS: Any = ("text", "binary", "value")


class Counted(Base):
    __tablename__ = "counted_by_ferrow"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int] = mapped_column(version=True)


class Big(Base):
    __tablename__ = "read_by_users"

    code: Mapped[str] = mapped_column(primary_key=True)
    big: Mapped[Any] = mapped_column(BigInteger())


def _shown(value: Any) -> str:
    return f"<{value!r}>"


@pytest.fixture(params=FORMATS)
def engine(request: pytest.FixtureRequest, postgresql_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    names = ("int2", "int4", "int8", "bool", "numeric")
    codecs = [Codec(name, decode=_shown, format=request.param) for name in names]
    made: Any = create_engine(postgresql_url, codecs=codecs)
    engine = runner.run(maybe(made)) if colour == "async" else made
    runner.run(maybe(engine.create_all(Counted, Big)))
    yield engine
    runner.run(maybe(engine.close()))


@pytest.fixture
def session(engine: Any, colour: str) -> Any:
    return AsyncSession(engine) if colour == "async" else Session(engine)


@pytest.fixture
def rows(session: Any, runner: Runner) -> list[Any]:
    made = [Counted(code=code, name=name) for code, name in (("a", "A"), ("b", "A"), ("c", "C"))]
    return runner.run(maybe(session.insert_all(made)))  # type: ignore[no-any-return]


async def test_numbers_of_queries(session: Any, rows: list[Any]) -> None:
    query = session.query(Counted)
    for _ in range(2):
        assert await maybe(query.count()) == 3
        assert await maybe(query.offset(1).limit(1).count()) == 1
        assert await maybe(query.distinct("name").count()) == 2
        assert await maybe(query.group_by("name").count()) == 2
        assert await maybe(query.filter(code="z").exists()) is False
        assert await maybe(query.exists()) is True
        for number, wanted in ((1, 2), (2, 1), (9, 0)):
            page = await maybe(query.order_by("code").page(number, size=2))
            assert (len(page.items), page.total, page.pages) == (wanted, 3, 2)


async def test_users_columns_are_read_by_the_codec_all_the_same(session: Any, engine: Any, rows: list[Any]) -> None:
    await maybe(session.execute_raw("INSERT INTO read_by_users VALUES ('a', 7)"))
    page = await maybe(session.query(Big).page(1, size=1))
    assert page.items[0].big.startswith("<")
    assert page.total == 1
    (total,) = await maybe(session.query(Counted).values_list(func.count(), flat=True))
    assert isinstance(total, str), "asked for by the program"
    compiled = "SELECT count(*) FROM counted_by_ferrow"
    assert isinstance((await maybe(engine.query(compiled)))[0][0], str)
    assert await maybe(session.query(Counted).count()) == 3


async def _streamed(query: Any, colour: str) -> list[Any]:
    if colour == "sync":
        return [one.version for one in query.stream()]
    return [one.version async for one in query.stream()]


async def test_versions(session: Any, engine: Any, colour: str, rows: list[Any]) -> None:
    assert [row.version for row in rows] == [1, 1, 1]
    found = await maybe(session.get(Counted, "a"))
    found.name = "saved"
    await maybe(session.update(found))
    assert found.version == 2
    unit = AsyncSession if colour == "async" else Session
    async with entered(unit(engine)) as block:
        for one in await maybe(block.query(Counted).order_by("code").all()):
            one.name = f"unit {one.code}"
        await maybe(block.commit())
    query = session.query(Counted).order_by("code")
    assert [one.version for one in await maybe(query.all())] == [3, 2, 2]
    assert [one.version for one in (await maybe(query.page(1, size=3))).items] == [3, 2, 2]
    assert await _streamed(query, colour) == [3, 2, 2]
    await maybe(session.remove(await maybe(session.get(Counted, "a"))))
    assert await maybe(session.query(Counted).count()) == 2


async def test_upserts(session: Any, rows: list[Any]) -> None:
    made = [Counted(code="a", name="again"), Counted(code="z", name="new")]
    back = await maybe(session.upsert_all(made, "code"))
    assert [(one.code, one.name, one.version) for one in back] == [("a", "again", 2), ("z", "new", 1)]
    one = await maybe(session.upsert(Counted(code="z", name="newer"), "code"))
    assert (one.name, one.version) == ("newer", 2)
    _, created = await maybe(session.create_or_update(Counted(code="y", name="y"), "code"))
    assert created is True
    _, created = await maybe(session.create_or_update(Counted(code="y", name="yy"), "code"))
    assert created is False


async def test_repositories(engine: Any, colour: str, session: Any, rows: list[Any]) -> None:
    made: Any = AsyncRepository(engine, Counted) if colour == "async" else Repository(engine, Counted)
    assert await maybe(made.count()) == 3
    assert await maybe(made.exists(C.eq("code", "a"))) is True


async def test_crud(postgresql_url: str, colour: str, session: Any, rows: list[Any]) -> None:
    functions: Any = ferrow.crud if colour == "async" else ferrow.crud.sync
    codecs = [Codec("int8", decode=_shown)]
    await maybe(functions.ConnectionManager.initialize(dsn=postgresql_url, kwargs={"codecs": codecs}))
    try:
        _, total = await maybe(functions.paginate(Counted, 1, 2))
        assert total == 3
        count, every = (
            "SELECT count(*) AS total FROM counted_by_ferrow",
            "SELECT code FROM counted_by_ferrow ORDER BY code",
        )
        assert await maybe(functions.paginate_raw(None, count, every, 1, 1)) == ([{"code": "a"}], 3)
    finally:
        await maybe(functions.ConnectionManager.close())
