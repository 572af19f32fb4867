"""Mistakes with groups, pages and streams: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from ferrow import AsyncSession, Base, Mapped, Session, create_engine, func, mapped_column


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()


query = Session(create_engine("sqlite::memory:")).query(User)

query.exclude("age > 3")  # E
query.exclude(User.age > "x")  # E
query.group_by(3)  # E
query.having("count(*) > 3")  # E
query.having(func.count())  # E
query.annotate("name")  # E
query.annotate(n=5)  # E
query.values(n=5)  # E
query.join(User, "x")  # E
query.for_update(True)  # E
query.page("2")  # E
query.page(2, 10)  # E
query.after(5)  # E
query.stream("100")  # E
query.right_join(User, "x")  # E
query.avg(User.name)  # E
mean: str = query.avg(User.age)  # E
pairs = query.values_list(User.name, User.age)
pairs[0][1].upper()  # E
pairs[0][2]  # E
query.values_list(User.name, User.age, flat="x")  # E
for one in query:
    title = one.nmae  # E
query.stream(batch_size="x")  # E
query.explain("analyze")  # E
names: list[str] = query.page().items  # E
cursor: str = query.after().next  # E
title: str = query.get_or_none(id=3).name  # E
for user in query.stream():
    title = user.nmae  # E


async def asynchronous() -> list[User]:
    query = AsyncSession(await create_engine("sqlite::memory:")).query(User)
    return query.page().items  # E
