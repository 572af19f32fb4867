"""Units of work: what type checkers know of them."""

from __future__ import annotations

from typing import Any, assert_type

from ferrow import AsyncSession, Base, Mapped, Session, create_engine, mapped_column, session_context
from ferrow.errors import StaleRow


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int] = mapped_column(version=True)


engine = create_engine("sqlite::memory:")

with Session(engine, autoflush=False) as session:
    assert_type(session, Session)
    user = session.get_or_raise(User, 1)
    assert_type(user, User)
    session.add(user)
    session.add_all([user])
    session.add_all(User(name=name) for name in "ab")
    session.delete(user)
    assert_type(session.merge(user), User)
    session.refresh(user)
    session.refresh(user, "name")
    session.refresh(user, User.name)
    user.version = User.version + 1
    assert_type(user.version, int)
    assert_type(session.is_modified(user), bool)
    assert_type(session.new, list[Any])
    assert_type(session.dirty, list[Any])
    assert_type(session.deleted, list[Any])
    assert_type(user in session, bool)
    session.expunge(user)
    session.expunge_all()
    session.flush()
    session.rollback()
    session.commit()

with session_context(engine, autoflush=False) as inside:
    assert_type(inside, Session)

with Session(engine).begin() as tx:
    tx.add(user).add_all([user]).delete(user).flush()


async def with_await() -> None:
    async with AsyncSession(engine) as unit:
        assert_type(unit, AsyncSession)
        unit.add(user)
        await unit.delete(user)
        await unit.flush()
        assert_type(await unit.merge(user), User)
        await unit.refresh(user, "name")
        await unit.rollback()
        await unit.commit()


def again(error: StaleRow) -> None:
    assert_type(error.version, int | None)
