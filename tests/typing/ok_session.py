"""What sessions and queries give, in both colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_type

from pydantic import BaseModel

from ferrow import (
    AsyncQuery,
    AsyncSession,
    Base,
    Mapped,
    Q,
    Query,
    Session,
    create_engine,
    delete,
    func,
    insert,
    mapped_column,
    select,
    session_context,
    update,
)
from ferrow.orm import ExecuteResult


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()
    vip: Mapped[bool] = mapped_column(default=False)


@dataclass
class Data:
    id: int | None = None
    name: str = ""


class Model(BaseModel):
    id: int | None = None


def sync() -> None:
    engine = create_engine("sqlite::memory:")
    session = Session(engine)
    user = User(name="Ada")

    assert_type(session.get(User, 1), User | None)
    assert_type(session.get(Data, 1), Data | None)
    assert_type(session.get(Model, (1,)), Model | None)
    assert_type(session.get_or_raise(User, {"id": 1}), User)
    assert_type(session.insert(user), User)
    assert_type(session.insert_all([Data(), Data()]), list[Data])
    assert_type(session.update(user, name="x"), User)
    assert_type(session.query(User), Query[User])

    query = session.query(User).filter(User.age >= 18, User.vip, Q(name="x") | ~Q(age__gt=3), name__contains="a")
    query = query.filter_by(age=1).order_by("-age", User.name.desc(), User.id).limit(3).offset(4).distinct()
    assert_type(query, Query[User])
    assert_type(query.all(), list[User])
    assert_type(query.first(), User | None)
    assert_type(query.one(), User)
    assert_type(query.one_or_none(), User | None)
    assert_type(query.count(), int)
    assert_type(query.exists(), bool)
    assert_type(query.max(User.name), str | None)
    assert_type(query.values("name", User.age), list[dict[str, Any]])
    assert_type(query.values_list("name"), list[tuple[Any, ...]])
    assert_type(query.values_list(User.name, flat=True), list[str])
    assert_type(query.update(age=User.age + 1), int)
    assert_type(query.delete(), int)
    assert_type(session.query(Data).filter(id=1).first(), Data | None)

    with session.begin(isolation="serializable") as tx:
        tx.add(user).add_all([Data(), user]).delete(user)
        tx.flush()
    with session_context(engine) as inside:
        assert_type(inside, Session)
    with session as same:
        assert_type(same, Session)

    result = session.execute(select(User).where(User.age >= 18, Q(name="x")).filter_by(age=1).order_by(User.age))
    assert_type(result, ExecuteResult[User])
    assert_type(result.scalars().all(), list[User])
    assert_type(result.first(), dict[str, Any] | None)
    session.execute(insert(Data).values({"name": "x"}).values(name="y").returning("id"))
    session.execute(update(User).where(User.age == None).values(age=3))  # noqa: E711
    session.execute(delete(User).where(User.vip))
    session.query(User).values((func.max(User.age)).label("oldest"))


async def asynchronous() -> None:
    engine = await create_engine("sqlite::memory:")
    session = AsyncSession(engine)
    AsyncSession(create_engine("sqlite::memory:"))

    assert_type(await session.get(User, 1), User | None)
    assert_type(await session.get_or_raise(Data, 1), Data)
    assert_type(await session.insert(User(name="x")), User)
    assert_type(await session.insert_all([User(name="x")]), list[User])
    assert_type(await session.update(Data(), name="x"), Data)

    query = session.query(User).filter(User.age >= 18).order_by("-age")
    assert_type(query, AsyncQuery[User])
    assert_type(await query.all(), list[User])
    assert_type(await query.first(), User | None)
    assert_type(await query.one(), User)
    assert_type(await query.count(), int)
    assert_type(await query.values_list(User.age, flat=True), list[int | None])

    async with session.begin() as tx:
        tx.add(User(name="x"))
        await tx.flush()
    async with session_context(engine) as inside:
        assert_type(inside, AsyncSession)
    result = await session.execute(select(Model))
    assert_type(result.scalars().first(), Model | None)
