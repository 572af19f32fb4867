"""Defects of OrmKit's drivers and pool (spec, O-D2, 3, 4, 6, 13 to 16, 20, 21, 28) that ours do not have, as the ORM meets them.

The drivers' own tests go much further: cancellation in isolated/test_cancellation, TLS in isolated/tls, URLs in pure/wire, protocol
messages in crates/pgwire, pools in isolated/test_pool_*.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ferrow import Base, ForeignKey, Mapped, SoftDeleteMixin, create_engine, mapped_column
from ferrow.errors import Error, IntegrityError, InterfaceError, OperationalError
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.relay import relayed
from tests.support.sessions import session_of


class Thing(SoftDeleteMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None]
    share: Mapped[float | None]
    price: Mapped[Decimal | None]
    flag: Mapped[bool | None]
    raw: Mapped[bytes | None]
    day: Mapped[date | None]
    hour: Mapped[time | None]
    at: Mapped[datetime | None]
    token: Mapped[UUID | None]
    document: Mapped[dict[str, Any] | None]
    items: Mapped[list[int] | None]
    made: Mapped[datetime] = mapped_column(default=datetime.now)


class Part(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("things.id", ondelete="CASCADE"))


VALUES: dict[str, Any] = {
    "number": 9,
    "share": 9.99,
    "price": Decimal("12.50"),
    "flag": True,
    "raw": b"\x00\xff",
    "day": date(2024, 2, 29),
    "hour": time(23, 59, 59, 5),
    "at": datetime(2024, 2, 29, 12, 30, 0, 7),
    "token": UUID(int=7),
    "document": {"plan": "premium", "deep": [1, {"x": None}]},
    "items": [1, 2, 3],
}


@pytest.fixture
def engine(url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """With a timeout for statements, so that a defect that hangs fails with an error that names the statement."""
    created: Any = create_engine(url, command_timeout=15, recovery_timeout=1, close_timeout=1)
    if colour == "async":
        created = runner.run(maybe(created))
    yield created
    runner.run(maybe(created.close()))


@pytest.fixture
def things(engine: Any, colour: str, runner: Runner) -> Any:

    async def create() -> None:
        await maybe(engine.create_all(Thing, Part))

    runner.run(create())
    return session_of(engine, colour)


async def test_od2_a_missing_value_of_any_type_is_null(things: Any) -> None:
    made = await maybe(things.insert(Thing()))
    found = await maybe(things.get(Thing, made.id))
    assert [getattr(found, key) for key in VALUES] == [None] * len(VALUES)
    await maybe(things.update(found, **VALUES))
    await maybe(things.update(found, **dict.fromkeys(VALUES)))
    assert await maybe(things.query(Thing).filter(**dict.fromkeys(VALUES)).count()) == 1


async def test_od3_and_od4_every_type_goes_there_and_back(things: Any) -> None:
    await maybe(things.insert_all([Thing(**VALUES), Thing()]))
    found = await maybe(things.query(Thing).order_by("id").first())
    for key, value in VALUES.items():
        assert getattr(found, key) == value
        assert type(getattr(found, key)) is type(value)
    assert isinstance(found.made, datetime)
    for key in VALUES.keys() - {"document", "items"}:
        assert await maybe(things.query(Thing).filter(**{key: VALUES[key]}).count()) == 1
    assert await maybe(things.query(Thing).filter(document__plan="premium").count()) == 1
    assert float(await maybe(things.query(Thing).avg("number"))) == 9.0
    assert await maybe(things.query(Thing).sum("price")) == Decimal("12.50")
    await maybe(things.soft_delete(found))
    assert isinstance(found.deleted_at, datetime)
    assert await maybe(things.query(Thing).count()) == 1
    await maybe(things.restore(found))
    assert await maybe(things.query(Thing).count()) == 2


async def test_od6_an_error_in_a_transaction_ends_it_and_nothing_hangs(things: Any, engine: Any) -> None:
    await maybe(things.insert(Thing(id=1)))

    for _ in range(3):
        with pytest.raises(IntegrityError):
            async with entered(engine.transaction()):
                await maybe(engine.execute("INSERT INTO things (id, made) VALUES (1, '2024-01-01 00:00:00')"))
    assert await maybe(things.query(Thing).count()) == 1
    with pytest.raises(IntegrityError):
        await maybe(things.insert(Thing(id=1)))
    assert await maybe(things.query(Thing).count()) == 1


@pytest.mark.parametrize("colour", ["async"])
async def test_od13_a_cancelled_query_leaves_no_answer_for_the_next(things: Any, colour: str) -> None:
    await things.insert_all([Thing(number=n) for n in range(50)])
    for wait in (0, 0.0001, 0.001, 0.003):
        task = asyncio.create_task(things.query(Thing).order_by("id").all())
        await asyncio.sleep(wait)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await things.query(Thing).count() == 50
        assert [one.number for one in await things.query(Thing).filter(number=7).all()] == [7]


def test_od13_pools_of_no_connections_are_refused(sqlite_url: str) -> None:
    with pytest.raises(InterfaceError, match="max_size"):
        create_engine(sqlite_url, max_size=0)


async def test_od14_memory_is_one_database_for_all_tasks() -> None:
    from ferrow import AsyncSession

    engine = await create_engine("sqlite::memory:")
    await engine.create_all(Thing, Part)
    session = AsyncSession(engine)
    await asyncio.gather(*[session.insert(Thing(number=n)) for n in range(20)])
    counts = await asyncio.gather(*[session.query(Thing).count() for _ in range(20)])
    assert counts == [20] * 20
    await engine.close()


def test_od15_three_slashes_are_a_file_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    engine = create_engine("sqlite:///mydb.sqlite")
    engine.create_all(Thing, Part)
    engine.close()
    assert (tmp_path / "mydb.sqlite").exists()


def test_od16_tls_that_is_asked_for_is_not_left_out_in_silence(postgresql_url: str) -> None:
    joint = "&" if "?" in postgresql_url else "?"
    engine = create_engine(f"{postgresql_url}{joint}sslmode=require")
    with pytest.raises(OperationalError, match=r"(?i)tls|ssl"):
        engine.execute("SELECT 1")
    engine.close()


async def test_od20_foreign_keys_are_looked_after(things: Any) -> None:
    thing = await maybe(things.insert(Thing()))
    await maybe(things.insert_all([Part(thing_id=thing.id), Part(thing_id=thing.id)]))
    with pytest.raises(IntegrityError):
        await maybe(things.insert(Part(thing_id=4711)))
    await maybe(things.force_delete(thing))
    assert await maybe(things.query(Part).count()) == 0


@pytest.mark.parametrize("colour", ["async"])
async def test_od20_writers_wait_for_each_other(things: Any, engine: Any, colour: str) -> None:
    async def write(number: int) -> None:
        async with engine.transaction():
            await things.insert(Thing(number=number))
            await things.query(Thing).count()

    await asyncio.gather(*[write(n) for n in range(10)])
    assert await things.query(Thing).count() == 10


async def test_od21_more_values_than_a_statement_takes(things: Any) -> None:
    keys = list(range(40_000))
    await maybe(things.insert_all([Thing(id=n) for n in (1, 39_999)]))
    assert await maybe(things.query(Thing).filter(id__in=keys).count()) == 2
    assert len(await maybe(things.query(Thing).in_bulk(keys))) == 2


async def test_od21_more_statements_than_are_kept(things: Any) -> None:
    """Each text is a prepared statement of its own. That those that are dropped are closed on the server is in driver/test_statement_cache."""
    await maybe(things.insert(Thing(number=1)))
    for n in range(600):
        found = await maybe(things.query(Thing).order_by("id").values_list((Thing.number + n).label(f"n{n}")))
        assert found == [(1 + n,)]
    assert await maybe(things.query(Thing).count()) == 1


async def test_od28_what_one_user_sets_the_next_does_not_see(postgresql_url: str, colour: str) -> None:
    mine: Any = create_engine(postgresql_url, min_size=1, max_size=1)
    if colour == "async":
        mine = await mine
    before = (await maybe(mine.execute("SHOW statement_timeout"))).scalar()
    await maybe(mine.execute("SET statement_timeout = '77s'"))
    await maybe(mine.execute("CREATE TEMP TABLE mine_only (id int)"))
    assert (await maybe(mine.execute("SHOW statement_timeout"))).scalar() == before
    with pytest.raises(Error, match="mine_only"):
        await maybe(mine.execute("SELECT * FROM mine_only"))
    await maybe(mine.close())


@pytest.mark.only(colour="async")
async def test_od28_a_transaction_that_somebody_forgot_is_not_the_next_ones(postgresql_url: str, colour: str) -> None:
    async with await create_engine(postgresql_url, max_size=1) as mine:
        await mine.execute("CREATE TABLE forgotten (id int)")
        async with mine.connection() as connection:
            lost = connection.transaction()
            await lost.start()
            await connection.execute("INSERT INTO forgotten VALUES (1)")
            del lost
        assert (await mine.execute("SELECT count(*) FROM forgotten")).scalar() == 0
        await mine.execute("INSERT INTO forgotten VALUES (2)")
        async with await create_engine(postgresql_url) as others:
            assert (await others.execute("SELECT id FROM forgotten")).scalars() == [2]


@pytest.mark.only(colour="async")
async def test_od28_rows_do_not_wait_for_the_answers_of_those_before(postgresql_url: str, colour: str) -> None:
    way: list[str] = []

    def said(target: asyncio.StreamWriter, data: bytes) -> None:
        way.append("said")
        target.write(data)

    def answered(target: asyncio.StreamWriter, data: bytes) -> None:
        way.append("answered")
        target.write(data)

    async with relayed(postgresql_url, said, answered) as url, await create_engine(url, max_size=1) as mine:
        await mine.execute("CREATE TABLE od28 (id int, n int)")
        async with mine.transaction() as tx:
            assert await tx.execute_many("INSERT INTO od28 VALUES ($1, 0)", [[n] for n in range(40)]) == 40
            update = "UPDATE od28 SET n = $1 WHERE id = $2"
            await tx.execute_many(update, [[0, 0]])  # it is prepared now
            way.clear()
            assert await tx.execute_many(update, [[n, n] for n in range(40)]) == 40
            waits = sum(one == "answered" and two == "said" for one, two in pairwise(way))
        assert waits == 0
