"""`update` and `update_all` without names in a unit of work: what has changed is written, and where nothing has, the row is looked at."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import NoResultFound, ProgrammingError, StaleRow
from ferrow.testing import no_n_plus_one
from tests.support import entered, maybe
from tests.support.units import rows, two

CALLS = ["update", "update_all"]


async def write(work: Any, call: str, *instances: Any) -> None:
    if call == "update_all":
        await maybe(work.update_all(instances))
        return
    for one in instances:
        await maybe(work.update(one))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("way", ["block", "begin"])
async def test_a_version_that_is_not_that_of_the_row(
    session: Any, opened: Any, engine: Any, models: ModuleType, call: str, way: str
) -> None:
    account = models.Account
    await maybe(session.insert_all([account(balance=1), account(balance=2)]))
    async with entered(opened() if way == "block" else session.begin()) as found:
        work = found if way == "block" else session
        one, other = await maybe(work.query(account).order_by("id").all())
        await write(work, call, one, other)
        assert (one.version, other.version) == (1, 1)
        await maybe(engine.execute("UPDATE accounts SET version = 2 WHERE id = 2"))
        with pytest.raises(StaleRow, match=r"cannot update Account with id=2: .* since version 1") as caught:
            await write(work, call, one, other)
        assert (caught.value.model, caught.value.key, caught.value.version) == (account, 2, 1)
    assert await rows(session, account, "balance", "version") == [(1, 1), (2, 2)]


@pytest.mark.parametrize("call", CALLS)
async def test_a_row_that_is_gone(session: Any, opened: Any, models: ModuleType, call: str) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one, other = await maybe(work.query(models.Item).order_by("id").all())
        await write(work, call, one, other)
        await maybe(session.query(models.Item).filter(id=2).delete())
        with pytest.raises(NoResultFound, match="there is no Item with id=2 to update"):
            await write(work, call, one, other)


async def test_what_a_flush_has_just_written_is_not_looked_at(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ferrow.orm import updating

    await two(session, models)
    monkeypatch.setattr(updating, "look", None)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        one.count = 5
        await maybe(work.update(one))
        new = models.Item(name="new")
        work.add(new)
        await maybe(work.update(new))
        await maybe(work.commit())
    assert await rows(session, models.Item, "count") == [5, 0, 0]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("autoflush", [True, False])
async def test_others_columns_are_left_alone(
    session: Any, opened: Any, models: ModuleType, call: str, autoflush: bool
) -> None:
    item = models.Item
    await maybe(session.insert_all([item(name=f"{number}") for number in range(4)]))
    stranger = await maybe(session.get(item, 4))
    async with entered(opened(autoflush=autoflush)) as work:
        one, two_, three = await maybe(work.query(item).order_by("id").limit(3).all())
        one.count, two_.name, two_.count, stranger.count = 1, "two", 2, 4
        await maybe(session.query(item).update(document={"of": "others"}))
        await write(work, call, one, two_, three, stranger)
        assert work.dirty == []
        if autoflush and call == "update":
            await maybe(work.commit())
    theirs = {"of": "others"}
    assert await rows(session, item, "name", "count", "document") == [
        ("0", 1, theirs),
        ("two", 2, theirs),
        ("2", 0, theirs),
        ("3", 4, {}),  # followed by nobody: all of it is written
    ]


async def test_two_instances_of_one_row_that_have_changed_apart(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    twin = await maybe(session.get(models.Item, 1))
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        one.count = 1
        with pytest.raises(ProgrammingError, match="two instances of one row: Item with id=1"):
            await maybe(work.update_all([one, twin]))
        await maybe(work.rollback())


async def test_a_version_that_a_program_sets(session: Any, opened: Any, models: ModuleType) -> None:
    """A form that was shown version 1 comes back without a change."""
    account = models.Account
    await maybe(session.insert(account(balance=1)))
    await maybe(session.query(account).update(balance=2))
    for call in CALLS:
        async with entered(opened(autoflush=False)) as work:
            one = await maybe(work.get(account, 1))
            one.version = 1
            with pytest.raises(StaleRow, match="since version 1"):
                await write(work, call, one)
            await maybe(work.rollback())


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("nested", [False, True])
async def test_rows_are_looked_at_in_a_transaction_that_refuses_writes(
    session: Any, models: ModuleType, call: str, nested: bool
) -> None:
    await two(session, models)
    async with entered(session.begin(readonly=True)):
        one, other = await maybe(session.query(models.Item).order_by("id").all())
        if nested:
            async with entered(session.begin()):
                await write(session, call, one, other)
        await write(session, call, one, other)


async def test_looks_are_no_loop_of_reads(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        items = await maybe(work.query(models.Item).all())
        with no_n_plus_one(limit=2):
            await write(work, "update", *items)
