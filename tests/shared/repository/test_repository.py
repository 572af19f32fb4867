"""Every method of a repository, with what it returns and what it refuses."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import ferrow
from ferrow.errors import DataError, InterfaceError, ModelError, UniqueViolation
from ferrow.repository import C
from tests.support import entered, maybe
from tests.support.repository_models import Article, Author, Counter, Frozen, Level, Membership, Person, Post, Status
from tests.support.repository_rows import people

AT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678)
KEY = UUID("12345678123456781234567812345678")


async def test_insert_returns_the_same_object_with_its_key(kit: Any) -> None:
    repo = kit.repo(Person)
    ada = Person(email="ada@x.org")
    assert await maybe(repo.insert(ada)) is ada
    assert ada.id == 1
    assert await maybe(repo.get(1)) == ada
    zero = await maybe(repo.insert(Person(id=40, email="b")))
    assert zero.id == 40
    with pytest.raises(UniqueViolation):
        await maybe(repo.insert(Person(email="ada@x.org")))
    with pytest.raises(TypeError, match="takes instances of Person"):
        await maybe(repo.insert(Counter()))


def seen_elsewhere(kit: Any, url: str, sql: str) -> list[Any]:
    """A column, as another connection reads it: of the same copy of SQLite, as two in a process do not see each other's locks."""
    if isinstance(getattr(kit.source, "conn", None), sqlite3.Connection):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
            return [value for (value,) in other.execute(sql)]
    with ferrow.create_engine(url) as engine:
        return [value for (value,) in engine.query(sql)]


async def test_what_is_written_outside_a_transaction_is_kept(kit: Any, url: str) -> None:
    """Defect 1: nothing was committed. That shows on another connection only."""
    people, authors = kit.repo(Person), kit.repo(Author)

    async def written(call: Any, *emails: str) -> Any:
        made = await maybe(call)
        assert sorted(seen_elsewhere(kit, url, "SELECT email FROM person")) == sorted(emails)
        return made

    ada = await written(people.insert(Person(email="a")), "a")
    await written(people.insert_many([Person(email="b"), Person(email="c"), Person(email="d")]), *"abcd")
    ada.email = "A"
    await written(people.update(ada), *"Abcd")
    await written(people.update_where({"email": "B"}, where=C.eq("email", "b")), *"ABcd")
    await written(people.get_or_create(lookup={"email": "e"}), *"ABcde")
    await written(people.delete(ada), *"Bcde")
    await written(people.delete_where(where=C.eq("email", "c")), *"Bde")
    await written(people.create(Person(email="f")), *"Bdef")
    await maybe(authors.create(Author(), relations={"posts": [Post()]}))
    assert seen_elsewhere(kit, url, "SELECT author_id FROM post") == [1]


async def test_a_row_of_defaults(kit: Any) -> None:
    """Defect 22: MySQL has no DEFAULT VALUES."""
    repo = kit.repo(Counter)
    assert [(await maybe(repo.insert(Counter()))).id for _ in range(2)] == [1, 2]
    with pytest.raises(ValueError, match=r"Cannot UPDATE model with no writable columns besides primary key."):
        await maybe(repo.update(Counter(id=1)))


async def test_frozen_objects_get_their_key(kit: Any) -> None:
    repo = kit.repo(Frozen)
    one = await maybe(repo.insert(Frozen(name="ice")))
    assert one.id == 1
    assert [each.id for each in await maybe(repo.insert_many([Frozen(name="a"), Frozen(name="b")]))] == [2, 3]


async def test_insert_many(kit: Any) -> None:
    repo = kit.repo(Person)
    given = [Person(email=f"{number}@x.org") for number in range(300)]
    made = await maybe(repo.insert_many(iter(given)))
    assert all(a is b for a, b in zip(made, given, strict=True))
    assert sorted(one.id for one in made) == list(range(1, 301))
    assert await maybe(repo.insert_many([])) == []
    with pytest.raises(UniqueViolation):  # all or none
        await maybe(repo.insert_many([Person(email="new"), Person(email="1@x.org")]))
    assert await maybe(repo.count()) == 300


async def test_update(kit: Any) -> None:
    repo = await people(kit)
    ada = await maybe(repo.get(1))
    ada.age = 37
    assert await maybe(repo.update(ada)) == 1
    assert await maybe(repo.update(ada)) == 1  # matched, though nothing changes
    assert (await maybe(repo.get(1))).age == 37
    assert await maybe(repo.update(Person(id=99, email="z"))) == 0
    with pytest.raises(ValueError, match=r"Cannot UPDATE without PK set on object."):
        await maybe(repo.update(Person()))


async def test_delete(kit: Any) -> None:
    repo = await people(kit)
    assert await maybe(repo.delete(await maybe(repo.get(1)))) == 1
    assert await maybe(repo.delete(Person(id=1))) == 0
    assert await maybe(repo.get(1)) is None
    with pytest.raises(ValueError, match=r"Cannot DELETE without PK set on object."):
        await maybe(repo.delete(Person()))


async def test_values_of_every_kind_come_back_as_they_are(kit: Any) -> None:
    repo = kit.repo(Article)
    given = Article(
        status=Status.PUBLISHED,
        level=Level.HIGH,
        payload={"views": 1, "by": ["ada"]},
        tags=["orm"],
        extra="hello",
        price=Decimal("12.50"),
        at=AT,
        key=KEY,
    )
    made = await maybe(repo.insert(given))
    loaded = await maybe(repo.get(made.id))
    assert loaded == given
    assert (type(loaded.status), type(loaded.level), type(loaded.price)) == (Status, Level, Decimal)
    digits = await maybe(repo.insert(Article(extra="123")))
    assert (await maybe(repo.get(digits.id))).extra == "123"  # text stays text inside a JSON column
    assert await maybe(repo.count(C.eq("status", Status.DRAFT))) == 1
    assert await maybe(repo.count(C.eq("status", "published"))) == 1
    assert await maybe(repo.count(C.in_("level", [Level.HIGH, Level.LOW]))) == 2
    assert await maybe(repo.count(C.like("status", "pub%"))) == 1  # a pattern is no member
    assert await maybe(repo.update_where({"status": Status.DRAFT, "tags": ["a"]}, where=C.eq("key", KEY))) == 1
    assert (await maybe(repo.get(made.id))).tags == ["a"]
    with pytest.raises(DataError, match="not a valid Status"):
        await maybe(repo.list(C.eq("status", "wrong")))


async def test_keys_of_several_columns(kit: Any) -> None:
    repo = kit.repo(Membership)
    await maybe(repo.insert_many([Membership("ada", "chess", 1), Membership("ada", "go", 1)]))
    found = await maybe(repo.get(("ada", "go")))
    assert found == Membership("ada", "go", 1)
    found.number = 7
    assert await maybe(repo.update(found)) == 1
    assert (await maybe(repo.get({"person": "ada", "club": "go"}))).number == 7
    assert await maybe(repo.delete(found)) == 1
    assert await maybe(repo.count()) == 1


async def test_a_replaced_method_is_called_by_the_others(kit: Any) -> None:
    repo = kit.repo(Person)
    insert, seen = repo.insert, []

    def audited(obj: Any) -> Any:
        seen.append(obj.email)
        return insert(obj)

    repo.insert = audited
    await maybe(repo.get_or_create(lookup={"email": "a"}))
    await maybe(repo.create(Person(email="b")))
    assert seen == ["a", "b"]
    hub = kit.Hub(kit.source)
    hub.repo(Person).insert = audited
    await maybe(hub.insert(Person(email="c")))
    assert seen == ["a", "b", "c"]


async def test_it_joins_the_transaction_around_it(kit: Any) -> None:
    repo = kit.repo(Person)
    with pytest.raises(ZeroDivisionError):
        async with entered(kit.engine.transaction()):
            await maybe(repo.insert(Person(email="a")))
            assert await maybe(repo.count()) == 1
            raise ZeroDivisionError
    assert await maybe(repo.count()) == 0


async def test_a_subscript_and_what_a_repository_knows(kit: Any) -> None:
    repo = kit.Repository[Person](kit.source, Person)
    assert (repo.db, repo.model, repo.meta.table, repo.d.name) == (
        kit.source,
        Person,
        "person",
        {"sqlite": "sqlite", "postgresql": "postgres", "mysql": "mysql"}[kit.engine.dialect.name],
    )
    assert (repo.meta.pk.name, repo.meta.auto_pk.name, repo.meta.writable_columns) == (
        "id",
        "id",
        ("email", "name", "age", "city"),
    )
    assert "Person" in repr(repo)


async def test_models_that_are_none(kit: Any) -> None:
    from dataclasses import dataclass

    @dataclass
    class Keyless:
        name: str = ""

    with pytest.raises(ValueError, match=r"Keyless has no PK field. Use field\(metadata=\{'pk': True\}\)."):
        kit.repo(Keyless)
    with pytest.raises(ModelError, match="not a model"):
        kit.repo(int)
    with pytest.raises(ValueError, match=r"schema_conflict must be one of: raise, recreate."):
        kit.repo(Person, schema_conflict="drop")
    with pytest.raises(InterfaceError, match="needs a Database or an engine"):
        kit.Repository(object(), Person)
