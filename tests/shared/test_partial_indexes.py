"""Upserts by unique indexes of some rows only, right joins, and the weaker locks."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Index, Mapped, SoftDeleteMixin, insert, mapped_column, optional, select
from ferrow.errors import NotSupportedError, ProgrammingError
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of


class Handle(SoftDeleteMixin, Base):
    __table_args__ = (Index("name", unique=True, where="deleted_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    visits: Mapped[int] = mapped_column(default=0)


class Mail(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    handle_id: Mapped[int | None] = mapped_column(ForeignKey("handles.id"))
    subject: Mapped[str]


@pytest.fixture
def handles(engine: Any, colour: str, backend: str, runner: Runner) -> Any:
    """Two handles called ada, of which the first is deleted."""

    if backend == "mariadb":
        pytest.skip("MariaDB has no indexes of some rows only")

    made = session_of(engine, colour)

    async def fill() -> None:
        await maybe(engine.create_all(Handle, Mail))
        old = await maybe(made.insert(Handle(name="ada", visits=1)))
        await maybe(made.soft_delete(old))
        await maybe(made.insert(Handle(name="ada", visits=2)))

    runner.run(fill())
    return made


async def visits(session: Any) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = await maybe(
        session.query(Handle).with_deleted().order_by("id").values_list("name", "visits")
    )
    return found


async def test_upsert(handles: Any) -> None:
    ada = await maybe(handles.upsert(Handle(name="ada", visits=7), "name"))
    assert (ada.id, ada.visits) == (2, 7)
    assert await visits(handles) == [("ada", 1), ("ada", 7)]
    kept = await maybe(handles.upsert(Handle(name="ada", visits=9), "name", do_nothing=True))
    assert (kept.id, kept.visits) == (2, 7)  # the one that is seen, not the deleted one
    new, created = await maybe(handles.create_or_update(Handle(name="bob", visits=3), "name"))
    assert created
    await maybe(handles.soft_delete(new))
    again, created = await maybe(handles.create_or_update(Handle(name="bob", visits=4), "name"))
    assert created
    assert await visits(handles) == [("ada", 1), ("ada", 7), ("bob", 3), ("bob", 4)]
    assert again.id != new.id


async def test_statements(handles: Any) -> None:
    made = insert(Handle).values(name="ada", visits=5)
    await maybe(handles.execute(made.on_conflict_do_nothing("name")))
    assert await visits(handles) == [("ada", 1), ("ada", 2)]
    more = made.on_conflict_do_update("name", {"visits": Handle.visits + 10}, where=Handle.visits < 5)
    await maybe(handles.execute(more))
    assert await visits(handles) == [("ada", 1), ("ada", 12)]
    await maybe(handles.execute(more))
    assert await visits(handles) == [("ada", 1), ("ada", 12)]


async def test_right_join(handles: Any) -> None:
    await maybe(handles.insert_all([Mail(handle_id=2, subject="a"), Mail(handle_id=None, subject="b")]))
    statement = select(optional(Handle.name), Mail.subject).right_join(Mail).order_by(Mail.subject)
    assert (await maybe(handles.execute(statement))).all() == [("ada", "a"), (None, "b")]
    with pytest.raises(ProgrammingError, match=r"select it as optional\(Handle\.name\)"):
        await maybe(handles.execute(select(Handle.name, Mail.subject).right_join(Mail)))


async def test_weaker_locks(handles: Any, engine: Any, backend: str, colour: str) -> None:
    query = handles.query(Handle).filter(visits=2)
    text = {
        (False, False): "FOR UPDATE", (True, False): "FOR SHARE", (False, True): "FOR NO KEY UPDATE", (True, True): "FOR KEY SHARE"
    }  # fmt: skip

    async def lock() -> None:
        for (read, key_share), words in text.items():
            locked = query.for_update(read=read, key_share=key_share)
            assert len(await maybe(locked.all())) == 1
            statement = select(Handle).for_update(read=read, key_share=key_share)
            assert len((await maybe(handles.execute(statement))).scalars().all()) == 2
            assert locked.to_sql()[0].endswith(words) is (backend == "postgresql")

    if colour == "async":
        async with engine.transaction():
            await lock()
    else:
        with engine.transaction():
            await lock()


def test_what_mariadb_has_not() -> None:
    from ferrow.sql import compile
    from ferrow.sql.dialect import ALL

    statement = select(Handle).for_update(key_share=True)
    with pytest.raises(NotSupportedError, match="NO KEY UPDATE"):
        compile(statement.query(), ALL["mysql"])
