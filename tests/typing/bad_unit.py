"""Mistakes with units of work, each of which every checker must find."""

from __future__ import annotations

from ferrow import AsyncSession, Base, Mapped, Session, create_engine, mapped_column, session_context


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite::memory:")
session = Session(engine, autoflush="no")  # E
user = User(name="Ada")

session.add()  # E
session.add_all(user)  # E
session.add([user], user)  # E
session.refresh(user, 1)  # E
user.name = User.id + 1  # E
session.refresh(user, name=True)  # E
name: int = session.merge(user).name  # E
session.commit("now")  # E
session.new = []  # E
session.dirty.nothing()  # E
tx = session.begin().nothing()  # E
column: Mapped[int] = mapped_column(version="yes")  # E
context = session_context(engine, flush=True)  # E


async def with_await() -> None:
    unit = AsyncSession(engine)
    await unit.add(user)  # E
    user.name = unit.merge(user).name  # E
