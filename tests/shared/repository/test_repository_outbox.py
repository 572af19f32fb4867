"""The outbox: a message is stored with what it is about, and sent once, by whichever worker gets it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.repository import C, Repository, Session
from tests.support import entered, maybe
from tests.support.repository_models import Outbox, Person

PENDING = C.eq("status", "pending")


async def test_a_message_belongs_to_what_it_is_about(kit: Any) -> None:
    session = kit.Session(kit.source)
    with pytest.raises(ZeroDivisionError):
        async with entered(session.begin()):
            await maybe(session.insert(Person(email="gone")))
            await maybe(session.insert(Outbox(topic="person.created", payload={"email": "gone"})))
            raise ZeroDivisionError
    assert await maybe(session.count(Outbox)) == 0


async def test_compare_and_set(kit: Any) -> None:
    session = kit.Session(kit.source)
    await maybe(session.insert_many([Outbox(payload={"number": number}) for number in range(3)]))
    sent = []
    for message in await maybe(session.list(Outbox, PENDING, "id")):
        for _ in range(2):  # a second publisher with the same message does nothing
            async with entered(session.begin()):
                mine = C.and_(C.eq("id", message.id), PENDING)
                if await maybe(session.update_where(Outbox, {"status": "published"}, where=mine)) == 1:
                    sent.append(message.payload["number"])
    assert sent == [0, 1, 2]


def test_workers_never_get_the_same_message(url: str, backend: str) -> None:
    from ferrow import create_engine

    engine = create_engine(url, acquire_timeout=60)
    Session(engine, auto_schema=True).insert_many([Outbox(payload={"number": number}) for number in range(40)])
    sent: list[int] = []

    def work() -> None:
        session = Session(engine)
        while True:
            with session.begin():
                batch = session.list(Outbox, PENDING, "id", 5, for_update=True, skip_locked=True)
                if not batch:
                    return
                sent.extend(one.payload["number"] for one in batch)
                session.update_where(Outbox, {"status": "sent"}, where=C.in_("id", [one.id for one in batch]))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(sent) == list(range(40))
    assert Repository(engine, Outbox).count(PENDING) == 0
    engine.close()


async def test_locked_rows_are_left_out(kit: Any, url: str, backend: str) -> None:
    if backend == "sqlite":
        async with entered(kit.engine.transaction()):
            assert await maybe(kit.repo(Outbox).list(for_update=True, skip_locked=True)) == []
        return
    from ferrow import create_engine

    repo = kit.repo(Outbox)
    await maybe(repo.insert_many([Outbox(), Outbox(), Outbox()]))
    other = create_engine(url)
    with other.transaction():
        held = Repository(other, Outbox).list(order_by="id", limit=1, for_update=True)
        async with entered(kit.engine.transaction()):
            free = await maybe(repo.list(order_by="id", for_update=True, skip_locked=True))
        with pytest.raises(Exception, match=r"(?i)lock"):
            async with entered(kit.engine.transaction()):
                await maybe(repo.list(for_update=True, nowait=True))
    other.close()
    assert ([one.id for one in held], [one.id for one in free]) == ([1], [2, 3])


async def test_what_cannot_be_locked(kit: Any, backend: str) -> None:
    repo = kit.repo(Outbox)
    for options in ({"for_update": True}, {"skip_locked": True}):
        with pytest.raises(ProgrammingError, match="none is open here"):
            await maybe(repo.list(**options))
    async with entered(kit.engine.transaction()):
        with pytest.raises(ProgrammingError, match="choose one"):
            await maybe(repo.list(for_update=True, skip_locked=True, nowait=True))
    if backend == "sqlite":
        with pytest.raises(Exception, match="no locks of rows"):
            async with entered(kit.engine.transaction()):
                await maybe(repo.list(for_update=True, nowait=True))
