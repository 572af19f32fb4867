"""What a unit of work compares before each statement, and what it need not compare because nobody can have changed it."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe
from tests.support.colours import Runner


def followed(tx: Any, model: type) -> dict[Any, Any]:
    """The instances of a model that are followed in a `begin()` block, by key."""
    unit = (tx._core if hasattr(tx, "_core") else tx)._unit
    found: dict[Any, Any] = unit.groups[model].instances if model in unit.groups else {}
    return found


async def filled(session: Any, models: ModuleType, count: int) -> None:
    new = [models.Item(name=f"n{number}", document={"list": [number]}) for number in range(count)]
    await maybe(session.insert_all(new))


async def counts(session: Any, models: ModuleType) -> list[int]:
    found: list[int] = await maybe(session.query(models.Item).order_by("id").values_list("count", flat=True))
    return found


def test_statements_cost_no_more_calls_for_what_is_followed(session: Any, models: ModuleType, runner: Runner) -> None:
    """The program holds all of them, so each may have been changed; but no Python code runs for any of them."""

    async def called(count: int) -> int:
        calls = 0

        def count_call(frame: Any, event: str, argument: Any) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        async with entered(session.begin()) as tx:
            held = await maybe(session.query(models.Item).limit(count).all())
            for _ in range(2):  # the first time something is looked up that is kept
                calls = 0
                sys.setprofile(count_call)
                try:
                    await maybe(session.query(models.Item).filter(id=1).count())
                    await maybe(session.get(models.Item, -1))
                finally:
                    sys.setprofile(None)
            assert len(followed(tx, models.Item)) == len(held) == count
        return calls

    async def compare() -> None:
        await filled(session, models, 300)
        few, many = await called(3), await called(300)
        assert abs(many - few) < 150  # one for each would be 600; whether a read moves to a thread varies

    runner.run(compare())


async def test_what_nobody_holds_is_let_go_of(session: Any, models: ModuleType) -> None:
    await filled(session, models, 40)
    async with entered(session.begin()) as tx:
        kept = (await maybe(session.query(models.Item).order_by("id").all()))[7]
        await maybe(session.insert_all([models.Item(name=f"new {number}") for number in range(20)]))
        for _ in range(2):  # the thread of an SQLite connection holds the parameters of its last statement
            await maybe(session.query(models.Item).count())
        assert [*followed(tx, models.Item)] == [8]
        assert await maybe(session.get(models.Item, 8)) is kept
        kept.count = 1
    assert (await counts(session, models))[7] == 1


@pytest.mark.parametrize("way", ["attribute", "document", "inside a document"])
async def test_what_was_changed_is_saved_although_nobody_holds_it(session: Any, models: ModuleType, way: str) -> None:
    """Neither the instance, nor what was taken out of it before and is changed afterwards."""
    await filled(session, models, 3)
    async with entered(session.begin()):
        one = await maybe(session.get(models.Item, 2))
        taken = one.document if way == "document" else one.document["list"]
        if way == "attribute":
            one.count = 5
            del taken
        del one
        await maybe(session.query(models.Item).count())
        await maybe(session.query(models.Item).count())
        if way == "document":
            taken["more"] = 1
        elif way == "inside a document":
            taken.append(7)
    found = await maybe(session.get(models.Item, 2))
    expected = {"attribute": (5, {"list": [1]}), "document": (0, {"list": [1], "more": 1})}
    assert (found.count, found.document) == expected.get(way, (0, {"list": [1, 7]}))


async def test_a_rollback_reaches_what_was_let_go_of_and_read_again(session: Any, models: ModuleType) -> None:
    await filled(session, models, 2)
    async with entered(session.begin()):
        with pytest.raises(ZeroDivisionError):
            async with entered(session.begin()):
                (await maybe(session.get(models.Item, 1))).count = 5
                await maybe(session.insert(models.Item(name="new")))
                for _ in range(2):
                    await maybe(session.query(models.Item).count())
                again, new = await maybe(session.query(models.Item).filter(id__in=[1, 3]).order_by("id").all())
                assert (again.count, new.name) == (5, "new")
                raise ZeroDivisionError
        assert again.count == 0
        assert new.id is None
        again.count = 6
    assert await counts(session, models) == [6, 0]


async def test_an_expunged_instance_loses_the_key_that_is_undone(session: Any, models: ModuleType) -> None:
    await filled(session, models, 1)
    with pytest.raises(ZeroDivisionError):
        async with entered(session.begin()):
            new = await maybe(session.insert(models.Item(name="new")))
            session.expunge(new)
            raise ZeroDivisionError
    assert new.id is None
    await maybe(session.insert(new))
    assert len(await counts(session, models)) == 2


@pytest.mark.parametrize("times", [1, 2])
async def test_so_does_one_whose_row_was_read_again(session: Any, models: ModuleType, times: int) -> None:
    await filled(session, models, 1)
    with pytest.raises(ZeroDivisionError):
        async with entered(session.begin()):
            all_of_them = [await maybe(session.insert(models.Item(name="new")))]
            for _ in range(times):
                session.expunge(all_of_them[-1])
                all_of_them.append(await maybe(session.get(models.Item, all_of_them[0].id)))
            raise ZeroDivisionError
    assert [one.id for one in all_of_them] == [None] * (times + 1)


async def test_a_block_keeps_what_it_wrote_until_that_is_committed(
    session: Any, opened: Any, models: ModuleType
) -> None:
    """A commit that is refused makes it pending again."""
    await filled(session, models, 1)
    async with entered(opened()) as work:
        (await maybe(work.get(models.Item, 1))).count = 5
        work.add(models.Item(name="new"))
        for _ in range(3):
            await maybe(work.query(models.Item).count())
        unit = (work._core if hasattr(work, "_core") else work)._unit()
        assert sorted(unit.groups[models.Item].instances) == [1, 2]
        await maybe(work.commit())
        await maybe(work.query(models.Item).count())
        await maybe(work.query(models.Item).count())
        assert [*unit.groups[models.Item].instances] == []
    assert await counts(session, models) == [5, 0]
