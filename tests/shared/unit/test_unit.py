"""A unit of work: what is read is followed, what is changed is written, once, and nothing is lost in silence."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import session_context
from ferrow.errors import (
    InterfaceError,
    NoResultFound,
    OperationalError,
    ProgrammingError,
    StaleRow,
    UniqueViolation,
)
from tests.support import entered, items, maybe


class Mistake(Exception):
    pass


async def rows(session: Any, model: Any, *columns: str) -> list[Any]:
    found: list[Any] = await maybe(session.query(model).order_by("id").values_list(*columns, flat=len(columns) == 1))
    return found


async def two(session: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a", document={"n": [1]}), models.Item(name="b")]))


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


# --- errors ---------------------------------------------------------------------------------------------------------------


async def test_a_failed_flush_leaves_a_usable_session(session: Any, opened: Any, models: ModuleType) -> None:
    """O-D17: in the original every later insert fails, too."""
    await two(session, models)
    async with entered(opened()) as work:
        fine, bad = models.Item(name="fine"), models.Item(name="a")
        other = await maybe(work.get(models.Item, 2))
        work.add_all([fine, bad])
        other.count = 3
        for _ in range(2):
            with pytest.raises(UniqueViolation):
                await maybe(work.commit())
            assert work.new == [fine, bad]
            assert work.dirty == [other]
            assert fine.id is bad.id is None
        assert await maybe(session.query(models.Item).count()) == 2
        work.expunge(bad)
        await maybe(work.commit())
        bad.name = "mended"
        work.add(bad)
        await maybe(work.commit())
    assert await rows(session, models.Item, "name", "count") == [("a", 0), ("b", 3), ("fine", 0), ("mended", 0)]


async def test_a_failed_flush_keeps_what_was_flushed_before(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        first, bad = models.Item(name="first"), models.Item(name="a")
        work.add(first)
        await maybe(work.flush())
        work.add(bad)
        with pytest.raises(UniqueViolation):
            await maybe(work.query(models.Item).count())
        bad.name = "c"
        assert await maybe(work.query(models.Item).count()) == 4
        await maybe(work.commit())
    assert await rows(session, models.Item, "name") == ["a", "b", "first", "c"]


async def test_a_failed_flush_in_begin_can_be_mended(session: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(session.begin()) as tx:
        bad = models.Item(name="a")
        tx.add(bad)
        with pytest.raises(UniqueViolation):
            await maybe(tx.flush())
        bad.name = "c"
    assert await rows(session, models.Item, "name") == ["a", "b", "c"]


async def test_a_session_outside_of_blocks_collects(session: Any, models: ModuleType) -> None:
    one, bad = models.Item(name="a"), models.Item(name="a")
    session.add_all([one, bad])
    with pytest.raises(UniqueViolation):
        await maybe(session.commit())
    assert session.new == [one, bad]
    assert one.id is None
    session.expunge(bad)
    await maybe(session.commit())
    assert session.new == []
    assert await rows(session, models.Item, "name") == ["a"]
    await maybe(session.delete(one))
    await maybe(session.rollback())
    await maybe(session.commit())
    await maybe(session.delete(one))
    await maybe(session.commit())
    assert await rows(session, models.Item, "name") == []


async def test_writes_are_not_lost_in_silence(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    await maybe(session.commit())  # nothing was read: nothing can be lost
    for read in (lambda: session.get(models.Item, 1), session.query(models.Item).first):
        one = await maybe(read())
        one.name = "lost"
        with pytest.raises(ProgrammingError, match=r"with Session\(engine\) as session"):
            await maybe(session.commit())
    with pytest.raises(ProgrammingError, match=r"unsaved changes: Item with id=1 \(name, count\)"):
        async with entered(opened()) as work:
            one = await maybe(work.get(models.Item, 1))
            one.name, one.count = "lost", 3
    with pytest.raises(ProgrammingError, match="unsaved changes: a new Item"):
        async with entered(opened()) as work:
            work.add(models.Item(name="c"))
    with pytest.raises(ProgrammingError, match="unsaved changes: what was flushed"):
        async with entered(opened()) as work:
            work.add(models.Item(name="c"))
            await maybe(work.flush())
    with pytest.raises(Mistake):
        async with entered(opened()) as work:
            work.add(models.Item(name="c"))
            raise Mistake
    assert await rows(session, models.Item, "name") == ["a", "b"]


async def test_what_does_not_belong_to_the_unit(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    stranger = await maybe(session.get(models.Item, 1))
    with pytest.raises(ProgrammingError, match=r"merge.*needs a session that follows"):
        await maybe(session.merge(stranger))
    async with entered(opened()) as work:
        for doing in (work.expunge, work.is_modified):
            with pytest.raises(ProgrammingError, match="does not belong to this session's unit of work"):
                doing(stranger)
        with pytest.raises(InterfaceError, match="open already"):
            async with entered(work):
                pass
        async with entered(work.begin()):
            with pytest.raises(ProgrammingError, match=r"commit\(\) inside a begin\(\) block"):
                await maybe(work.commit())
            with pytest.raises(ProgrammingError, match=r"rollback\(\) inside a begin\(\) block"):
                await maybe(work.rollback())
    async with entered(session.begin()):
        with pytest.raises(ProgrammingError, match=r"commit\(\) inside a begin\(\) block"):
            await maybe(session.commit())


# --- transactions ---------------------------------------------------------------------------------------------------------


async def test_what_happens_in_a_block_is_undone_by_an_exception(session: Any, engine: Any, models: ModuleType) -> None:
    """O-D1: the original only forgets what it has not sent yet."""
    await two(session, models)
    for block in (session.begin(), session_context(engine)):
        new = models.Item(name="new")
        with pytest.raises(Mistake):
            async with entered(block):
                one = await maybe(session.get(models.Item, 1))
                await maybe(session.update(one, name="changed"))
                await maybe(session.insert(new))
                await maybe(session.remove(await maybe(session.get(models.Item, 2))))
                raise Mistake
        assert await rows(session, models.Item, "name") == ["a", "b"]


async def test_begin_saves_changes_and_sees_them(session: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(session.begin()) as tx:
        one = await maybe(session.get(models.Item, 1))
        one.count = 4
        new = models.Item(name="new")
        tx.add(new)
        assert await maybe(session.query(models.Item).filter(count=4).count()) == 1  # flushed before
        assert new.id == 3
        new.count = 5
    assert await rows(session, models.Item, "count") == [4, 0, 5]


async def test_session_context_follows(session: Any, engine: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(session_context(engine)) as work:
        (await maybe(work.get(models.Item, 1))).count = 4
    assert await rows(session, models.Item, "count") == [4, 0]
    one = models.Item(name="a")
    with pytest.raises(UniqueViolation):
        async with entered(session_context(engine)) as work:
            (await maybe(work.get(models.Item, 2))).count = 4
            work.add(one)
    assert one.id is None
    assert await rows(session, models.Item, "count") == [4, 0]


async def test_rollback_gives_back_what_the_rows_hold(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one, other = await maybe(work.query(models.Item).order_by("id").all())
        new = models.Item(name="new")
        work.add(new)
        one.name, one.document["x"] = "flushed", 1
        await maybe(work.delete(other))
        await maybe(work.flush())
        one.count = 9
        assert new.id == 3
        await maybe(work.rollback())
        assert (one.name, one.count, one.document, new.id) == ("a", 0, {"n": [1]}, None)
        assert work.dirty == work.new == work.deleted == []
        one.name, other.name = "later", "there"
        work.add(new)
        await maybe(work.commit())
    assert await rows(session, models.Item, "name") == ["later", "there", "new"]


async def test_a_nested_block_is_undone_alone(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        async with entered(work.begin()):
            one = await maybe(work.get(models.Item, 1))
            one.count = 1
            with pytest.raises(Mistake):
                async with entered(work.begin()):
                    one.count = 2
                    work.add(models.Item(name="undone"))
                    await maybe(work.flush())
                    one.name = "undone, too"
                    raise Mistake
            assert (one.name, one.count) == ("a", 1)
            async with entered(work.begin()):
                one.name = "kept"
    assert await rows(session, models.Item, "name", "count") == [("kept", 1), ("b", 0)]


async def test_everybody_in_the_block_belongs_to_it(session: Any, opened: Any, models: ModuleType) -> None:
    """A function that makes a session of its own inside begin() works with the same instances."""
    await two(session, models)

    async def helper() -> Any:
        found = await maybe(opened().get(models.Item, 1))
        found.count = 3
        return found

    async with entered(session.begin()):
        one = await maybe(session.get(models.Item, 1))
        assert await helper() is one
    assert await rows(session, models.Item, "count") == [3, 0]


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
