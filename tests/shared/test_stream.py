"""O-D18: a stream is a cursor of the database. It respects limit and order, is stable, and holds one batch at a time."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, create_engine
from ferrow.errors import ProgrammingError
from tests.support import entered, maybe

ROWS = 50


@pytest.fixture
def users(session: Any, models: ModuleType, runner: Any) -> Any:
    people = [models.User(name=f"n{number % 7}", email=f"{number}@example.org", age=number) for number in range(ROWS)]

    async def insert() -> None:
        await maybe(session.insert_all(people))

    runner.run(insert())
    return session.query(models.User)


async def read(stream: Any) -> list[Any]:
    if hasattr(stream, "__aiter__"):
        return [item async for item in stream]
    return list(stream)


async def test_it_gives_what_all_gives(users: Any) -> None:
    for query in (
        users.order_by("id"),
        users.order_by("-age").limit(17),
        users.order_by("name", "id").limit(20).offset(7),
        users.filter(age__in=[3, 4, 5], name__startswith="n").order_by("id"),
        users.filter(age__lt=0),
        users.limit(0),
    ):
        expected = await maybe(query.all())
        for batch in (1, 7, 1000):
            found = await read(query.stream(batch_size=batch))
            assert [user.age for user in found] == [user.age for user in expected]
            assert all(type(user) is type(expected[0]) for user in found)


async def test_no_more_than_a_batch_is_here(users: Any) -> None:
    async with entered(users.order_by("id").stream(batch_size=4)) as stream:
        assert [user.age for user in await maybe(stream.fetch())] == [0, 1, 2, 3]
        assert [user.age for user in await maybe(stream.fetch(2))] == [4, 5]


async def test_it_is_of_one_moment(users: Any, models: ModuleType, session: Any) -> None:
    """Rows that are changed, removed and added meanwhile move nothing."""
    seen = []
    async with entered(users.order_by("id").stream(batch_size=5)) as stream:
        while rows := await maybe(stream.fetch()):
            seen += [user.age for user in rows]
            if len(seen) == 10:
                await maybe(users.filter(age__lt=5).delete())
                await maybe(users.filter(age__gte=20).update(age=100))
                await maybe(session.insert(models.User(name="new", email="new@example.org", age=7)))
    assert seen == list(range(ROWS))


async def test_other_calls_inside_its_transaction(users: Any, session: Any) -> None:
    async with entered(session.begin()):
        seen = 0
        async with entered(users.order_by("id").stream(batch_size=10)) as stream:
            while rows := await maybe(stream.fetch()):
                seen += len(rows)
                assert await maybe(users.count()) == ROWS
        assert seen == ROWS
        assert await maybe(users.filter(age=3).update(age=300)) == 1
    assert await maybe(users.filter(age=300).exists())


async def test_a_loop_left_early_gives_the_connection_back(users: Any, engine: Any, session: Any) -> None:
    for _ in range(30):  # more than the pool has
        stream = users.stream(batch_size=3)
        async with entered(stream) as rows:
            assert len(await maybe(rows.fetch())) == 3
    if not hasattr(users.stream(), "__aiter__"):
        for _ in range(30):
            for _user in users.stream(batch_size=3):
                break
    assert engine.pool.stats().used == 0
    assert await maybe(users.count()) == ROWS


@pytest.mark.only(colour="async", style="declarative")
async def test_the_only_connection_comes_back_when_a_loop_is_left(url: str, models: ModuleType) -> None:
    engine = await create_engine(url, max_size=1)
    await engine.create_all(models.User)
    session = AsyncSession(engine)
    await session.insert_all([models.User(name="n", email=f"{n}@example.org", age=n) for n in range(ROWS)])
    users = session.query(models.User)
    for _ in range(3):
        async for _user in users.stream(batch_size=3):
            break
        assert await users.count() == ROWS
        async for _user in users.stream(batch_size=3):
            break
        async with engine.transaction():
            assert await users.filter(age__lt=5).count() == 5
    await engine.close()


async def test_what_cannot_be_streamed(users: Any) -> None:
    with pytest.raises(ValueError, match="from 1 on"):
        users.stream(batch_size=0)
    with pytest.raises(TypeError, match="whole number"):
        users.stream(batch_size="10")
    with pytest.raises(ProgrammingError, match="groups"):
        users.group_by("name").stream()
