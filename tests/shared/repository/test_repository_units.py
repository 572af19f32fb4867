"""Repositories inside a session's unit of work of the same engine: both see the same rows and the same objects."""

from __future__ import annotations

from typing import Any

import pytest

import ferrow
from ferrow.repository import C
from tests.support import entered, maybe
from tests.support.repository_models import Person, Post


@pytest.fixture
def orm(kit: Any) -> Any:
    return (ferrow.AsyncSession if kit.colour == "async" else ferrow.Session)(kit.engine)


async def test_a_repository_sees_what_is_pending(kit: Any, orm: Any) -> None:
    repo = kit.repo(Person)
    async with entered(orm.begin()) as unit:
        unit.add(Person(email="pending"))
        assert await maybe(repo.count()) == 1
        (found,) = await maybe(repo.list())
        found.name = "changed"
        assert await maybe(repo.exists(C.eq("name", "changed")))  # written before the question
    assert [one.name for one in await maybe(repo.list())] == ["changed"]


async def test_what_a_repository_writes_is_followed(kit: Any, orm: Any) -> None:
    repo = kit.repo(Person)
    async with entered(orm.begin()):
        ada = await maybe(repo.insert(Person(email="a")))
        many = await maybe(repo.insert_many([Person(email="b"), Person(email="c")]))
        ada.name = "Ada"
        many[1].age = 7
        assert await maybe(repo.get(ada.id)) is ada
        assert await maybe(repo.update(many[0])) == 1
        assert await maybe(repo.delete(many[0])) == 1
    assert [(one.name, one.age) for one in await maybe(repo.list(order_by="id"))] == [("Ada", 0), ("", 7)]


async def test_a_rollback_takes_keys_back(kit: Any, orm: Any) -> None:
    repo = kit.repo(Person)
    one = Person(email="a")
    with pytest.raises(ZeroDivisionError):
        async with entered(orm.begin()):
            await maybe(repo.insert(one))
            raise ZeroDivisionError
    assert (one.id, await maybe(repo.count())) == (None, 0)


async def test_get_or_create_inside(kit: Any, orm: Any) -> None:
    repo = kit.repo(Person)
    async with entered(orm.begin()):
        made, created = await maybe(repo.get_or_create(lookup={"email": "a"}))
        again = await maybe(repo.get_or_create(lookup={"email": "a"}))
        assert (created, again) == (True, (made, False))
        made.age = 3
    assert (await maybe(repo.get(made.id))).age == 3


async def test_a_session_inside_a_repository_s_session(kit: Any, orm: Any) -> None:
    session = kit.Session(kit.source)
    with pytest.raises(ZeroDivisionError):
        async with entered(session):
            await maybe(session.insert(Post(title="a")))
            await maybe(orm.insert(Post(title="b")))
            assert await maybe(orm.query(Post).count()) == 2
            raise ZeroDivisionError
    assert await maybe(orm.query(Post).count()) == 0
