"""`session.after_commit` and `after_rollback`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import CommitUnknown, ProgrammingError
from tests.support import entered, maybe


def both(session: Any, seen: list[str], name: str = "") -> None:
    session.after_commit(lambda: seen.append(f"{name}committed"))
    session.after_rollback(lambda: seen.append(f"{name}undone"))


async def test_commit(session: Any) -> None:
    seen: list[str] = []
    async with entered(session.begin()):
        both(session, seen)
        both(session, seen, "again ")
        assert seen == []
    assert seen == ["committed", "again committed"]


async def test_rollback(session: Any) -> None:
    seen: list[str] = []
    with pytest.raises(KeyError):
        async with entered(session.begin()):
            both(session, seen)
            raise KeyError
    assert seen == ["undone"]


async def test_once_the_outermost_block_has_ended(session: Any, engine: Any) -> None:
    seen: list[str] = []
    async with entered(engine.transaction()):
        async with entered(session.begin()):
            both(session, seen, "inner ")
        both(session, seen)
        assert seen == []
    assert seen == ["inner committed", "committed"]


async def test_a_block_inside_that_was_rolled_back(session: Any) -> None:
    seen: list[str] = []
    async with entered(session.begin()):
        both(session, seen)
        with pytest.raises(KeyError):
            async with entered(session.begin()):
                both(session, seen, "inner ")
                raise KeyError
        assert seen == []
    assert seen == ["inner undone", "committed"]


async def test_ended_by_hand(session: Any, engine: Any) -> None:
    seen: list[str] = []
    async with entered(engine.transaction()) as tx:
        both(session, seen)
        await maybe(tx.rollback())
    assert seen == ["undone"]
    async with entered(engine.transaction()) as tx:
        both(session, seen, "second ")
        await maybe(tx.commit())
    assert seen == ["undone", "second committed"]


async def test_a_commit_that_fails(session: Any, engine: Any, backend: str) -> None:
    if backend == "mariadb":
        pytest.skip("nothing is checked at COMMIT there")
    seen: list[str] = []
    deferred = "CREATE TABLE child (id INTEGER REFERENCES writers (id) DEFERRABLE INITIALLY DEFERRED)"
    await maybe(engine.execute(deferred))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with entered(session.begin()):
            await maybe(session.execute_raw("INSERT INTO child VALUES (99)"))
            both(session, seen)
    assert seen == ["undone"]


async def test_nobody_knows(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ferrow.driver import transaction

    seen: list[str] = []
    real = transaction.commit

    async def lost(*args: Any) -> None:
        await real(*args)
        raise CommitUnknown("lost")

    monkeypatch.setattr(transaction, "commit", lost)
    with pytest.raises(CommitUnknown):
        async with entered(session.begin()):
            both(session, seen)
    assert seen == []


async def test_what_a_callback_does_is_committed_by_itself(session: Any, models: ModuleType, colour: str) -> None:
    async def insert_async() -> None:
        await session.insert(models.Label(name="after"))

    def insert_sync() -> None:
        session.insert(models.Label(name="after"))

    async with entered(session.begin()):
        session.after_commit(insert_async if colour == "async" else insert_sync)
    assert await maybe(session.query(models.Label).filter(name="after").count()) == 1


async def test_errors_in_callbacks_undo_nothing(session: Any, models: ModuleType) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise ValueError("no mail today")

    with pytest.raises(ExceptionGroup, match="the transaction is committed") as raised:
        async with entered(session.begin()):
            await maybe(session.insert(models.Label(name="kept")))
            session.after_commit(fail)
            both(session, seen)
    assert [str(one) for one in raised.value.exceptions] == ["no mail today"]
    assert seen == ["committed"]
    assert await maybe(session.query(models.Label).filter(name="kept").count()) == 1

    with pytest.raises(KeyError) as original:
        async with entered(session.begin()):
            session.after_rollback(fail)
            raise KeyError
    assert original.value.__notes__ == ["a callback of after_rollback() failed too: ValueError: no mail today"]


async def test_mistakes(session: Any, colour: str) -> None:
    async def later() -> None:
        pass

    with pytest.raises(ProgrammingError, match=r"after_commit\(\) outside of a transaction"):
        session.after_commit(print)
    async with entered(session.begin()):
        with pytest.raises(ProgrammingError, match="a function without arguments"):
            session.after_rollback(None)
        if colour == "sync":
            with pytest.raises(ProgrammingError, match="sync code cannot await"):
                session.after_commit(later)
