"""What statements over models give: the types of their rows, in both colours."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_type

from ferrow import (
    AsyncSession,
    Base,
    ForeignKey,
    Mapped,
    Q,
    Session,
    aliased,
    create_engine,
    delete,
    excluded,
    func,
    insert,
    mapped_column,
    optional,
    relationship,
    select,
    selectinload,
    update,
)
from ferrow.orm import ExecuteResult, RowResult, ScalarResult


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()
    price: Mapped[Decimal]


class Post(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship()


@dataclass
class Card:
    name: str


def rows(session: Session) -> None:
    assert_type(session.execute(select(User.name)), RowResult[tuple[str]])
    assert_type(session.execute(select(User.name)).all(), list[tuple[str]])
    assert_type(session.execute(select(User.name, User.age)).all(), list[tuple[str, int | None]])
    assert_type(session.execute(select(User, Post.title)).all(), list[tuple[User, str]])
    assert_type(session.execute(select(Post, User).join(User)).first(), tuple[Post, User] | None)
    assert_type(
        session.execute(select(User.id, User.name, User.age, User.price)).one(), tuple[int, str, int | None, Decimal]
    )
    assert_type(session.execute(select(Card, Post.id)).one_or_none(), tuple[Card, int] | None)
    eight = select(User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.name)
    assert_type(session.execute(eight).one(), tuple[int, int, int, int, int, int, int, str])
    nine = select(User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.name, User)
    assert_type(session.execute(nine).one(), tuple[Any, ...])

    result = session.execute(select(User.name, func.count().label("n")).group_by(User.name).having(func.count() > 1))
    assert_type(result.scalars(), ScalarResult[str])
    assert_type(result.scalars().all(), list[str])
    assert_type(result.scalar(), str | None)
    assert_type(result.dicts(), list[dict[str, Any]])
    assert_type(result.models(Card), list[Card])
    for name, n in result:
        assert_type(name, str)
        assert_type(n, int)


def outer(session: Session) -> None:
    left = select(User, optional(Post)).left_join(Post, Post.author_id == User.id)
    assert_type(session.execute(left).all(), list[tuple[User, Post | None]])
    assert_type(session.execute(select(User.name, optional(Post.title)).left_join(Post)).one(), tuple[str, str | None])
    full = select(optional(User.name), optional(Post.id)).full_join(Post)
    assert_type(session.execute(full).first(), tuple[str | None, int | None] | None)
    assert_type(session.execute(select(optional(User))).one(), tuple[User | None])
    writer = aliased(User, "writer")
    along = select(Post, optional(writer), optional(writer.name)).left_join(writer, Post.author)
    assert_type(session.execute(along).all(), list[tuple[Post, User | None, str | None]])
    session.execute(select(Post.title, User.name).join(Post.author))
    session.execute(select(Post).options(selectinload("author")))


def builder(session: Session) -> None:
    statement = select(User.name, Post.title).select_from(User).join(Post).where(User.age >= 18, Q(name="x"))
    statement = statement.filter_by(name="x").group_by(User.name, "title").order_by("-name", Post.title.desc())
    statement = statement.limit(3).offset(1).distinct(User.name).for_update(of=[User], skip_locked=True)
    assert_type(session.execute(statement).all(), list[tuple[str, str]])
    assert_type(session.execute(select(User.name).union(select(Post.title)).order_by("name")).all(), list[tuple[str]])
    both = select(User).where(User.id == 1).union_all(select(User))
    assert_type(session.execute(both).scalars().all(), list[User])
    assert_type(statement.to_sql("sqlite"), tuple[str, tuple[Any, ...]])
    newest = select(func.max(Post.id)).scalar()
    assert_type(session.execute(select(newest)).scalar(), int | None)
    session.execute(select(User).where(User.id.in_(select(Post.author_id)), select(Post.id).exists()))
    sub = select(Post.author_id, func.count().label("n")).group_by(Post.author_id).subquery("s")
    session.execute(select(User.name, sub.c.n).join(sub, sub.c.author_id == User.id)).all()


def writing(session: Session) -> None:
    new = insert(User).values({"name": "x"}, {"name": "y"})
    assert_type(session.execute(new), ExecuteResult[User])
    assert_type(session.execute(new.returning()).scalars().one(), User)
    assert_type(session.execute(new.returning("id")), ExecuteResult[Any])
    assert_type(session.execute(new.returning(User.id)).scalars().all(), list[int])
    assert_type(session.execute(new.returning(User.id, User.age)).all(), list[tuple[int, int | None]])
    changed = new.on_conflict_do_update("name", {"age": User.age + excluded(User.age)}, where=User.age > 3)
    assert_type(session.execute(changed.returning(User.name)).one(), tuple[str])
    session.execute(new.on_conflict_do_nothing().returning())
    session.execute(insert(Post).from_select(["title", Post.author_id], select(User.name, User.id)))
    session.execute(update(Post).join(User).where(User.name == "x").values(title="y"))
    gone = session.execute(delete(Post).join(User, Post.author_id == User.id).where(User.age > 3).returning(Post.title))
    assert_type(gone.all(), list[tuple[str]])
    user = User(name="x", price=Decimal(1))
    assert_type(session.upsert(user, "name"), User)
    assert_type(session.upsert(user, conflict_target=[User.name], update_fields=["age"]), User)
    assert_type(session.upsert_all([Card("x")], "name", do_nothing=True), list[Card])
    assert_type(session.bulk_update(User, {"age": User.age + 1}, User.age > 3, name="x"), int)
    assert_type(session.execute_raw("SELECT :a", {"a": 1}).to_models(User), list[User])
    assert_type(session.execute_raw("SELECT ?", [1]).to_model(Card), Card)


async def asynchronous() -> None:
    session = AsyncSession(await create_engine("sqlite::memory:"))
    assert_type((await session.execute(select(User.name, User.id))).all(), list[tuple[str, int]])
    assert_type((await session.execute(select(User))).scalars().all(), list[User])
    assert_type((await session.execute(insert(Post).values(title="x").returning(Post.id))).one(), tuple[int])
    assert_type(await session.upsert(Card("x"), "name"), Card)
    assert_type(await session.upsert_all([Card("x")], "name"), list[Card])
    assert_type(await session.bulk_update(User, {"age": 1}), int)
