"""Whatever is held of an instance, and however, a change to it is saved: a unit of work lets go only of what nobody can reach."""

from __future__ import annotations

import gc
from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe
from tests.support.holding import INSTANCES, PARTS

DOCUMENT = {"list": [1], "deep": [[2]]}


async def filled(session: Any, models: ModuleType, count: int = 3) -> None:
    new = [models.Item(name=f"n{number}", document=DOCUMENT, tags=["a"]) for number in range(count)]
    await maybe(session.insert_all(new))


async def state(session: Any, models: ModuleType) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = await maybe(
        session.query(models.Item).order_by("id").values_list("count", "document", "tags")
    )
    return found


async def look(session: Any, models: ModuleType) -> None:
    """Have everything compared, and let go of. The thread of an SQLite connection holds the parameters of its last statement."""
    gc.collect()
    for _ in range(2):
        await maybe(session.query(models.Item).count())


async def held(session: Any, models: ModuleType, way: str, holders: dict[str, Any]) -> dict[str, Any]:
    """What holds each of the instances, read by a query or by a stream, which passes them one by one."""
    query = session.query(models.Item).order_by("id")
    found: dict[str, Any] = {}

    def hold(one: Any) -> None:
        name = [*holders][one.id - 1]
        try:
            found[name] = holders[name](one)
        except TypeError:
            assert hasattr(type(one), "__slots__"), name  # neither weak references nor a dictionary

    if way == "query":
        for one in await maybe(query.all()):
            hold(one)
        return found
    async with entered(query.stream(batch_size=1)) as stream:
        while piece := await maybe(stream.fetch(1)):
            hold(piece.pop())
    return found


@pytest.mark.parametrize("way", ["query", "stream"])
async def test_held_instances(session: Any, models: ModuleType, way: str) -> None:
    await filled(session, models, len(INSTANCES))
    async with entered(session.begin()):
        holding = await held(session, models, way, INSTANCES)
        await look(session, models)
        for give in holding.values():
            give().count = 5
        del give
        names = [*holding]
        holding.clear()
        await look(session, models)
    found = [count for count, _, _ in await state(session, models)]
    assert [name for name, count in zip(INSTANCES, found, strict=True) if count] == names


@pytest.mark.parametrize("way", ["query", "stream"])
async def test_held_parts(session: Any, models: ModuleType, way: str) -> None:
    await filled(session, models, len(PARTS))
    async with entered(session.begin()):
        holding = await held(session, models, way, PARTS)
        await look(session, models)
        for change in holding.values():
            change(7)
    assert await state(session, models) == [
        (0, DOCUMENT | {"more": 7}, ["a"]),
        (0, DOCUMENT | {"list": [1, 7]}, ["a"]),
        (0, DOCUMENT | {"deep": [[2, 7]]}, ["a"]),
        (0, DOCUMENT | {"more": 7}, ["a"]),
        (0, DOCUMENT | {"list": [1, 7]}, ["a"]),
        (0, DOCUMENT, ["a", "7"]),
    ]


async def test_changed_while_read_and_never_held(session: Any, models: ModuleType) -> None:
    await filled(session, models, 9)
    async with entered(session.begin()):
        [setattr(one, "count", 1) for one in (await maybe(session.query(models.Item).filter(id__lt=4).all()))]
        await look(session, models)
        stream = session.query(models.Item).filter(id__gt=3).order_by("id").stream(batch_size=2)
        if hasattr(stream, "__aiter__"):
            async for one in stream:
                one.count = 2
        else:
            for one in stream:
                one.count = 2
        del one
    assert [row[0] for row in await state(session, models)] == [1, 1, 1, 2, 2, 2, 2, 2, 2]


async def test_what_an_instance_has_besides_its_row_stays(session: Any, models: ModuleType) -> None:
    """One row is one instance: who reads it again finds what he has put there."""
    await filled(session, models)
    async with entered(session.begin()):
        one = await maybe(session.get(models.Item, 1))
        try:
            object.__setattr__(one, "note", "mine")
        except AttributeError:
            pytest.skip("these instances have slots only")
        del one
        await look(session, models)
        assert (await maybe(session.get(models.Item, 1))).note == "mine"


async def test_a_part_of_what_was_let_go_of_and_read_again(session: Any, models: ModuleType) -> None:
    """The instance is another one, and what holds for one holds for it."""
    await filled(session, models)
    async with entered(session.begin()):
        for turn in range(4):
            document = (await maybe(session.get(models.Item, 2))).document
            await look(session, models)
            document["list"].append(turn)
            del document
            await look(session, models)
    assert (await state(session, models))[1][1]["list"] == [1, 0, 1, 2, 3]


async def test_a_savepoint_gives_back_what_is_held_by_a_part(session: Any, models: ModuleType) -> None:
    await filled(session, models)
    async with entered(session.begin()):
        document = (await maybe(session.get(models.Item, 2))).document
        document["before"] = True
        await look(session, models)
        with pytest.raises(ZeroDivisionError):
            async with entered(session.begin()):
                document["inside"] = True
                await look(session, models)
                raise ZeroDivisionError
        again = await maybe(session.get(models.Item, 2))
        assert again.document == DOCUMENT | {"before": True}
        again.document["after"] = True
    assert (await state(session, models))[1][1] == DOCUMENT | {"before": True, "after": True}
