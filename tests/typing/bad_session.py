"""Mistakes with sessions and queries: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

import ferrow
from ferrow import AsyncSession, Base, Mapped, Session, create_engine, mapped_column, select


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()


session = Session(create_engine("sqlite::memory:"))
query = session.query(User)

Session("sqlite::memory:")  # E
length: int = session.get(User, 1).age  # E
name: str = session.query(User).first().name  # E
user: User = session.get(User, 1)  # E
users: list[str] = query.all()  # E
query.filter(User.age >= "x")  # E
query.filter("age > 3")  # E
query.filter(User.name)  # E
query.filter(User.name.startswith(3))  # E
query.filter(User.nmae == "x")  # E
query.order_by(3)  # E
query.limit("3")  # E
query.distinct(3)  # E
number: int = query.max(User.name)  # E
session.begin(isolation="snapshot")  # E
session.execute("SELECT 1")  # E
select(User).where(User.age > "x")  # E


async def asynchronous() -> None:
    session = AsyncSession(await create_engine("sqlite::memory:"))
    user: User | None = session.get(User, 1)  # E
    session.query(User).all().sort()  # E
    with session.begin():  # E
        pass
    assert user


misspelt = ferrow.Sesion  # E
