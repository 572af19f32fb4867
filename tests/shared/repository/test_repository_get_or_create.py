"""`get_or_create`: found or made, by whatever keeps rows unique, also inside transactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ferrow.errors import IntegrityError, UnknownColumn
from tests.support import entered, maybe
from tests.support.repository_models import AUTO, Membership, Person


async def test_it_makes_a_row_once(kit: Any) -> None:
    repo = kit.repo(Person)
    made, created = await maybe(repo.get_or_create(lookup={"email": "a"}, defaults={"name": "Ada"}))
    assert (made.id, made.name, created) == (1, "Ada", True)
    found, created = await maybe(repo.get_or_create(lookup={"email": "a"}, defaults={"name": "Other"}))
    assert (found, created) == (made, False)
    assert await maybe(repo.get_or_create(lookup={"id": made.id})) == (made, False)
    assert (await maybe(repo.get_or_create(lookup={"id": 50}, defaults={"email": "b"})))[1]


async def test_a_conflict_leaves_the_transaction_usable(kit: Any) -> None:
    repo = kit.repo(Person)
    await maybe(repo.insert(Person(email="a")))
    async with entered(kit.engine.transaction()):
        await maybe(repo.insert(Person(email="before")))
        assert not (await maybe(repo.get_or_create(lookup={"email": "a"})))[1]
        assert (await maybe(repo.get_or_create(lookup={"email": "new"})))[1]
        await maybe(repo.insert(Person(email="after")))
    assert [one.email for one in await maybe(repo.list(order_by="email"))] == ["a", "after", "before", "new"]


async def test_unique_indexes_of_several_columns_count(kit: Any) -> None:
    repo = kit.repo(Membership)
    lookup = {"club": "chess", "number": 1}
    made, created = await maybe(repo.get_or_create(lookup=lookup, defaults={"person": "ada"}))
    assert (made, created) == (Membership("ada", "chess", 1), True)
    assert await maybe(repo.get_or_create(lookup=lookup, defaults={"person": "bob"})) == (made, False)
    assert await maybe(repo.get_or_create(lookup={"person": "ada", "club": "chess"})) == (made, False)
    for wrong in ({"club": "chess"}, {"person": "ada", "number": 1}, {"number": 1}):
        with pytest.raises(ValueError, match="requires lookup fields backed by a UNIQUE or PRIMARY KEY constraint"):
            await maybe(repo.get_or_create(lookup=wrong))


async def test_none_in_a_lookup_finds_the_row_without_a_value(bare: Any) -> None:
    """Defect 37: NULL is equal to nothing."""

    @dataclass
    class Slot:
        id: int | None = field(default=None, metadata=AUTO)
        place: int | None = field(default=None, metadata={"unique": True})

    repo = bare.repo(Slot)
    await maybe(bare.engine.create_all(Slot))
    made, created = await maybe(repo.get_or_create(lookup={"place": None}))
    assert created
    assert await maybe(repo.get_or_create(lookup={"place": None})) == (made, False)
    assert (await maybe(repo.get_or_create(lookup={"place": 1})))[1]


async def test_what_it_refuses(kit: Any) -> None:
    repo = kit.repo(Person)
    with pytest.raises(ValueError, match=r"lookup must not be empty."):
        await maybe(repo.get_or_create(lookup={}))
    with pytest.raises(ValueError, match="requires lookup fields backed by a UNIQUE or PRIMARY KEY"):
        await maybe(repo.get_or_create(lookup={"name": "x"}))
    with pytest.raises(UnknownColumn, match="Did you mean 'name'"):
        await maybe(repo.get_or_create(lookup={"email": "x"}, defaults={"nme": 1}))
    await maybe(repo.insert(Person(id=7, email="taken")))
    with pytest.raises(IntegrityError):  # another constraint is in the way
        await maybe(repo.get_or_create(lookup={"email": "free"}, defaults={"id": 7}))
    assert await maybe(repo.count()) == 1


async def test_errors_of_other_drivers_are_known_by_their_name(kit: Any) -> None:
    class IntegrityError(Exception):
        """Of a driver that nobody here has heard of."""

    repo = kit.repo(Person)
    there = await maybe(repo.insert(Person(email="a")))

    def refusing(obj: Any) -> Any:
        raise IntegrityError

    repo.insert = refusing
    assert await maybe(repo.get_or_create(lookup={"email": "a"})) == (there, False)
    with pytest.raises(IntegrityError):
        await maybe(repo.get_or_create(lookup={"email": "b"}))


def test_many_at_once_make_one_row(url: str) -> None:
    import threading

    from ferrow import create_engine
    from ferrow.repository import Repository

    engine = create_engine(url, acquire_timeout=60)
    repo = Repository(engine, Person, auto_schema=True)
    repo.register()
    made: list[bool] = []

    def work() -> None:
        for number in range(5):
            made.append(repo.get_or_create(lookup={"email": f"{number}@x.org"})[1])

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(made), sum(made), repo.count()) == (20, 5, 5)
    engine.close()
