"""What groups, joins, pages and streams of queries give, in both colours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_type

from ferrow import (
    AsyncQuery,
    AsyncSession,
    Base,
    ForeignKey,
    Mapped,
    Q,
    Query,
    Session,
    create_engine,
    create_session,
    delete,
    func,
    mapped_column,
)
from ferrow.orm import AsyncQueryStream, Page, QueryPlan, QueryStream, Slice
from ferrow.sql import CTE


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()


class Post(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written: Mapped[datetime]
    price: Mapped[Decimal]


@dataclass
class Data:
    id: int | None = None
    name: str = ""


def sync() -> None:
    session = Session(create_engine("sqlite::memory:"))
    query = session.query(User)

    assert_type(query.exclude(User.age > 3, Q(name="x"), name__startswith="a"), Query[User])
    assert_type(query.distinct("name", User.age), Query[User])
    assert_type(query.join(Post).left_join(Post, Post.author_id == User.id), Query[User])
    assert_type(query.for_update(nowait=True, of=[User]), Query[User])
    grouped = query.annotate(func.max(User.age).label("oldest"), n=func.count(), avg="age").group_by("name", User.age)
    assert_type(grouped, Query[User])
    assert_type(grouped.having(func.count() > 3, n__gt=1), Query[User])
    assert_type(grouped.values(), list[dict[str, Any]])
    assert_type(query.values("name", User.age, n=func.count(), max="age"), list[dict[str, Any]])
    assert_type(query.values_list("name", n=func.count()), list[tuple[Any, ...]])
    assert_type(query.values_list(User.age, flat=True), list[int | None])
    assert_type(query.values_list(User.age), list[tuple[int | None]])
    assert_type(query.values_list(User.name, User.age), list[tuple[str, int | None]])
    assert_type(query.values_list(User.id, User.name, func.count()), list[tuple[int, str, int]])
    assert_type(query.values_list("name", "age"), list[tuple[Any, ...]])
    assert_type(query.avg(User.age), float | None)
    assert_type(query.avg(Post.price), Decimal | None)
    assert_type(
        (query.sum(User.age), query.min(User.name), query.count(), query.exists()),
        tuple[int | None, str | None, int, bool],
    )
    assert_type(query.right_join(Post).full_join(Post, Post.author_id == User.id), Query[User])
    assert_type([user.name for user in query], list[str])
    assert_type(
        (query.all(), query.first(), query.one(), query.one_or_none()),
        tuple[list[User], User | None, User, User | None],
    )
    assert_type(
        (query.update(name="x"), query.delete(), query.force_delete(), query.restore()), tuple[int, int, int, int]
    )
    assert_type(create_session(create_engine("sqlite::memory:")), Session)
    gone = delete(User).returning(User.id, User.name).cte("gone")
    assert_type(gone, CTE)
    assert_type(session.remove_all([User(name="x")]), None)

    page = query.page(2, size=10)
    assert_type(page, Page[User])
    assert_type(page.items, list[User])
    assert_type([user.name for user in page], list[str])
    assert_type((page.total, page.has_next), tuple[int, bool])
    piece = query.after(None, size=10)
    assert_type(piece, Slice[User])
    assert_type(piece.next, str | None)
    assert_type(query.after(piece.next, secret="x").items, list[User])

    assert_type(query.stream(batch_size=3), QueryStream[User])
    assert_type(next(iter(query.stream())), User)
    with query.stream() as users:
        assert_type(users.fetch(3), list[User])
    assert_type(query.explain(analyze=True), QueryPlan)
    assert_type(query.in_bulk([1, 2]), dict[Any, User])
    assert_type(query.get_or_none(User.age == 3, name="x"), User | None)
    assert_type(query.to_sql(), tuple[str, tuple[Any, ...]])
    assert_type(session.query(Data).order_by("name").after().items, list[Data])


async def asynchronous() -> None:
    session = AsyncSession(await create_engine("sqlite::memory:"))
    query = session.query(User)

    assert_type(query.annotate(n=func.count()).group_by("name").having(n=3), AsyncQuery[User])
    assert_type(await query.page(), Page[User])
    assert_type(await query.values_list(User.name, User.age), list[tuple[str, int | None]])
    assert_type(await query.avg(User.age), float | None)
    assert_type([user.name async for user in query], list[str])
    assert_type(create_session(await create_engine("sqlite::memory:")), AsyncSession)
    assert_type(await query.after(), Slice[User])
    assert_type(query.stream(), AsyncQueryStream[User])
    async for user in query.stream():
        assert_type(user, User)
    async with query.stream() as users:
        assert_type(await users.fetch(), list[User])
    assert_type(await query.explain(), QueryPlan)
    assert_type(await query.in_bulk([1]), dict[Any, User])
    assert_type(await query.get_or_none(id=3), User | None)
