"""Hubs: one object for all models."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.repository import C
from tests.support import maybe
from tests.support.repository_models import Author, Person, Post


async def test_every_method(kit: Any) -> None:
    hub = kit.Hub(kit.source)
    ada = await maybe(hub.insert(Person(email="a", age=1)))
    bob = await maybe(hub.insert(Person, Person(email="b", age=2)))
    assert await maybe(hub.insert_many([Person(email="c"), Person(email="d")]))
    assert len(await maybe(hub.insert_many(Person, [Person(email="e")]))) == 1
    assert await maybe(hub.insert_many(Person, [])) == []
    ada.name = "Ada"
    assert (await maybe(hub.update(ada)), await maybe(hub.update(Person, bob))) == (1, 1)
    assert (await maybe(hub.get(Person, ada.id))).name == "Ada"
    assert [one.email for one in await maybe(hub.list(Person, C.gt("age", 0), "-age", 1))] == ["b"]
    assert [one.email for one in await maybe(hub.list(Person, order_by="email", offset=3))] == ["d", "e"]
    assert (await maybe(hub.count(Person)), await maybe(hub.exists(Person, C.eq("age", 9)))) == (5, False)
    assert await maybe(hub.update_where(Person, {"age": 9}, where=C.eq("email", "c"))) == 1
    assert await maybe(hub.delete_where(Person, where=C.eq("email", "c"))) == 1
    assert (await maybe(hub.delete(ada)), await maybe(hub.delete(Person, bob))) == (1, 1)
    assert not (await maybe(hub.get_or_create(Person, lookup={"email": "d"})))[1]
    author = await maybe(hub.create(Author(name="x"), relations={"posts": [Post(title="p")]}))
    await maybe(hub.create(Author, Author(name="y")))
    assert len((await maybe(hub.get_related(Author, author.id, include="posts"))).relations["posts"]) == 1
    assert [
        len(one.relations["posts"]) for one in await maybe(hub.list_related(Author, include=["posts"], order_by="id"))
    ] == [1, 0]


async def test_queries_say_what_lists_cannot(kit: Any) -> None:
    from ferrow import func

    hub = kit.Hub(kit.source, require_registration=True)
    with pytest.raises(ValueError, match="Model Person is not registered"):
        hub.query(Person)
    await maybe(hub.register(Person))
    await maybe(hub.insert_many([Person(email=str(number), age=number % 2) for number in range(5)]))
    ages = hub.query(Person).group_by("age").annotate(people=func.count()).order_by("age")
    assert await maybe(ages.values_list("age", "people")) == [(0, 3), (1, 2)]
    assert await maybe(hub.repo(Person).query().filter(age=1).sum("age")) == 2


async def test_repositories_are_kept(kit: Any) -> None:
    hub = kit.Hub(kit.source)
    assert hub.repo(Person) is hub.repo(Person)
    assert await maybe(hub.register(Person)) is hub.repo(Person)
    assert (hub.is_registered(Person), hub.is_registered(Post), hub.db) == (True, False, kit.source)


async def test_what_it_refuses(kit: Any) -> None:
    hub = kit.Hub(kit.source)
    for call, error, message in (
        (lambda: hub.insert(Person), TypeError, "Object instance is required when passing a model class."),
        (lambda: hub.update(Person), TypeError, "Object instance is required when passing a model class."),
        (lambda: hub.insert(Person(), Person()), TypeError, "must be a model class"),
        (lambda: hub.delete(Person, Author()), TypeError, "expected Person, got Author"),
        (lambda: hub.create(Author, Person(), relations={}), TypeError, "expected Author, got Person"),
        (lambda: hub.insert_many(Person), ValueError, "sequence is required"),
        (lambda: hub.insert_many([]), ValueError, "Cannot infer model from an empty objects sequence"),
        (lambda: hub.insert_many([Person(), Author()]), TypeError, "expected Person, got Author"),
        (lambda: hub.insert_many(Person, [Author()]), TypeError, "expected Person, got Author"),
        (lambda: hub.insert_many(7), TypeError, "takes a sequence"),
    ):
        with pytest.raises(error, match=message):
            await maybe(call())
    with pytest.raises(ValueError, match="schema_conflict must be one of"):
        kit.Hub(kit.source, schema_conflict="x")


async def test_a_strict_hub(kit: Any) -> None:
    hub = kit.Hub(kit.source, require_registration=True)
    with pytest.raises(
        ValueError, match=r"Model Person is not registered. Call register\(\) before performing actions."
    ):
        await maybe(hub.count(Person))
    await maybe(hub.register_many([Author, Person]))
    assert await maybe(hub.count(Person)) == 0
    with pytest.raises(ValueError, match="Model Post is not registered"):
        await maybe(hub.create(Author(), relations={"posts": [Post()]}))
    await maybe(hub.register(Post))
    await maybe(hub.create(Author(), relations={"posts": [Post()]}))
    assert await maybe(hub.count(Post)) == 1
