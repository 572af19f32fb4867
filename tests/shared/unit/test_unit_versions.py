"""Versions of rows, and instances that are read again: refreshed, merged, streamed."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import column
from ferrow.errors import NoResultFound, OperationalError, ProgrammingError, StaleRow
from tests.support import entered, maybe
from tests.support.units import rows, two

# --- refresh, merge -------------------------------------------------------------------------------------------------------


async def test_refresh(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        one.name, one.count = "mine", 3
        await maybe(work.refresh(one, "count"))
        assert (one.name, one.count) == ("mine", 0)
        assert work.is_modified(one)
        await maybe(work.refresh(one))
        assert one.name == "a"
        assert not work.is_modified(one)
        await maybe(session.query(models.Item).delete())
        with pytest.raises(NoResultFound, match="there is no Item with id=1 to refresh"):
            await maybe(work.refresh(one))
    stranger = await maybe(session.insert(models.Item(name="c")))
    stranger.name = "changed"
    await maybe(session.refresh(stranger))
    assert stranger.name == "c"


async def test_merge(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    theirs = await maybe(session.get(models.Item, 1))
    theirs.name, theirs.document["n"] = "theirs", [7]
    async with entered(opened()) as work:
        one = await maybe(work.merge(theirs))
        assert one is not theirs
        assert one is await maybe(work.get(models.Item, 1))
        assert await maybe(work.merge(one)) is one
        new = await maybe(work.merge(models.Item(name="new")))
        await maybe(work.commit())
        assert new.id == 3
        theirs.document["n"].append(8)
        assert work.dirty == []
    assert await rows(session, models.Item, "name", "document") == [("theirs", {"n": [7]}), ("b", {}), ("new", {})]


# --- versions -------------------------------------------------------------------------------------------------------------


async def test_versions(session: Any, opened: Any, models: ModuleType) -> None:
    account = models.Account
    await maybe(session.insert_all([account(balance=1), account(balance=2)]))
    async with entered(opened()) as work:
        one, other = await maybe(work.query(account).order_by("id").all())
        assert (one.version, other.version) == (1, 1)
        one.balance, other.balance = 10, 20
        await maybe(work.commit())
        assert (one.version, other.version) == (2, 2)
        await maybe(session.query(account).filter(id=1).update(balance=5))
        one.balance, other.balance = 11, 21
        with pytest.raises(StaleRow, match=r"cannot update Account with id=1: .* since version 2") as caught:
            await maybe(work.commit())
        assert (caught.value.model, caught.value.key, caught.value.version) == (account, 1, 2)
        assert isinstance(caught.value, OperationalError)
        assert (one.version, other.version) == (2, 2)
        await maybe(work.refresh(one))
        one.balance += 1
        await maybe(work.commit())
        assert (one.version, other.version) == (4, 3)
        await maybe(session.execute_raw("UPDATE accounts SET version = 9 WHERE id = 2"))
        await maybe(work.delete(other))
        with pytest.raises(StaleRow, match="cannot delete Account with id=2"):
            await maybe(work.commit())
        await maybe(work.rollback())
    assert await rows(session, account, "balance", "version") == [(6, 4), (21, 9)]


async def test_versions_of_single_calls(session: Any, models: ModuleType) -> None:
    account = models.Account
    one = await maybe(session.insert(account(balance=1)))
    same = await maybe(session.get(account, one.id))
    await maybe(session.update(one, balance=2))
    assert one.version == 2
    with pytest.raises(StaleRow):
        await maybe(session.update(same, balance=3))
    assert (same.balance, same.version) == (1, 1)
    with pytest.raises(StaleRow):
        await maybe(session.remove(same))
    same.version = None
    with pytest.raises(ProgrammingError, match="the version of a Account is None"):
        await maybe(session.update(same, balance=3))
    await maybe(session.update(one))
    assert one.version == 3
    await maybe(session.remove(one))


@pytest.mark.parametrize("doing", ["change", "update", "compute", "delete"])
async def test_the_version_a_program_says_it_has_seen(
    session: Any, opened: Any, models: ModuleType, doing: str
) -> None:
    """A web client sends back the version it was shown: a newer row is not overwritten."""
    account = models.Account
    await maybe(session.insert(account(balance=1)))
    await maybe(session.query(account).update(balance=2))
    async with entered(opened()) as work:
        one = await maybe(work.get(account, 1))
        for seen in (1, 2):
            one.version = seen
            if doing == "change":
                one.balance = 7
            elif doing == "compute":
                one.balance = column(account, lambda model: model.balance) + 5
            elif doing == "delete":
                await maybe(work.delete(one))
            if seen == 2:
                await maybe(work.update(one, balance=7) if doing == "update" else work.commit())
                await maybe(work.commit())
                break
            with pytest.raises(StaleRow, match="since version 1") as caught:
                await maybe(work.update(one, balance=7) if doing == "update" else work.commit())
            assert caught.value.version == 1
            await maybe(work.rollback())
            one = await maybe(work.get(account, 1))
    assert await rows(session, account, "balance", "version") == ([] if doing == "delete" else [(7, 3)])


async def test_the_version_seen_is_given_to_update(session: Any, models: ModuleType) -> None:
    account = models.Account
    one = await maybe(session.insert(account(balance=1)))
    await maybe(session.update(one, balance=2))
    with pytest.raises(StaleRow, match="since version 1"):
        await maybe(session.update(one, balance=3, version=1))
    assert (one.balance, one.version) == (2, 2)
    await maybe(session.update(one, balance=3, version=2))
    assert (one.balance, one.version) == (3, 3)
    assert await rows(session, account, "balance", "version") == [(3, 3)]


async def test_a_row_read_again_keeps_the_version_that_changes_rest_on(
    session: Any, opened: Any, models: ModuleType
) -> None:
    account = models.Account
    await maybe(session.insert(account(balance=1)))
    async with entered(opened(autoflush=False)) as work:
        one = await maybe(work.get(account, 1))
        one.balance += 1
        await maybe(session.query(account).update(balance=100))
        await maybe(work.get(account, 1))
        with pytest.raises(StaleRow):
            await maybe(work.commit())
        await maybe(work.rollback())


# --- streams --------------------------------------------------------------------------------------------------------------


async def test_a_stream_does_not_fill_the_memory(session: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name=f"n{number}") for number in range(30)]))
    kept = []
    async with entered(session.begin()) as tx:
        stream = session.query(models.Item).order_by("id").stream(batch_size=5)
        async with entered(stream) as rows_of:
            number = 0
            while piece := await maybe(rows_of.fetch(5)):
                for item in piece:
                    if number == 3:
                        item.count = 1
                    if number == 7:
                        kept.append(item)
                    number += 1
                del item, piece
        unit = (tx._core if hasattr(tx, "_core") else tx)._unit
        assert len(unit.groups[models.Item].instances) <= 2 + 5
        kept[0].count = 2
    assert await rows(session, models.Item, "count") == [0, 0, 0, 1, 0, 0, 0, 2, *[0] * 22]
