"""Transactions of sessions: what an exception leaves behind (nothing), and who belongs to them."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, create_engine, session_context
from ferrow.errors import ForeignKeyViolation, NoResultFound, UniqueViolation
from tests.support import entered, maybe


class Mistake(Exception):
    pass


async def count(session: Any, models: ModuleType) -> int:
    found: int = await maybe(session.query(models.User).count())
    return found


def user(models: ModuleType, name: str) -> Any:
    return models.User(name=name, email=name)


async def test_the_engine_of_a_session(session: Any, engine: Any, models: ModuleType) -> None:
    assert session.engine is engine
    async with entered(session) as block:
        assert block.engine is engine
    with pytest.raises(Mistake):
        async with entered(session.begin()):
            assert session.engine is engine
            async with entered(session.engine.transaction()) as inner:
                await maybe(inner.execute("INSERT INTO users (name, email) VALUES ('ada', 'ada')"))
            assert await count(session, models) == 1
            raise Mistake
    assert await count(session, models) == 0


async def test_begin_commits(session: Any, models: ModuleType) -> None:
    async with entered(session.begin()) as tx:
        ada = user(models, "ada")
        tx.add(ada).add_all([user(models, "bob"), user(models, "eve")])
        assert ada.id is None
        await maybe(tx.flush())
        assert ada.id is not None
        tx.add(models.Post(title="x", author_id=ada.id))
        await maybe(session.insert(user(models, "dan")))

    assert await count(session, models) == 4
    assert (await maybe(session.query(models.Post).one())).author_id == ada.id


async def test_exception_leaves_nothing_behind(session: Any, models: ModuleType) -> None:
    kept = await maybe(session.insert(user(models, "kept")))
    with pytest.raises(Mistake):
        async with entered(session.begin()) as tx:
            tx.add(user(models, "a"))
            await maybe(session.insert(user(models, "b")))
            await maybe(session.insert_all([user(models, "c"), user(models, "d")]))
            await maybe(session.update(kept, age=5))
            await maybe(session.query(models.User).filter(name="b").delete())
            await maybe(tx.flush())
            tx.add(user(models, "e"))
            raise Mistake

    assert [found.name for found in await maybe(session.query(models.User).all())] == ["kept"]
    assert (await maybe(session.get(models.User, kept.id))).age is None
    async with entered(session.begin()):
        pass  # what was added in the failed block is forgotten
    assert await count(session, models) == 1


async def test_failure_at_the_end_leaves_nothing_behind(session: Any, models: ModuleType) -> None:
    with pytest.raises(UniqueViolation):
        async with entered(session.begin()) as tx:
            await maybe(session.insert(user(models, "a")))
            tx.add_all([user(models, "b"), user(models, "a")])
    with pytest.raises(NoResultFound):
        async with entered(session.begin()) as tx:
            tx.add(user(models, "c")).delete(models.User(id=99, name="x", email="x"))

    assert await count(session, models) == 0
    await maybe(session.insert(user(models, "a")))


async def test_delete_in_a_block(session: Any, models: ModuleType) -> None:
    ada = await maybe(session.insert(user(models, "ada")))
    post = await maybe(session.insert(models.Post(title="x", author_id=ada.id)))

    async with entered(session.begin()) as tx:
        tx.delete(ada).delete(post)  # the post goes first, because it refers to her

    assert await count(session, models) == await maybe(session.query(models.Post).count()) == 0


async def test_nested_block_is_undone_alone(session: Any, models: ModuleType) -> None:
    async with entered(session.begin()) as outer:
        await maybe(session.insert(user(models, "outer")))
        with pytest.raises(Mistake):
            async with entered(session.begin()) as inner:
                await maybe(session.insert(user(models, "inner")))
                inner.add(user(models, "added inside"))
                raise Mistake
        with pytest.raises(UniqueViolation):
            async with entered(session.begin()) as inner:
                inner.add(user(models, "outer"))
        async with entered(session.begin()) as inner:
            inner.add(user(models, "second"))
        outer.add(user(models, "added outside"))

    found = await maybe(session.query(models.User).order_by("name").values_list("name", flat=True))
    assert sorted(found) == ["added outside", "outer", "second"]


async def test_outer_exception_undoes_the_nested_block_too(session: Any, models: ModuleType) -> None:
    with pytest.raises(Mistake):
        async with entered(session.begin()):
            async with entered(session.begin()) as inner:
                inner.add(user(models, "inner"))
            assert await count(session, models) == 1
            raise Mistake

    assert await count(session, models) == 0


async def test_session_context(engine: Any, session: Any, models: ModuleType) -> None:
    async with entered(session_context(engine)) as inside:
        await maybe(inside.insert(user(models, "a")))
        await maybe(inside.insert(user(models, "b")))
    with pytest.raises(Mistake):
        async with entered(session_context(engine)) as inside:
            await maybe(inside.insert(user(models, "c")))
            assert await count(inside, models) == 3
            raise Mistake
    with pytest.raises(ForeignKeyViolation):
        async with entered(session_context(engine)) as inside:
            await maybe(inside.insert(user(models, "d")))
            await maybe(inside.insert(models.Post(title="x", author_id=99)))

    assert await count(session, models) == 2


async def test_everybody_inside_a_transaction_of_the_engine_joins_it(
    engine: Any, session: Any, models: ModuleType
) -> None:
    with pytest.raises(Mistake):
        async with entered(engine.transaction()) as transaction:
            await maybe(session.insert(user(models, "a")))
            async with entered(session.begin()) as tx:
                tx.add(user(models, "b"))
            async with entered(session_context(engine)) as other:
                await maybe(other.insert(user(models, "c")))
            assert await maybe(transaction.execute("DELETE FROM users WHERE name = 'c'")) == 1
            assert await count(session, models) == 2
            raise Mistake

    assert await count(session, models) == 0


async def test_session_as_a_block_commits_each_call(session: Any, models: ModuleType) -> None:
    with pytest.raises(Mistake):
        async with entered(session) as same:
            assert same is session
            await maybe(session.insert(user(models, "a")))
            raise Mistake

    assert await count(session, models) == 1
    await maybe(session.close())


@pytest.mark.parametrize("colour", ["async"])
async def test_tasks_share_a_session(session: Any, models: ModuleType) -> None:
    """Each task has its own transaction; one that fails takes nobody with it."""

    async def work(number: int) -> None:
        async with session.begin() as tx:
            tx.add(user(models, f"task {number}"))
            await tx.flush()
            await asyncio.sleep(0)
            if number % 2:
                raise Mistake

    done = await asyncio.gather(*[work(number) for number in range(20)], return_exceptions=True)

    assert [type(result) for result in done] == [type(None), Mistake] * 10
    assert await count(session, models) == 10
    found = await asyncio.gather(*[session.get(models.User, number) for number in range(40)])
    assert sum(one is not None for one in found) == 10


@pytest.mark.parametrize("colour", ["async"])
async def test_cancelled_block_leaves_nothing_behind(session: Any, models: ModuleType) -> None:
    """Wherever the cancellation arrives, in a statement, in the flush or in COMMIT: all of it or nothing."""

    async def work(number: int) -> None:
        async with session.begin() as tx:
            await session.insert(user(models, f"first {number}"))
            tx.add(user(models, f"second {number}"))

    for number in range(40):
        task = asyncio.create_task(work(number))
        await asyncio.sleep(number * 0.0001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    names = await session.query(models.User).values_list("name", flat=True)
    first, second = ({name.split()[1] for name in names if name.startswith(part)} for part in ("first", "second"))
    assert first == second
    await session.insert(user(models, "the session goes on"))


async def test_session_context_of_an_engine_that_was_not_awaited(url: str, models: ModuleType) -> None:
    engine = create_engine(url)
    await engine.create_all_async(models.User, models.Post)
    async with session_context(engine) as inside:
        await inside.insert(models.User(name="Ada", email="ada@example.com"))
    with pytest.raises(ValueError, match="enough"):
        async with session_context(engine) as inside:
            await inside.insert(models.User(name="Bob", email="bob@example.com"))
            raise ValueError("enough")
    assert [user.name for user in await AsyncSession(engine).query(models.User).all()] == ["Ada"]
    await engine.aio.close()
