"""A unit of work: what is read is followed, what is changed is written, once, and nothing is lost in silence."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import NoResultFound, ProgrammingError
from tests.support import entered, items, maybe
from tests.support.units import rows, two

# --- identity and changes -------------------------------------------------------------------------------------------------


async def test_changed_attributes_are_saved_by_commit(session: Any, opened: Any, models: ModuleType) -> None:
    """O-D23: the original never saves them."""
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        assert work.dirty == []
        one.name = "changed"
        one.document["n"].append(2)
        one.tags.append("t")
        assert work.dirty == [one]
        assert await maybe(work.flush()) is None
        assert work.dirty == []
        one.count = 5
        await maybe(work.commit())
        assert work.dirty == []
    assert await rows(session, models.Item, "name", "count", "document", "tags") == [
        ("changed", 5, {"n": [1, 2]}, ["t"]),
        ("b", 0, {}, []),
    ]


async def test_documents_are_compared_by_type_too(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        one.document["n"][0] = True
        await maybe(work.commit())
        one.document["n"][0] = 1.5
        one.document["n"][0] = True
        assert work.dirty == []
    assert (await maybe(session.get(models.Item, 1))).document["n"][0] is True


async def test_one_row_is_one_instance(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        assert await maybe(work.get(models.Item, 1)) is one
        assert (await maybe(work.query(models.Item).filter(name="a").first())) is one
        found = await maybe(work.query(models.Item).order_by("id").all())
        assert found[0] is one
        assert next(iter(await items(work.query(models.Item).order_by("id").stream()))) is one
        page = await maybe(work.query(models.Item).order_by("id").page(1, size=5))
        assert page.items[0] is one
        assert (await maybe(work.query(models.Item).in_bulk([1])))[1] is one
    assert await maybe(session.get(models.Item, 1)) is not one
    async with entered(opened()) as work:
        assert await maybe(work.get(models.Item, 1)) is not one


async def test_a_row_read_again_is_never_stale(session: Any, opened: Any, models: ModuleType) -> None:
    """O-D23: the original answers from memory for ever."""
    await two(session, models)
    async with entered(opened(autoflush=False)) as work:
        one = await maybe(work.get(models.Item, 1))
        await maybe(session.query(models.Item).filter(id=1).update(name="theirs", count=7))
        one.name = "mine"
        assert await maybe(work.get(models.Item, 1)) is one
        assert (one.name, one.count) == ("mine", 7)  # what was changed here stays, the rest is fresh
        await maybe(work.commit())
    assert await rows(session, models.Item, "name", "count") == [("mine", 7), ("b", 0)]


async def test_a_document_read_again_is_another_one(session: Any, opened: Any, models: ModuleType) -> None:
    """docs/sessions.md says so. In place it would reach everybody who has put the same dict into something else."""
    await two(session, models)
    shared = {"n": [0]}
    async with entered(opened()) as work:
        one, other = await maybe(work.query(models.Item).order_by("id").all())
        one.document = other.document = shared
        await maybe(work.commit())
        await maybe(session.query(models.Item).filter(id=1).update(document={"n": [7]}))
        await maybe(work.get(models.Item, 1))
        assert (one.document, shared) == ({"n": [7]}, {"n": [0]})
        assert other.document is shared
        assert work.dirty == []
        shared["n"].append(1)
        assert work.dirty == [other]
        one.document["n"].append(8)
        await maybe(work.commit())
    assert await rows(session, models.Item, "document") == [{"n": [7, 8]}, {"n": [0, 1]}]


async def test_only_changed_columns_are_written(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        await maybe(session.query(models.Item).filter(id=1).update(count=7))
        one.name = "mine"
        await maybe(work.commit())
    assert await rows(session, models.Item, "name", "count") == [("mine", 7), ("b", 0)]


async def test_a_changed_key_is_written(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        one.id = 10
        await maybe(work.commit())
        one.name = "again"
        await maybe(work.commit())
        assert await maybe(work.get(models.Item, 10)) is one
        one.id = 11
        await maybe(work.flush())
        await maybe(work.rollback())
        assert one.id == 10
    assert await rows(session, models.Item, "id", "name") == [(2, "b"), (10, "again")]


async def test_instances_that_were_added_are_followed(session: Any, opened: Any, models: ModuleType) -> None:
    async with entered(opened()) as work:
        one, other = models.Item(name="a"), models.Item(name="b")
        work.add(one)
        work.add_all([one, other])
        assert work.new == [one, other]
        await maybe(work.commit())
        assert work.new == []
        assert (one.id, other.id) == (1, 2)
        one.count, other.count = 1, 2
        await maybe(work.commit())
        assert one in work
        third = await maybe(work.insert(models.Item(name="c")))
        third.count = 3
        await maybe(work.commit())
    assert await rows(session, models.Item, "count") == [1, 2, 3]


# --- deleting -------------------------------------------------------------------------------------------------------------


async def test_delete(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Item, 1))
        one.name = "not written"
        await maybe(work.delete(one))
        assert work.deleted == [one]
        assert work.dirty == []
        await maybe(work.commit())
        new = models.Item(name="new")
        work.add(new)
        await maybe(work.delete(new))
        assert work.new == work.deleted == []
        other = await maybe(work.get(models.Item, 2))
        await maybe(work.delete(other))
        work.add(other)
        await maybe(work.commit())
    assert await rows(session, models.Item, "name") == ["b"]


async def test_what_was_never_inserted_cannot_be_deleted(session: Any, opened: Any, models: ModuleType) -> None:
    """O-D27: the original fails with a TypeError, after sending a DELETE."""
    async with entered(opened()) as work:
        with pytest.raises(ProgrammingError, match=r"cannot delete this Item: its id is None.*Insert it first"):
            await maybe(work.delete(models.Item(name="x")))
    with pytest.raises(ProgrammingError, match="Insert it first"):
        await maybe(session.delete(models.Item(name="x")))


async def test_rows_that_are_gone_are_an_error(session: Any, opened: Any, models: ModuleType) -> None:
    """O-D27: in the original the update of a missing row is silent."""
    await two(session, models)
    async with entered(opened()) as work:
        one, other = await maybe(work.query(models.Item).order_by("id").all())
        await maybe(session.query(models.Item).filter(id=1).delete())
        one.name, other.name = "lost", "kept"
        with pytest.raises(NoResultFound, match="there is no Item with id=1 to update"):
            await maybe(work.commit())
        assert work.dirty == [one, other]
        work.expunge(one)
        await maybe(work.commit())
        await maybe(session.query(models.Item).delete())
        await maybe(work.delete(other))
        with pytest.raises(NoResultFound, match="there is no Item with id=2 to delete"):
            await maybe(work.commit())
        work.expunge(other)
    with pytest.raises(NoResultFound):
        await maybe(session.update(one, name="lost"))
    with pytest.raises(NoResultFound):
        await maybe(session.remove(one))


# --- order ----------------------------------------------------------------------------------------------------------------


async def test_rows_of_one_table_that_refer_to_each_other(session: Any, opened: Any, models: ModuleType) -> None:
    node = models.Node
    async with entered(opened()) as work:
        work.add_all([node(id=3, parent_id=2), node(id=2, parent_id=1), node(id=4, parent_id=1, item_id=9), node(id=1)])
        work.add(models.Item(id=9, name="late"))
        await maybe(work.commit())
        found = await maybe(work.query(node).order_by("id").all())
        for one in found:
            await maybe(work.delete(one))
        await maybe(work.commit())
        work.add_all([node(id=1, parent_id=2), node(id=2, parent_id=1)])
        with pytest.raises(ProgrammingError, match="2 instances of Node refer to each other in a circle"):
            await maybe(work.commit())
        await maybe(work.rollback())
    assert await rows(session, node, "id") == []
