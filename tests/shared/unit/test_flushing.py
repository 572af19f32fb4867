"""What one flush brings together: rows that take the place of others, and values that the database computes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import column, create_engine
from ferrow.errors import DataError, NoResultFound, StaleRow, UniqueViolation
from tests.support import entered, maybe


async def counts(session: Any, models: ModuleType) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = await maybe(
        session.query(models.Item).order_by("id").values_list("id", "name", "count")
    )
    return found


async def test_a_key_that_is_deleted_and_added(session: Any, opened: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a"), models.Item(name="b")]))
    async with entered(opened()) as work:
        await maybe(work.delete(await maybe(work.get(models.Item, 1))))
        work.add(models.Item(id=1, name="new"))
        await maybe(work.commit())
    assert await counts(session, models) == [(1, "new", 0), (2, "b", 0)]


async def test_a_unique_value_that_is_deleted_and_added(session: Any, opened: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a"), models.Item(name="b")]))
    async with entered(opened()) as work:
        one, two = await maybe(work.query(models.Item).order_by("id").all())
        await maybe(work.delete(one))
        work.add(models.Item(name="a", count=1))
        two.count = 2
        await maybe(work.commit())
    assert sorted((name, count) for _, name, count in await counts(session, models)) == [("a", 1), ("b", 2)]


async def test_a_replacement_that_fails_changes_nothing(session: Any, opened: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a"), models.Item(name="b")]))
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        await maybe(work.delete(one))
        new, taken = models.Item(id=1, name="new"), models.Item(name="b")
        work.add_all([new, taken])
        with pytest.raises(UniqueViolation):
            await maybe(work.commit())
        assert work.new == [new, taken]
        assert work.deleted == [one]
        work.expunge(taken)
        await maybe(work.commit())
    assert await counts(session, models) == [(1, "new", 0), (2, "b", 0)]


async def test_expressions_are_computed_by_the_flush(session: Any, opened: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name=f"n{number}", count=number) for number in range(3)]))
    count = column(models.Item, lambda item: item.count)
    async with entered(opened()) as work:
        found = await maybe(work.query(models.Item).order_by("id").all())
        for one in found[:2]:
            one.count = count + 10
        found[1].name = "changed"
        found[2].count = 7
        await maybe(work.flush())
        assert [one.count for one in found] == [10, 11, 7]
        assert work.dirty == []
        await maybe(work.commit())
    assert [count for _, _, count in await counts(session, models)] == [10, 11, 7]


async def test_an_expression_that_is_undone_is_to_be_computed_again(session: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a", count=5), models.Item(name="b")]))
    count = column(models.Item, lambda item: item.count)
    async with entered(session.begin()):
        one, taken = await maybe(session.get(models.Item, 1)), models.Item(name="b")
        one.count = count + 1
        session.add(taken)
        with pytest.raises(UniqueViolation):
            await maybe(session.flush())
        session.expunge(taken)
        await maybe(session.flush())
        assert one.count == 6
    assert [count for _, _, count in await counts(session, models)] == [6, 0]


async def test_expressions_and_versions(session: Any, opened: Any, models: ModuleType) -> None:
    await maybe(session.insert(models.Account(balance=5)))
    balance = column(models.Account, lambda account: account.balance)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Account, 1))
        one.balance = balance * 2
        await maybe(work.commit())
        assert (one.balance, one.version) == (10, 2)
        one.balance = balance * 2
        await maybe(session.query(models.Account).update(balance=1))
        with pytest.raises(StaleRow):
            await maybe(work.commit())
        await maybe(work.rollback())
    assert await maybe(session.query(models.Account).values_list("balance", "version")) == [(1, 3)]


async def test_upsert_counts_versions(session: Any, models: ModuleType) -> None:
    """What was given for the version, its default for one, would reset it."""
    await maybe(session.insert(models.Account(balance=5)))
    for balance in (6, 7):
        given = models.Account(id=1, balance=balance)
        await maybe(session.upsert(given, "id"))
    assert (given.balance, given.version) == (7, 3)
    await maybe(
        session.upsert_all([models.Account(id=1, balance=8), models.Account(id=2, balance=9)], "id", ["balance"])
    )
    _, created = await maybe(session.create_or_update(models.Account(id=1, balance=10), "id"))
    assert not created
    found = await maybe(session.query(models.Account).order_by("id").values_list("balance", "version"))
    assert found == [(10, 5), (9, 1)]


@pytest.mark.parametrize("doing", ["update", "delete"])
async def test_a_new_row_with_the_key_of_one_that_is_gone(
    session: Any, opened: Any, models: ModuleType, doing: str
) -> None:
    """SQLite gives numbers again: neither is the change lost, nor does the deletion hit the new row."""
    await maybe(session.insert(models.Item(name="a")))
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        await maybe(session.query(models.Item).delete())
        if doing == "update":
            one.count = 5
        else:
            await maybe(work.delete(one))
        new = models.Item(id=1, name="new")
        work.add(new)
        with pytest.raises(NoResultFound, match=f"no Item with id=1 to {doing}"):
            await maybe(work.flush())
        assert work.new == [new]
        work.expunge(one)
        await maybe(work.commit())
    assert await counts(session, models) == [(1, "new", 0)]


@pytest.mark.parametrize("way", ["insert", "insert_all", "upsert", "add", "change", "change many"])
@pytest.mark.parametrize("style", ["declarative", "dataclass"])  # Pydantic's own validation says so before
async def test_wrong_types_are_named_before_anything_is_sent(
    session: Any, opened: Any, models: ModuleType, way: str
) -> None:
    await maybe(session.insert_all([models.Item(name=f"n{number}") for number in range(10)]))
    wrong = models.Item(name="wrong", count="x")
    with pytest.raises(DataError, match=r"Item\.count.*(expected int, got|takes int, not) str 'x'"):
        if way == "insert_all":
            await maybe(session.insert_all([models.Item(name="right"), wrong]))
        elif way in ("insert", "upsert"):
            await maybe(session.insert(wrong) if way == "insert" else session.upsert(wrong, "name"))
        else:
            async with entered(opened()) as work:
                if way == "add":
                    work.add(wrong)
                else:
                    for one in (await maybe(work.query(models.Item).all()))[: 10 if "many" in way else 1]:
                        one.count = "x"
                await maybe(work.commit())
    assert [count for _, _, count in await counts(session, models)] == [0] * 10


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("count", [3, 20])
async def test_rows_are_written_in_the_order_of_their_keys(
    session: Any, models: ModuleType, url: str, colour: str, count: int
) -> None:
    """However they were read: programs that change the same rows do not wait for each other in a circle."""
    await maybe(session.insert_all([models.Item(name=f"n{number}") for number in range(count)]))
    traces: list[Any] = []
    engine: Any = create_engine(url, trace=traces.append, trace_values=True)
    if colour == "async":
        engine = await engine
    async with entered(type(session)(engine)) as work:
        for one in await maybe(work.query(models.Item).order_by("-id").all()):
            one.count = one.id
        await maybe(work.commit())
    await maybe(engine.close())
    (sent,) = [trace.values for trace in traces if trace.sql.startswith("UPDATE")]
    columns = [each for each in sent if isinstance(each, list)]  # PostgreSQL gets many rows by column
    rows = [*zip(*columns, strict=True)] if columns else sent
    assert [row[0] for row in rows] == [row[-1] for row in rows] == sorted(row[0] for row in rows)
    assert len(rows) == count
