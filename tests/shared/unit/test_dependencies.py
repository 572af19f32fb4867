"""Dependencies of FastAPI that yield a session: their beginning, the handler and their end do not run in one context."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI

from ferrow import AsyncSession, Session, session_context
from ferrow.errors import ProgrammingError
from tests.support import maybe
from tests.support.units import Mistake, rows, two

pytestmark = pytest.mark.only(style="declarative")

Dependency = Callable[[], Iterator[Any]]


def block(engine: Any) -> Iterator[Any]:
    with Session(engine) as session:
        yield session
        session.commit()


def context(engine: Any) -> Iterator[Any]:
    with session_context(engine) as session:
        yield session


def tx(engine: Any) -> Iterator[Any]:
    with Session(engine).begin() as tx:
        yield tx


def both(engine: Any) -> Iterator[Any]:
    with Session(engine) as session, session.begin():
        yield session


def begin(engine: Any) -> Iterator[Any]:
    session = Session(engine)
    with session.begin():
        yield session


def transaction(engine: Any) -> Iterator[Any]:
    with Session(engine).transaction() as session:
        yield session


async def asked(dependency: Any, handler: Callable[..., Any]) -> int:
    """The status of the answer of a program that has one handler, which is given what the dependency yields."""
    app = FastAPI()
    app.add_api_route("/", handler)
    app.dependency_overrides[given] = dependency
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return (await client.get("/")).status_code


def given() -> None:
    """What handlers ask for."""


GIVEN = Depends(given)


def depends(dependency: Callable[[Any], Iterator[Any]], engine: Any) -> Dependency:
    def own() -> Iterator[Any]:
        yield from dependency(engine)

    return own


@pytest.mark.parametrize("colour", ["sync"])
@pytest.mark.parametrize("dependency", [block, context, tx, both])
@pytest.mark.parametrize("failing", [False, True])
async def test_what_a_handler_in_a_thread_adds(
    session: Any, engine: Any, models: ModuleType, dependency: Any, failing: bool
) -> None:
    item = models.Item

    def handler(own: Any = GIVEN) -> None:
        own.add(item(name="mine"))
        if dependency is not both:
            own.flush()
        own.add(item(name="later"))
        if failing:
            raise Mistake

    answer = asked(depends(dependency, engine), handler)
    if failing:
        with pytest.raises(Mistake):
            asyncio.run(answer)
    else:
        assert asyncio.run(answer) == 200
    assert await rows(session, item, "name") == ([] if failing else ["mine", "later"])


@pytest.mark.parametrize("colour", ["sync"])
@pytest.mark.parametrize("dependency", [block, context])
async def test_what_a_handler_in_a_thread_changes(
    session: Any, engine: Any, models: ModuleType, dependency: Any
) -> None:
    item = models.Item
    await two(session, models)

    def handler(own: Any = GIVEN) -> None:
        own.query(item).filter(name="a").one().count = 5

    assert asyncio.run(asked(depends(dependency, engine), handler)) == 200
    assert await rows(session, item, "count") == [5, 0]


@pytest.mark.parametrize("colour", ["sync"])
@pytest.mark.parametrize("dependency", [begin, transaction])
@pytest.mark.parametrize("doing", ["add", "delete", "change"])
async def test_the_block_of_a_bare_session_says_what_it_has_missed(
    session: Any, engine: Any, models: ModuleType, dependency: Any, doing: str
) -> None:
    item = models.Item
    await two(session, models)

    def handler(own: Any = GIVEN) -> None:
        if doing == "add":
            own.add(item(name="mine"))
            return
        one = own.query(item).filter(name="a").one()
        if doing == "delete":
            own.delete(one)
        else:
            one.count = 5

    missed = {"add": "a new Item", "delete": "a deleted Item", "change": "instances that were read"}[doing]
    with pytest.raises(ProgrammingError, match=rf"(?s){missed}.*with Session\(engine\) as session: yield session"):
        asyncio.run(asked(depends(dependency, engine), handler))
    assert await rows(session, item, "name", "count") == [("a", 0), ("b", 0)]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("way", ["begin", "block"])
async def test_an_asynchronous_dependency_is_in_the_context_of_its_handler(
    session: Any, engine: Any, models: ModuleType, way: str
) -> None:
    item = models.Item
    await two(session, models)

    async def dependency() -> AsyncIterator[Any]:
        own = AsyncSession(engine)
        if way == "begin":
            async with own.begin():
                yield own
            return
        async with own:
            yield own
            await own.commit()

    async def handler(own: Any = GIVEN) -> None:
        one = await own.query(item).filter(name="a").one()
        one.count = 5
        own.add(item(name="mine"))

    assert await asked(dependency, handler) == 200
    assert await maybe(rows(session, item, "name", "count")) == [("a", 5), ("b", 0), ("mine", 0)]
