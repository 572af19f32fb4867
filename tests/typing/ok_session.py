"""What is right about sessions, sync and async: neither checker may have a word to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_type

from ferrow.engine import create_engine
from ferrow.model import Base, Mapped, mapped_column
from ferrow.orm import AsyncSession, Session, session_context


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column(nullable=True)


@dataclass
class Item:
    name: str
    id: int | None = None


engine = create_engine("sqlite::memory:")


def sync() -> None:
    session = Session(engine)
    assert_type(session.get(User, 1), User | None)
    assert_type(session.get(Item, 1), Item | None)
    assert_type(session.get_or_raise(User, 1), User)
    assert_type(session.insert(User(name="Ada")), User)
    assert_type(session.insert_all([User(name="Ada")]), list[User])
    assert_type(
        session.query(User).filter(User.age >= 18, age__lt=65).order_by("-age", User.name.desc()).all(), list[User]
    )
    assert_type(session.query(Item).limit(3).first(), Item | None)
    assert_type(session.query(User).filter(User.name == "Ada").count(), int)
    assert_type(session.update(session.get_or_raise(User, 1), age=3), User)
    session.remove(session.get_or_raise(User, 1))
    user = session.get(User, 1)
    if user is not None:
        assert_type(user.age, int | None)
    with session.begin():
        session.insert(Item("x"))
    with session_context(engine) as inner:
        assert_type(inner, Session)


async def asynchronous() -> None:
    session = AsyncSession(await create_engine("sqlite::memory:"))
    assert_type(await session.get(User, 1), User | None)
    assert_type(await session.get(Item, 1), Item | None)
    assert_type(await session.get_or_raise(User, 1), User)
    assert_type(await session.insert(User(name="Ada")), User)
    assert_type(await session.insert_all([User(name="Ada")]), list[User])
    assert_type(await session.query(User).filter((User.age >= 18) | (User.name == "Ada")).all(), list[User])
    assert_type(await session.query(Item).limit(3).first(), Item | None)
    assert_type(await session.query(User).count(), int)
    async with session.begin():
        await session.insert(Item("x"))
    async with session_context(await create_engine("sqlite::memory:")) as inner:
        assert_type(inner, AsyncSession)
