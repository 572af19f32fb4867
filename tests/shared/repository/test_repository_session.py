"""Sessions of repositories: transactions, and savepoints inside them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support import entered, maybe
from tests.support.repository_models import Person


async def emails(session: Any) -> list[str]:
    return [one.email for one in await maybe(session.list(Person, order_by="id"))]


async def test_a_block_is_kept_or_not(kit: Any) -> None:
    session = kit.Session(kit.source)
    async with entered(session) as inside:
        assert inside is session
        await maybe(session.insert(Person(email="kept")))
    with pytest.raises(ZeroDivisionError):
        async with entered(session):
            await maybe(session.insert(Person(email="gone")))
            assert await emails(session) == ["kept", "gone"]
            raise ZeroDivisionError
    await maybe(session.insert(Person(email="alone")))  # outside of any block each call commits by itself
    assert await emails(kit.Session(kit.source)) == ["kept", "alone"]


@pytest.mark.parametrize("outer", ["begin", "transaction", "with"])
async def test_a_block_inside_is_a_savepoint(kit: Any, outer: str) -> None:
    """Defects 2 and 4: the inner block committed the outer one, or was refused."""
    session = kit.Session(kit.source)
    async with entered(session if outer == "with" else getattr(session, outer)()):
        await maybe(session.insert(Person(email="a")))
        async with entered(session.begin()) as inside:
            assert inside is session
            await maybe(session.insert(Person(email="b")))
        with pytest.raises(ZeroDivisionError):
            async with entered(session.transaction()):
                await maybe(session.insert(Person(email="c")))
                raise ZeroDivisionError
        assert await emails(session) == ["a", "b"]
    assert await emails(session) == ["a", "b"]
    with pytest.raises(ZeroDivisionError):  # what a block inside has done goes with the one around it
        async with entered(session.begin()):
            async with entered(session.begin()):
                await maybe(session.insert(Person(email="d")))
            raise ZeroDivisionError
    assert await emails(session) == ["a", "b"]


async def test_entering_twice(kit: Any) -> None:
    session = kit.Session(kit.source)
    async with entered(session):
        with pytest.raises(RuntimeError, match="session transaction is already active"):
            async with entered(session):
                pass
        await maybe(session.insert(Person(email="a")))
    async with entered(session.begin()):
        with pytest.raises(RuntimeError, match="session transaction is already active"):
            async with entered(session):
                pass
    async with entered(session):  # once again is no trouble
        pass
    assert await emails(session) == ["a"]


async def test_a_block_is_entered_once(kit: Any) -> None:
    session = kit.Session(kit.source)
    block = session.begin()
    async with entered(block):
        with pytest.raises(RuntimeError, match=r"this block is open already; call begin\(\) again"):
            async with entered(block):
                pass
        await maybe(session.insert(Person(email="a")))
    async with entered(block):  # over and over
        await maybe(session.insert(Person(email="b")))
    assert await emails(session) == ["a", "b"]


async def test_two_tasks_that_enter_one_session(url: str) -> None:
    """Each must not end the other's transaction: the second is told to use begin()."""
    from ferrow import create_engine
    from ferrow.repository import AsyncSession

    engine = await create_engine(url)
    session = AsyncSession(engine, auto_schema=True)
    await session.register(Person)

    async def work(email: str) -> None:
        async with session:
            await session.insert(Person(email=email))
            await asyncio.sleep(0)

    results = await asyncio.gather(work("a"), work("b"), return_exceptions=True)
    assert results[0] is None
    assert isinstance(results[1], RuntimeError)
    assert await emails(session) == ["a"]
    async with session:
        await session.insert(Person(email="c"))
    await engine.close()


async def test_the_hub_of_a_session(kit: Any) -> None:
    session = kit.Session(kit.source)
    assert isinstance(session.hub, kit.Hub)
    assert session.db is kit.source
    async with entered(session.begin()):
        await maybe(session.hub.insert(Person(email="a")))
        assert await maybe(session.repo(Person).count()) == 1
        other = kit.repo(Person)  # any repository of the engine is in it
        assert await maybe(other.count()) == 1


async def test_tasks_that_share_a_session_have_transactions_of_their_own(url: str, backend: str) -> None:
    from ferrow import create_engine
    from ferrow.repository import AsyncSession

    engine = await create_engine(url)
    session = AsyncSession(engine, auto_schema=True)
    await session.register(Person)
    begun = asyncio.Event()

    async def kept() -> None:
        if backend != "sqlite":  # there one waits for the other
            await begun.wait()
        async with session.begin():
            await session.insert(Person(email="kept"))

    async def undone() -> None:
        async with session.begin():
            await session.insert(Person(email="gone"))
            begun.set()
            raise ZeroDivisionError

    results = await asyncio.gather(kept(), undone(), return_exceptions=True)
    assert [type(one) for one in results] == [type(None), ZeroDivisionError]
    assert [one.email for one in await session.list(Person)] == ["kept"]
    await engine.close()
